"""What the functions measure, read from their log lines as CloudWatch reads them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdas.logs import Log
from lambdas.metrics import embedded
from sources import SOURCES
from sources.layout import RunName
from sources.metrics import JOBS_FAILED, METRICS, PAGES, RUNS_CURATED
from sources.model import DAY, MINUTE, Limit
from sources.spotify import SPOTIFY
from tests.lambdas.conducting import MONDAY, TUESDAY, UPKEEP_JOB, Conductor, notice
from tests.lambdas.conftest import FIVE_O_CLOCK, Desk, FakeApi, Reply, StillClock, athletes


def measured(lines: list[str]) -> Counter[str]:
    """The sums of all metrics in log lines; each must be in the form that CloudWatch takes."""
    sums: Counter[str] = Counter()
    for line in map(json.loads, lines):
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", []):
            assert directive["Namespace"] == "Lakelet"
            (dimensions,) = directive["Dimensions"]
            assert all(isinstance(line[name], str) for name in dimensions)
            for metric in directive["Metrics"]:
                sums[metric["Name"]] += line[metric["Name"]]
    return sums


def test_a_line_carries_metrics_beside_what_it_says() -> None:
    lines: list[str] = []
    log = Log({"stack": "dev"}, lines.append, clock=StillClock()).of_run(MONDAY)
    log.info("page stored", {PAGES: 1, JOBS_FAILED: 0}, page=3)
    (line,) = map(json.loads, lines)
    assert line == {
        "level": "info", "event": "page stored", "page": 3,
        "stack": "dev", "source": "olympics", "stream": "athletes", "run": str(MONDAY),
        "Pages": 1, "JobsFailed": 0,
        "_aws": {
            "Timestamp": int(FIVE_O_CLOCK * 1000),
            "CloudWatchMetrics": [
                {"Namespace": "Lakelet", "Dimensions": [["stack", "source"]],
                 "Metrics": [{"Name": "Pages", "Unit": "Count"}]},
                {"Namespace": "Lakelet", "Dimensions": [["stack"]],
                 "Metrics": [{"Name": "JobsFailed", "Unit": "Count"}]},
            ],
        },
    }  # fmt: skip


def test_a_line_that_measures_nothing_is_a_plain_line() -> None:
    lines: list[str] = []
    Log({"stack": "dev"}, lines.append).info("reconciled", runs=2)
    assert json.loads(lines[0]) == {"level": "info", "event": "reconciled", "stack": "dev", "runs": 2}


def test_a_metric_without_its_dimensions_stays_a_field() -> None:
    assert embedded({RUNS_CURATED: 1}, 0, {"stack": "dev", "source": "olympics"}) == {"RunsCurated": 1}


def test_no_two_metrics_share_a_name() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS)


def test_extract_measures_pages_rows_retries_and_what_is_left_of_the_quota(desk: Callable[..., Desk]) -> None:
    down = [Reply("busy", 503)] * 2
    here = desk(FakeApi([athletes(1, 2), athletes(3)], first=down), quota=(Limit(60, MINUTE), Limit(500, DAY)))
    here.extract()
    asked = 2 + 3  # refused, and three pages of which the last is empty
    assert measured(here.lines) == {"Pages": 2, "Rows": 3, "Retries": 2, "QuotaLeft": 500 - asked}


def test_extract_without_a_quota_measures_none(desk: Callable[..., Desk]) -> None:
    here = desk(FakeApi([athletes(1)]))
    here.extract()
    assert "QuotaLeft" not in measured(here.lines)


def test_a_run_that_cannot_be_read_has_failed(desk: Callable[..., Desk]) -> None:
    here = desk(FakeApi([Reply({"year": 2024, "surprise": 1})]))
    assert here.extract()["state"] == "failed"
    assert measured(here.lines) == {"RunsFailed": 1}


class NoGetItem:
    """DynamoDB that does not tell an item."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        if name == "get_item":
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "GetItem")
        return getattr(self._client, name)


def test_a_quota_that_cannot_be_read_is_no_failure(desk: Callable[..., Desk]) -> None:
    here = desk(FakeApi([athletes(1)]), quota=(Limit(500, DAY),))
    answer = here.extract(clients={"dynamodb": NoGetItem(here.aws("dynamodb"))})
    assert answer["state"] == "extracted"
    assert "QuotaLeft" not in measured(here.lines)
    assert "slow down" in "".join(here.lines)


