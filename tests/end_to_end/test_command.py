"""The command as a user calls it: a process of its own, its exit code, what it prints where, what it leaves behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lakelet.cli import main
from rehearsal.spark.lending import ADDRESS

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("--stand-in", "athletes=60", "--at", "2026-03-02T06:00:00+01:00")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKELET_HOME", str(tmp_path))


def lakelet(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lakelet", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


def test_an_api_that_is_not_there_ends_as_waiting_with_the_next_step(capsys) -> None:
    code = main(["run", "olympics", "--api", "http://127.0.0.1:9", "--at", SMALL[-1]])
    out, err = capsys.readouterr()
    assert code == 3, err
    assert "is waiting: the API is not available" in out
    assert "goes on by itself at" in out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["run", "tennis"], r"lakelet: no source 'tennis'; there are: olympics, spotify"),
        (["run", "olympics", "--fault", "rain"], r"lakelet: no fault 'rain'; .*429.*"),
        (["run", "olympics", "--stand-in", "athletes"], r"lakelet: --stand-in 'athletes' has no value; .*"),
        (
            ["run", "olympics", "--stand-in", "colour=red"],
            r"lakelet: no stand-in of olympics has an option 'colour'; there are: .*",
        ),
        (["run", "olympics", "--at", "today"], r"lakelet: --at 'today' is no time; .*"),
        (["run", "olympics", "--at", "2026-03-02T06:00:00"], r"lakelet: --at '2026-03-02T06:00:00' has no zone; .*"),
    ],
)
def test_a_wrong_call_is_one_line_and_exit_code_2(arguments, line, capsys) -> None:
    code = main(arguments)
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert re.fullmatch(line, err.strip()), err


def test_a_wrong_call_ends_its_process_with_that_code_and_no_more_lines() -> None:
    done = lakelet("run", "tennis")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr


@pytest.mark.parametrize(("step", "stop"), [("deploy", signal.SIGTERM), ("curate", signal.SIGINT)])
def test_a_stopped_run_leaves_no_process(step, stop, monkeypatch) -> None:
    monkeypatch.delenv(ADDRESS)  # it has its own Java to leave
    process = subprocess.Popen(
        [sys.executable, "-m", "lakelet", "run", "olympics", *SMALL],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        # A shell that runs the tests in the background has them ignore Ctrl-C, and all that they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    wait_until(lambda: is_at(step, process.pid), process)
    family = descendants(process.pid)
    os.kill(process.pid, stop)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == (130 if stop is signal.SIGINT else 143), errors
    assert "Traceback" not in errors
    assert [pid for pid in family if is_alive(pid)] == []


def is_at(step: str, pid: int) -> bool:
    """Deploying shows as a child that runs the program, curating as a Java."""
    sign = {"deploy": "rehearsal.deploy", "curate": "SparkSubmit"}[step]
    return any(sign in command_line(each) for each in descendants(pid))


def wait_until(is_so, process: subprocess.Popen[str]) -> None:
    give_up = time.monotonic() + 120
    while not is_so():
        assert process.poll() is None, "the run ended before it could be stopped"
        assert time.monotonic() < give_up
        time.sleep(0.05)


def descendants(pid: int) -> list[int]:
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return children + [each for child in children for each in descendants(child)]


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
