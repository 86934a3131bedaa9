"""Cost follows the news: a hundred runs, one page each, and the last reads no more than the second."""

from __future__ import annotations

from collections import Counter

import pytest

from sources.layout import WAREHOUSE

ATHLETES = 40  # on one page


@pytest.fixture(scope="module")
def hundred(module_played):
    """What the second and the hundredth run read. Those between are extracted one by one and curated as a backlog."""
    with module_played() as lake:
        lake.serve(athletes=ATHLETES, changed_share=0.5)
        lake.run(0)
        second = read_by(lake, 1)
        play_without_curating(lake, range(2, 99))
        yield second, read_by(lake, 99), lake


def read_by(lake, day: int) -> Counter[tuple[str, str]]:
    """How often one run read objects of each kind, and how many bytes: by (kind, "objects" or "bytes")."""
    lake.api.day = day
    mark = lake.account.calls.mark()
    assert lake.run(day).state == "curated"
    read: Counter[tuple[str, str]] = Counter()
    for call in lake.account.calls.since(mark):
        if call.principal.startswith("lakelet-") and call.operation == "GetObject":
            kind = kind_of(call.resource)
            read[kind, "objects"] += 1
            read[kind, "bytes"] += call.response_bytes
    return read


def kind_of(resource: str) -> str:
    key = resource.split("/", 1)[1]
    if key.startswith(WAREHOUSE):
        return "data" if "/data/" in key else "metadata"
    return key.split("/", 1)[0]


def play_without_curating(lake, days) -> None:
    """Extracts each day; the manifests wait in the queue and are curated as one backlog."""
    mapping = lake.account.client("lambda").list_event_source_mappings()["EventSourceMappings"][0]["UUID"]
    lake.account.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=False)
    for day in days:
        lake.api.day = day
        lake.fire(day)
    lake.account.client("lambda").update_event_source_mapping(UUID=mapping, Enabled=True)
    lake.lake.rehearsal.settle()


@pytest.mark.parametrize("kind", ["raw", "manifests", "data"])
@pytest.mark.parametrize("what", ["objects"])
def test_the_hundredth_run_reads_as_many_objects_as_the_second(hundred, kind, what) -> None:
    second, last, _ = hundred
    assert last[kind, what] == second[kind, what] > 0


def test_all_hundred_runs_are_in_the_table(hundred) -> None:
    *_, lake = hundred
    assert lake.athletes() == lake.api.truth(range(100)).rows
