from __future__ import annotations

import pytest

from sources import SOURCES, find_source
from sources.model import run_id, scheduled_at


def test_a_run_is_named_by_its_scheduled_time_in_utc() -> None:
    assert run_id("2026-11-21T06:00:00+01:00") == "20261121T050000Z"
    assert run_id("2026-11-21T05:00:00Z") == "20261121T050000Z"


def test_a_scheduled_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'2026-11-21T05:00:00' has no time zone"):
        run_id("2026-11-21T05:00:00")


def test_the_scheduled_time_can_be_had_back_from_the_run() -> None:
    assert run_id(scheduled_at("20261121T050000Z")) == "20261121T050000Z"


def test_an_unknown_source_or_stream_is_refused_with_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"no source 'tennis'; there are: .*olympics"):
        find_source("tennis")
    with pytest.raises(KeyError, match="olympics has no stream 'medals'; it has: athletes"):
        find_source("olympics").stream("medals")


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.name)
def test_a_declaration_agrees_with_itself(source) -> None:
    assert SOURCES[source.name] is source
    for table in source.tables:
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names))
        assert {*table.key, *table.partition, *table.required} <= set(names)
        assert set(table.key) <= set(table.required), "a key that may be null joins with nothing"
        assert 0 <= table.at_most_bad <= 1
        if table.fallback:
            assert {table.fallback.column, *table.fallback.within} <= set(table.key)
    for stream in source.streams:
        assert stream.records in stream.fields
        assert stream.path.startswith("/")