def test_every_line_of_a_call_of_extract_says_run_source_stream_and_page(desk: Callable[..., Desk]) -> None:
    replies = [Reply("busy", 503), Reply({}, 401)]
    here = desk(FakeApi([athletes(1), athletes(2), Reply({"x": 1})], first=replies), quota=(Limit(3, MINUTE),))
    assert here.extract()["state"] == "failed"
    assert here.extract()["state"] == "failed"
    lines = [json.loads(line) for line in here.lines]
    refused = "credentials refused, getting others"
    assert {"trying again", refused, "out of quota, waiting", "page stored", "failed"} <= {
        line["event"] for line in lines
    }
    about = {"stack", "run", "source", "stream", "page"}
    assert [line["event"] for line in lines if not about <= set(line)] == []


def started(conductor: Conductor) -> str:
    """Two runs in one job; gives the batch."""
    conductor.extracted(MONDAY, TUESDAY)
    conductor.start(notice(MONDAY, TUESDAY))
    conductor.lines.clear()
    return conductor.run(MONDAY).batch or ""


def test_a_curated_batch_measures_each_run_and_the_job_once(conductor: Conductor) -> None:
    conductor.job_writes_result(started(conductor), MONDAY, TUESDAY)
    conductor.clock.time += 4 * DAY
    ended = conductor.glue.ends("jr_1", "SUCCEEDED")
    conductor.record(ended)
    now = conductor.clock.now()
    due = [FIVE_O_CLOCK + 2 * DAY, FIVE_O_CLOCK + 3 * DAY]
    each = {"RunsCurated": 1, "RowsIn": 7, "RowsSetAside": 1}
    assert measured(conductor.lines) == {
        **{name: 2 * value for name, value in each.items()},
        "Lag": sum(now - moment for moment in due),
        "HoursSinceSuccess": sum(now - moment for moment in due) / 3600,
        "ShareBad": pytest.approx(2 * 100 / 7, abs=0.01),
        "RowsChanged": 4,
    }
    conductor.lines.clear()
    conductor.record(ended)  # the second time nothing has happened
    assert measured(conductor.lines) == {}


def test_what_a_table_expects_to_set_aside_is_no_bad_row(conductor: Conductor) -> None:
    conductor.job_writes_result(started(conductor), MONDAY, TUESDAY, bad=0)
    conductor.record(conductor.glue.ends("jr_1", "SUCCEEDED"))
    told = measured(conductor.lines)
    assert (told["RowsSetAside"], told["ShareBad"]) == (2, 0)


@pytest.mark.parametrize(("state", "timed_out"), [("FAILED", 0), ("TIMEOUT", 1)])
def test_upkeep_that_fails_is_a_failed_job_without_runs(conductor: Conductor, state: str, timed_out: int) -> None:
    detail = {"jobName": UPKEEP_JOB, "jobRunId": "jr_9", "state": state, "message": "no space"}
    assert conductor.record({"detail": detail}) == {"upkeep": state}
    assert measured(conductor.lines) == {"JobsFailed": 1, "JobsTimedOut": timed_out}


def test_upkeep_that_succeeds_is_nothing_to_measure(conductor: Conductor) -> None:
    conductor.record({"detail": {"jobName": UPKEEP_JOB, "jobRunId": "jr_9", "state": "SUCCEEDED"}})
    assert measured(conductor.lines) == {}


def test_the_changed_rows_of_all_streams_of_a_batch_are_measured(
    conductor: Conductor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SOURCES, "spotify", SPOTIFY)
    names = [RunName("spotify", stream, "20261120T110000Z") for stream in ("playlist", "popular")]
    conductor.extracted(*names)
    conductor.start(notice(*names))
    conductor.job_writes_result(conductor.run(names[0]).batch or "", *names)
    conductor.record(conductor.glue.ends("jr_1", "SUCCEEDED"))
    assert measured(conductor.lines)["RowsChanged"] == 4 * len(SPOTIFY.tables)


@pytest.mark.parametrize(("state", "timed_out"), [("FAILED", 0), ("TIMEOUT", 1)])
@pytest.mark.parametrize("heard", [True, False])
def test_a_failed_job_counts_once_and_each_of_its_runs(
    conductor: Conductor, state: str, timed_out: int, heard: bool
) -> None:
    started(conductor)
    ended = conductor.glue.ends("jr_1", state, "broken")
    conductor.record(ended) if heard else conductor.reconcile()
    assert measured(conductor.lines) == {"RunsFailed": 2, "JobsFailed": 1, "JobsTimedOut": timed_out}


def test_a_reader_that_does_not_come_back_has_failed_and_a_worn_out_run_is_parked(conductor: Conductor) -> None:
    for _ in range(3):
        conductor.extracting(MONDAY)
        conductor.clock.time += DAY
        conductor.reconcile()
    assert measured(conductor.lines) == {"RunsFailed": 3, "RunsParked": 1}
