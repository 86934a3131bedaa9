"""A real run is measured and kept, and `lakelet cost` tells what it would have cost, with nothing left out."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import redirect_stdout
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lakelet.cli import main
from lakelet.lake import open_lake
from lakelet.progress import Progress
from lakelet.request import Request
from lakelet.usage.meter import is_of_the_lake
from sources import find_source

RUN = "olympics/athletes/20260302T050000Z"
Told = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def calls(home: Path) -> list[Any]:
    """The calls that the lake made in one run; what it used is kept in ``home``."""
    request = Request(sources=("olympics",), at="2026-03-02T06:00:00+01:00", stand_in={"athletes": 60})
    source = find_source("olympics")
    with Progress(io.StringIO()) as progress, open_lake(request, (source,), progress, home / "rehearsal") as lake:
        mark = lake.rehearsal.account.calls.mark()
        (outcome,) = lake.play_day(source, 0)
        assert (outcome.run, outcome.state) == (RUN, "curated")
        return lake.rehearsal.account.calls.since(mark)


@pytest.fixture
def told(calls: list[Any], home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """``told("--json")`` is how `lakelet cost --json` ends, and what it prints."""
    monkeypatch.setenv("LAKELET_HOME", str(home))

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["cost", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture(scope="module")
def found(calls: list[Any], home: Path) -> dict[str, Any]:
    """What `lakelet cost --queries 5 --json` tells."""
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as out:
        patch.setenv("LAKELET_HOME", str(home))
        assert main(["cost", "--queries", "5", "--json"]) == 0
    return dict(json.loads(out.getvalue()))


def test_every_call_of_the_lake_is_priced_or_named(calls: list[Any], found: dict[str, Any]) -> None:
    (run,) = found["runs"]
    assert run["run"] == RUN
    assert run["not_priced"] == []
    quantities = {line["what"]: line["quantity"] for line in run["lines"]}
    of_the_lake = [call for call in calls if is_of_the_lake(call)]
    s3 = [call for call in of_the_lake if call.service == "s3"]
    deleted = [call for call in s3 if call.operation.startswith("DeleteObject")]
    assert quantities["put, copy, list"] + quantities["get, head"] + len(deleted) == len(s3)
    assert quantities["Data Catalog requests"] + _free(run, "glue") == _number(of_the_lake, "glue")
    assert quantities["calls"] == _number(of_the_lake, "secretsmanager") == 1
    assert quantities["Scheduler invocations"] == 1
    polls = [call for call in of_the_lake if call.operation in ("ReceiveMessage", "GetQueueAttributes")]
    assert quantities["asking for messages"] == len(polls)
    assert quantities["requests, 64 KB each"] == _number(of_the_lake, "sqs") - len(polls) + 1  # and S3's own
    known = {"s3", "glue", "secretsmanager", "sqs", "dynamodb", "logs", "lambda"}
    assert {call.service for call in of_the_lake} == known


def test_the_bill_of_a_run_is_plausible(found: dict[str, Any]) -> None:
    (run,) = found["runs"]
    amounts = {line["what"]: line["amount"] for line in run["lines"]}
    assert amounts["Spark job, Glue 6"] >= 0.010266  # a minute of two DPU at least
    assert max(amounts, key=lambda what: amounts[what]) == "Spark job, Glue 6"
    assert 0.0105 < run["total"] < 0.2
    assert sum(Decimal(str(line["amount"])) for line in run["lines"]) == Decimal(str(run["total"]))
    assert all(line["amount"] > 0 for line in run["lines"])


def test_a_month_follows_from_the_deployed_schedules(found: dict[str, Any]) -> None:
    lines = {line["what"]: line for line in found["month"]["lines"]}
    assert lines["Scheduler invocations"]["quantities"]["olympics"] == pytest.approx(365 / 12)
    assert lines["Scheduler invocations"]["quantities"]["shared"] == 2920
    assert lines["secrets"]["quantities"] == {"olympics": 1, "spotify": 1}
    assert lines["bytes scanned"]["quantities"]["shared"] == pytest.approx(5 * 730 / 24 * 10 * 2**20)
    assert sum(Decimal(str(value)) for value in found["month"]["owners"].values()) == Decimal(
        str(found["month"]["total"])
    )
    assert found["not_counted"]


def test_people_read_the_same_numbers(told: Told, found: dict[str, Any]) -> None:
    code, out, err = told("olympics", "--compare")
    total = found["runs"][0]["total"]
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith(f"run {RUN} on AWS, Europe (Stockholm) (eu-north-1), prices of 2026-11-21")
    assert f"{total:.6f}" in next(line for line in lines if line.startswith("all"))
    assert "crawler" in out and "by hand: 1." in out
    assert "assumed\n" in out and "not counted\n" in out and "not confirmed for eu-north-1" in out


def test_a_run_that_is_not_known_is_refused_with_those_that_are(told: Told) -> None:
    code, out, err = told("olympics/athletes/20200101T000000Z")
    assert (code, out) == (2, "")
    assert err == (
        f"lakelet: no run 'olympics/athletes/20200101T000000Z' was measured here; the last ones are: {RUN}\n"
    )


def _number(calls: list[Any], service: str) -> int:
    return sum(call.service == service for call in calls)


def _free(run: dict[str, Any], service: str) -> int:
    return sum(int(each.split("(")[1].rstrip(")")) for each in run["free"] if each.startswith(f"{service}:"))
