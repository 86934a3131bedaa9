"""How long ago each stream last reached its tables, as reconcile measures it every 15 minutes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lambdas.conduct.reconcile import NotAllReconciled
from lambdas.conduct.success import A_LOOK
from sources import SOURCES
from sources.layout import RunName
from sources.spotify import SPOTIFY
from tests.lambdas.conducting import MONDAY, TUESDAY, Conductor, notice
from tests.lambdas.conftest import FIVE_O_CLOCK

HOUR, DAY = 3_600, 86_400
POPULAR = RunName("spotify", "popular", "20261123T040000Z")
MONDAY_AT_FIVE = FIVE_O_CLOCK + 2 * DAY


def curated(conductor: Conductor, *names: RunName) -> None:
    conductor.extracted(*names)
    conductor.start(notice(*names))
    run = conductor.run(names[0])
    conductor.job_writes_result(run.batch or "", *names)
    conductor.record(conductor.glue.ends(run.job_run_id or "", "SUCCEEDED"))


def hours(conductor: Conductor) -> dict[str, float]:
    """The gauge of each stream, as the next reconcile puts it."""
    conductor.lines.clear()
    conductor.reconcile()
    put = [line for line in map(json.loads, conductor.lines) if "HoursSinceSuccess" in line]
    assert all(line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["stack", "source", "stream"]] for line in put)
    return {f"{line['source']}/{line['stream']}": line["HoursSinceSuccess"] for line in put}


def test_hours_are_counted_from_when_the_newest_curated_run_was_due(conductor: Conductor) -> None:
    curated(conductor, MONDAY, TUESDAY)
    conductor.clock.time = MONDAY_AT_FIVE + DAY + 6.5 * HOUR
    assert hours(conductor) == {"olympics/athletes": 6.5}


def test_runs_that_did_not_reach_their_tables_do_not_count(conductor: Conductor) -> None:
    curated(conductor, MONDAY)
    for day in range(24, 24 + A_LOOK):  # more than one look finds
        conductor.extracted(RunName("olympics", "athletes", f"202611{day}T050000Z"))
    conductor.clock.time = MONDAY_AT_FIVE + 8 * DAY
    assert hours(conductor) == {"olympics/athletes": 8 * 24}


def test_a_stream_that_never_reached_its_tables_has_no_gauge(conductor: Conductor) -> None:
    conductor.extracted(MONDAY)
    conductor.clock.time = MONDAY_AT_FIVE + HOUR
    assert hours(conductor) == {}


def test_a_run_made_for_the_future_proves_nothing(conductor: Conductor) -> None:
    curated(conductor, MONDAY, TUESDAY)
    conductor.clock.time = MONDAY_AT_FIVE + 2 * HOUR
    assert hours(conductor) == {"olympics/athletes": 2}


def test_each_stream_of_the_stack_has_its_own(conductor: Conductor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SOURCES, "spotify", SPOTIFY)
    conductor.streams = ("olympics/athletes", "spotify/playlist", "spotify/popular")
    curated(conductor, MONDAY)
    curated(conductor, POPULAR)
    conductor.clock.time = MONDAY_AT_FIVE + HOUR
    assert hours(conductor) == {"olympics/athletes": 1, "spotify/popular": 2}


class Refuses:
    """DynamoDB for which one stream is somebody else's."""

    def __init__(self, client: Any, stream: str) -> None:
        self._client, self._stream = client, stream

    def query(self, **asked: Any) -> Any:
        if asked["ExpressionAttributeValues"].get(":stream") == {"S": self._stream}:
            raise PermissionError("not yours")
        return self._client.query(**asked)


def test_trouble_with_one_stream_is_told_and_is_none_for_the_others(conductor: Conductor) -> None:
    curated(conductor, MONDAY)
    conductor.clock.time = MONDAY_AT_FIVE + HOUR
    conductor.streams = ("spotify/playlist", "olympics/athletes")
    conductor.dynamodb = Refuses(conductor.dynamodb, "spotify/playlist")
    conductor.lines.clear()
    with pytest.raises(NotAllReconciled, match="spotify/playlist: not yours"):
        conductor.reconcile()
    assert [json.loads(line)["stream"] for line in conductor.lines if "HoursSinceSuccess" in line] == ["athletes"]
