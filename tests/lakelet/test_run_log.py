"""What a broken run has written is found after the command has ended."""

from __future__ import annotations

import os
import time
from pathlib import Path

from lakelet.run_log import MOST_FILES, Line, keep_log, lines_since
from sources.layout import RunName

RUN = RunName("olympics", "athletes", "20260302T050000Z")
JOB, FUNCTION = "/aws-glue/jobs/curate/error", "/aws/lambda/extract"
MOMENT = 1_772_427_600.0
LINES = [Line(MOMENT, FUNCTION, "asked"), Line(MOMENT + 1, FUNCTION, "got"), Line(MOMENT + 9, JOB, "Traceback\n")]


def test_lines_of_all_groups_stand_in_the_order_of_time_from_a_moment_on(aws, unique) -> None:
    logs, now = aws("logs"), time.time()
    one, other = unique("/one"), unique("/other")
    for group, seconds in ((one, (-60, 1, 3)), (other, (2,))):
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName="s")
        events = [{"timestamp": int((now + second) * 1000), "message": f"at {second}"} for second in seconds]
        logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)
    found = [line for line in lines_since(logs, now) if line.group in (one, other)]
    assert [(line.group, line.text) for line in found] == [(one, "at 1"), (other, "at 2"), (one, "at 3")]


def test_they_are_in_a_file_of_the_run_with_a_heading_for_each_group(tmp_path: Path) -> None:
    path = keep_log(tmp_path, RUN, LINES, [])
    assert path == str(tmp_path / "logs" / "olympics-athletes-20260302T050000Z.log")
    assert Path(path).read_text().splitlines() == [
        f"--- 2026-03-02T05:00:00Z {FUNCTION}", "asked", "got", f"--- 2026-03-02T05:00:09Z {JOB}", "Traceback",
    ]  # fmt: skip


def test_a_secret_is_not_in_it(tmp_path: Path) -> None:
    path = keep_log(tmp_path, RUN, [Line(MOMENT, JOB, "key k-1234567, or got")], ["k-1234567", "got"])
    assert Path(path).read_text().splitlines()[1] == "key ***, or got"


def test_nothing_is_left_of_a_secret_of_which_another_is_a_part(tmp_path: Path) -> None:
    path = keep_log(tmp_path, RUN, [Line(MOMENT, JOB, "key k-1234567")], ["k-12", "k-1234567"])
    assert Path(path).read_text().splitlines()[1] == "key ***"


def test_a_run_that_wrote_nothing_has_no_file(tmp_path: Path) -> None:
    assert keep_log(tmp_path, RUN, [], []) == ""
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_does_not_take_it_is_no_other_trouble(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("in the way")
    assert keep_log(tmp_path, RUN, LINES, []) == ""


def test_only_the_newest_files_stay(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 3):
        path = keep_log(tmp_path, RunName("olympics", "athletes", f"{number:03}"), LINES, [])
        os.utime(path, (number, number))
    left = sorted(file.name for file in (tmp_path / "logs").iterdir())
    assert (left[0], left[-1]) == ("olympics-athletes-003.log", f"olympics-athletes-{MOST_FILES + 2:03}.log")


def test_another_try_of_the_run_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    keep_log(tmp_path, RUN, LINES, [])
    path = keep_log(tmp_path, RUN, LINES[2:], [])
    assert Path(path).read_text().splitlines() == [f"--- 2026-03-02T05:00:09Z {JOB}", "Traceback"]
