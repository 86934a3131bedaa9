"""A lake that stays between commands: cut off, gone on with, waited for, thrown away."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import stand_ins
from lakelet.lake import open_lake
from lakelet.progress import Progress
from lakelet.request import Request
from lakelet.tables import open_catalog, open_table, properties_of
from rehearsal.kept import reopen
from rehearsal.kept.lock import FolderLock

ROOT = Path(__file__).resolve().parents[2]
SMALL = {"athletes": 60}
FIRST = "2026-03-02T06:00:00+01:00"


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


def start(homes: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "lakelet", *arguments],
        cwd=ROOT,
        env={**os.environ, "LAKELET_HOME": str(homes)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def lakelet(homes: Path, *arguments: str) -> tuple[int, str, str]:
    process = start(homes, *arguments)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def athletes(folder: Path) -> list[tuple[str, str, str | None, str]]:
    with reopen(folder) as (account, kept):
        table = open_table(open_catalog(properties_of(account.credentials())), kept.outputs["database"], "athletes")
        rows = table.scan().to_arrow().to_pylist() if table else []
    return sorted((row["id"], row["name"], row["country"], row["sport"]) for row in rows)


def test_a_command_that_was_killed_in_its_job_is_gone_on_with_and_nothing_is_lost_or_doubled(homes) -> None:
    stand_in = ["--stand-in", f"athletes={SMALL['athletes']}"]
    killed = start(homes, "run", "olympics", "--at", FIRST, *stand_in)
    assert killed.stderr is not None
    for line in killed.stderr:
        if line.startswith("start"):
            break
    time.sleep(1)
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=60)
    code, out, err = lakelet(homes, "run", "olympics", "--json", *stand_in)
    assert code == 0, err
    assert "run olympics/athletes/20260302T050000Z was left curating; it goes on" in err
    (outcome,) = json.loads(out)
    assert (outcome["run"], outcome["state"]) == ("olympics/athletes/20260302T050000Z", "curated")
    assert athletes(homes / "rehearsal") == stand_ins.serve("olympics", **SMALL).truth([0]).rows


def test_the_next_command_plays_the_next_day_on_the_data_of_the_day_before(homes) -> None:
    code, out, err = lakelet(homes, "run", "olympics", "--json", "--stand-in", f"athletes={SMALL['athletes']}")
    assert code == 0, err
    (outcome,) = json.loads(out)
    assert outcome["run"] == "olympics/athletes/20260303T050000Z"
    counts = outcome["counts"]
    assert counts["rows_in"] == counts["merged"] + counts["duplicates"] + counts["set_aside"] > 0
    assert counts["inserted"] + counts["updated"] < counts["merged"]
    assert [step for step in ("deploy", "extract", "start", "curate", "record") if step not in err] == []
    assert athletes(homes / "rehearsal") == stand_ins.serve("olympics", **SMALL).truth([0, 1]).rows


def test_a_second_command_waits_and_says_for_whom(homes) -> None:
    folder = homes / "rehearsal"
    lock, said = FolderLock(folder), io.StringIO()
    threading.Timer(1.0, lock.release).start()
    request = Request(sources=("olympics",), stand_in=SMALL)
    with Progress(said) as progress, open_lake(request, request.chosen(), progress, keep=folder) as lake:
        assert "raw_bucket" in lake.outputs
    assert f"waiting: the lake in {folder} is in use by process {os.getpid()}" in said.getvalue()


def test_reset_asks_first_waits_for_nobody_and_then_removes_it(homes) -> None:
    folder = homes / "rehearsal"
    code, _, err = lakelet(homes, "reset")
    assert (code, folder.exists()) == (2, True) and "add --yes" in err
    lock = FolderLock(folder)
    code, _, err = lakelet(homes, "reset", "--yes")
    assert (code, folder.exists()) == (1, True) and "is in use by process" in err
    lock.release()
    code, out, err = lakelet(homes, "reset", "--yes")
    assert (code, folder.exists()) == (0, False), err
    assert out.startswith(f"removed {folder} (")
    code, _, err = lakelet(homes, "query", "athletes_by_sport")
    assert code == 1 and "make one first: lakelet run" in err


def test_a_damaged_lake_is_told_apart_and_left_as_it_is(homes) -> None:
    folder = homes / "rehearsal"
    folder.mkdir()
    (folder / "lake.db").write_bytes(b"not a database" * 1000)
    for command in (("run", "olympics"), ("query", "athletes_by_sport")):
        code, _, err = lakelet(homes, *command)
        assert code == 1 and len(err.strip().splitlines()) == 1, err
        assert "lake.db is damaged" in err and "move the folder away" in err
    assert (folder / "lake.db").read_bytes().startswith(b"not a database")
