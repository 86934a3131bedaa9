from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from sources import SOURCES, find_source
from sources.configured import configured
from sources.model import Source, run_id, scheduled_at
from sources.olympics import OLYMPICS
from sources.shape import Maybe, Shape
from sources.spotify import SPOTIFY

ALL = (OLYMPICS, SPOTIFY)


def test_sources_are_found_by_their_names() -> None:
    assert all(find_source(name) is source and source.name == name for name, source in SOURCES.items())


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


def shapes(shape: Shape) -> Iterator[Shape]:
    yield shape
    inner = shape.values() if isinstance(shape, dict) else shape if isinstance(shape, list) else ()
    for each in [shape.shape] if isinstance(shape, Maybe) else inner:
        yield from shapes(each)


@pytest.mark.parametrize("source", ALL, ids=lambda source: source.name)
def test_a_declaration_agrees_with_itself(source: Source) -> None:
    for table in source.tables:
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names))
        assert {*table.key, *table.partition, *table.required} <= set(names)
        assert set(table.key) <= set(table.required), "a key that may be null joins with nothing"
        assert 0 <= table.at_most_bad <= 1
        if table.fallback:
            assert {table.fallback.column, *table.fallback.within} <= set(table.key)
        assert len(set(table.expects)) == len(table.expects)
    for stream in source.streams:
        assert stream.records.split(".")[-1] in stream.fields
        assert stream.path.startswith("/")
        assert all(len(shape) == 1 for shape in shapes(stream.record) if isinstance(shape, list))
        assert stream.over in (None, *(option.name for option in source.options if option.is_list))
        assert stream.parts == (), "they are chosen by a stack"


@pytest.mark.parametrize("source", ALL, ids=lambda source: source.name)
def test_what_a_source_is_without_any_choice_can_be_read(source: Source) -> None:
    chosen = configured(source, {})
    for stream in chosen.streams:
        assert bool(stream.parts) == bool(stream.over)
        left = re.findall(r"{(.*?)}", " ".join((stream.path, *stream.params.values())))
        assert set(left) == ({"part"} if stream.over else set())


def test_a_table_is_fed_by_one_stream() -> None:
    """Of two streams nobody could say which of their runs is the newer."""
    for source in ALL:
        fed = [table.name for stream in source.streams for table in stream.feeds]
        assert len(fed) == len(set(fed))


def test_no_two_sources_have_a_table_of_one_name() -> None:
    names = [name for source in ALL for name in source.table_names]
    assert len(names) == len(set(names))
