"""Cost follows the news: eight runs, one page each, and the last reads no more than the second."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from sources.layout import WAREHOUSE

ATHLETES = 40  # on one page
RUNS = 8
HOUR = 3_600


@pytest.fixture(scope="module")
def eight(module_played):
    """What the second and the last run read. Those between are extracted one by one and curated as a backlog."""
    with module_played() as lake:
        today = datetime.fromtimestamp(lake.account.clock.now(), UTC).replace(microsecond=0)
        lake.first_day = today - timedelta(days=RUNS - 1)
        lake.serve(athletes=ATHLETES, changed_share=0.5)
        lake.run(0)
        second = read_by(lake, 1)
        play_without_curating(lake, range(2, RUNS - 1))
        last = read_by(lake, RUNS - 1)
        yield second, last, lake


def read_by(lake, day: int) -> dict[str, tuple[int, int]]:
    """What a run read: of each kind, how many objects, and how many bytes."""
    lake.api.day = day
    mark = lake.account.calls.mark()
    assert lake.run(day).state == "curated"
    objects: dict[str, set[str]] = {}
    sizes: Counter[str] = Counter()
    for call in lake.account.calls.since(mark):
        if call.principal.startswith("lakelet-") and call.operation == "GetObject":
            objects.setdefault(kind_of(call.resource), set()).add(call.resource)
            sizes[kind_of(call.resource)] += call.response_bytes
    return {kind: (len(found), sizes[kind]) for kind, found in objects.items()}


def kind_of(resource: str) -> str:
    """``raw``, ``manifests``, ... and for tables ``athletes data`` or ``athletes metadata``."""
    parts = resource.split("/")[1:]  # behind the bucket
    return f"{parts[2]} {parts[3]}" if parts[0] == WAREHOUSE.strip("/") else parts[0]


def play_without_curating(lake, days) -> None:
    """Extracts each day; the manifests wait in the queue and are curated as one backlog."""
    mapping = lake.account.client("lambda").list_event_source_mappings()["EventSourceMappings"][0]["UUID"]
    lake.account.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=False)
    for day in days:
        lake.api.day = day
        lake.extract(day)
    lake.account.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=True)
    lake.lake.rehearsal.settle()


def test_the_eighth_run_reads_as_many_objects_as_the_second(eight) -> None:
    second, last, _ = eight
    assert {kind: objects for kind, (objects, _) in last.items()} == {
        kind: objects for kind, (objects, _) in second.items()
    }
    assert {"raw", "manifests", "athletes data", "athletes metadata"} <= set(last)


@pytest.mark.parametrize("kind", ["raw", "manifests", "athletes data", "athletes metadata"])
def test_the_eighth_run_reads_about_as_many_bytes_as_the_second(eight, kind) -> None:
    """Names differ from day to day, and a table's metadata has a line for each snapshot until upkeep drops it."""
    second, last, _ = eight
    assert last[kind][1] == pytest.approx(second[kind][1], rel=0.15)


def test_good_runs_leave_all_alarms_silent(eight) -> None:
    *_, lake = eight
    lake.lake.rehearsal.advance(2 * HOUR, firing=False)  # or, at some hours of the day, another source would be read
    states = lake.lake.rehearsal.alarms.states()
    others = {name: state for name, state in states.items() if state != "OK"}
    never_read = {f"lakelet-dev-alarm-no-success-spotify-{stream}" for stream in ("playlist", "popular")}
    assert states and others == dict.fromkeys(never_read, "INSUFFICIENT_DATA")
    assert lake.lake.rehearsal.jobs.unlogged == []


def test_all_eight_runs_are_in_the_table(eight) -> None:
    *_, lake = eight
    assert lake.athletes() == lake.api.truth(range(RUNS)).rows
