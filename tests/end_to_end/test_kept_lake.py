"""A lake that stays between commands: cut off, gone on with, waited for, thrown away."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

import stand_ins
from lakelet.cli import main
from lakelet.lake import open_lake
from lakelet.progress import Progress
from lakelet.request import Request
from lakelet.tables import open_catalog, open_table, properties_of
from rehearsal.kept import reopen
from rehearsal.kept.lock import FolderLock

ROOT = Path(__file__).resolve().parents[2]
SMALL = {"athletes": 60}
STAND_IN = ("--stand-in", f"athletes={SMALL['athletes']}")
FIRST = "2026-03-02T06:00:00+01:00"
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture
def lakelet(homes: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """``lakelet("reset")``: how the command ends, and what it prints."""
    monkeypatch.setenv("LAKELET_HOME", str(homes))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return lambda *arguments: (main(list(arguments)), *capsys.readouterr())


def start(homes: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "lakelet", *arguments],
        cwd=ROOT,
        env={**os.environ, "LAKELET_HOME": str(homes)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def athletes(folder: Path) -> list[tuple[str, str, str | None, str]]:
    with reopen(folder) as (account, kept):
        catalog = open_catalog(properties_of(account.credentials()), account.client("glue"))
        table = open_table(catalog, kept.outputs["database"], "athletes")
        rows = table.scan().to_arrow().to_pylist() if table else []
    return sorted((row["id"], row["name"], row["country"], row["sport"]) for row in rows)


@pytest.fixture(scope="module")
def killed(homes) -> None:
    """A command that was killed while its job was on its way."""
    process = start(homes, "run", "olympics", "--at", FIRST, *STAND_IN)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("start"):
            break
    time.sleep(1)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)


@pytest.fixture(scope="module")
def two_days(homes, killed) -> tuple[list[dict[str, Any]], str]:
    """The outcomes of the command after it, which plays two days, and what it says meanwhile."""
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(io.StringIO()) as out,
        redirect_stderr(io.StringIO()) as err,
    ):
        patch.setenv("LAKELET_HOME", str(homes))
        assert main(["run", "olympics", "--json", "--days", "2", *STAND_IN]) == 0, err.getvalue()
    return json.loads(out.getvalue()), err.getvalue()


def test_a_command_that_was_killed_in_its_job_is_gone_on_with_and_nothing_is_lost_or_doubled(two_days) -> None:
    (outcome, _), said = two_days
    assert "run olympics/athletes/20260302T050000Z was left curating; it goes on" in said
    assert (outcome["run"], outcome["state"]) == ("olympics/athletes/20260302T050000Z", "curated")
    truth = stand_ins.serve("olympics", **SMALL).truth([0])
    numbers = {name: outcome["counts"][name] for name in ("rows_in", "merged", "inserted", "updated", "deleted")}
    merged = len(truth.rows)
    assert numbers == {"rows_in": truth.rows_in, "merged": merged, "inserted": merged, "updated": 0, "deleted": 0}


def test_the_next_day_is_played_on_the_data_of_the_day_before(homes, two_days) -> None:
    (_, outcome), said = two_days
    assert outcome["run"] == "olympics/athletes/20260303T050000Z"
    counts = outcome["counts"]
    assert counts["rows_in"] == counts["merged"] + counts["duplicates"] + counts["set_aside"] > 0
    assert counts["inserted"] + counts["updated"] < counts["merged"]
    assert [step for step in ("deploy", "extract", "start", "curate", "record") if step not in said] == []
    assert athletes(homes / "rehearsal") == stand_ins.serve("olympics", **SMALL).truth([0, 1]).rows


def test_a_second_command_waits_and_says_for_whom(homes, two_days) -> None:
    folder = homes / "rehearsal"
    lock = FolderLock(folder)

    class Said(io.StringIO):
        def write(self, text: str) -> int:
            if "waiting" in text:
                lock.release()
            return super().write(text)

    request, said = Request(sources=("olympics",), stand_in=SMALL), Said()
    with Progress(said) as progress, open_lake(request, request.chosen(), progress, keep=folder) as lake:
        assert "raw_bucket" in lake.outputs
    assert f"waiting: the lake in {folder} is in use by process {os.getpid()}" in said.getvalue()


def test_reset_asks_first_waits_for_nobody_and_then_removes_it(homes, two_days, lakelet) -> None:
    folder = homes / "rehearsal"
    code, _, err = lakelet("reset")
    assert (code, folder.exists()) == (2, True) and "add --yes" in err
    lock = FolderLock(folder)
    code, _, err = lakelet("reset", "--yes")
    assert (code, folder.exists()) == (1, True) and "is in use by process" in err
    lock.release()
    code, out, err = lakelet("reset", "--yes")
    assert (code, folder.exists()) == (0, False), err
    assert out.startswith(f"removed {folder} (")
    code, _, err = lakelet("query", "athletes_by_sport")
    assert code == 1 and "make one first: lakelet run" in err


def test_a_damaged_lake_is_told_apart_and_left_as_it_is(homes, lakelet) -> None:
    folder = homes / "rehearsal"
    folder.mkdir()
    (folder / "lake.db").write_bytes(b"not a database" * 1000)
    for command in (("run", "olympics"), ("query", "athletes_by_sport")):
        code, _, err = lakelet(*command)
        assert code == 1 and len(err.strip().splitlines()) == 1, err
        assert "lake.db is damaged" in err and "move the folder away" in err
    assert (folder / "lake.db").read_bytes().startswith(b"not a database")
