"""What a page may have changed in, seen from its records."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lambdas.extract import notes
from lambdas.extract.asked import Asked
from lambdas.extract.drift import MOST_NEWS, Drift
from lambdas.extract.errors import ChangedShape
from sources.shape import Kind, Maybe, Shape, ignored
from sources.spotify import SPOTIFY

STREAM = SPOTIFY.stream("playlist")
ASKED = Asked("spotify", STREAM, 3, "a-playlist")
SONG: dict[str, Shape] = {
    "id": Kind.TEXT,
    "plays": Maybe(Kind.WHOLE),
    "artists": Maybe([{"name": Kind.TEXT}]),
    "album": Maybe({"name": Kind.TEXT, **ignored("images")}),
    "item|track": Maybe({"name": Kind.TEXT}),
}


def news(*records: Any, shape: dict[str, Shape] = SONG) -> dict[str, str]:
    drift = Drift(ASKED)
    drift.check(shape, records, "items[]")
    return drift.news


def changed(*records: Any, shape: dict[str, Shape] = SONG) -> str:
    """Of a page on which it is so more than once."""
    with pytest.raises(ChangedShape) as caught:
        news(*records, *records, shape=shape)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_single_value_of_another_kind_is_an_odd_record_whatever_the_others_lack() -> None:
    assert news({"id": 7}, {"id": None}) == {}
    assert news("Waterloo", None) == {}


def test_records_as_declared_are_no_news() -> None:
    assert news({"id": "1"}) == {}
    assert news({"id": "1", "plays": 3, "artists": [{"name": "Abba"}], "album": {"name": "Gold", "images": 7}}) == {}


def test_a_field_that_no_record_has_is_missing() -> None:
    said = changed({"ID": "1"}, {"plays": 2})
    assert 'field items[]: expected the field "id", found only "ID"' in said


def test_a_field_that_one_record_has_is_not_missing() -> None:
    assert news({"id": "1"}, {"plays": 2}, "odd", None, {"id": None}) == {}


def test_a_field_is_looked_for_only_where_there_is_something_to_have_it() -> None:
    assert news({"id": "1", "album": None, "artists": []}, {"id": "2"}) == {}
    assert 'field items[].album: expected the field "name"' in changed({"id": "1", "album": {"images": []}})
    assert 'field items[].artists[]: expected the field "name"' in changed({"id": "1", "artists": [{"id": "7"}]})


def test_a_field_that_may_be_missing_may_be_null_too() -> None:
    assert news({"id": "1", "plays": None}) == {}


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Kind.TEXT, ["1", ""], [1, True, [], {}]),
        (Kind.WHOLE, [1, -7], ["1", 1.5, True, []]),
        (Kind.NUMBER, [1, 1.5], ["1", False]),
        (Kind.FLAG, [True, False], [0, "true"]),
        (Kind.ANY, [1, "1", [], {}, True, None], []),
        ([Kind.TEXT], [[], ["1"], [None]], ["1", {}, [7]]),
        ({}, [{}], ["1", [], 1]),
    ],
)
def test_each_kind_takes_what_it_says(kind: Shape, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        assert news({"it": value}, shape={"it": kind}) == {}
    for value in bad:
        assert "expected " in changed({"it": value}, shape={"it": kind})


def test_a_field_of_which_no_value_is_of_its_kind_has_changed() -> None:
    said = changed({"id": 17}, {"id": None}, {"id": 18})
    assert "page 3 of spotify/playlist (a-playlist), field items[].id" in said
    assert "expected a text, found a whole number such as 17" in said
    assert "change the record of stream playlist in sources/spotify.py" in said


def test_one_odd_value_is_the_jobs_business() -> None:
    assert news({"id": 17}, {"id": "2"}, {"id": ["3"]}) == {}
    assert news({"id": "1", "album": "Gold"}, {"id": "2", "album": {"name": "Gold"}}) == {}
    assert news({"id": "1", "artists": "Abba"}, {"id": "2", "artists": [{"name": "Abba"}, 7]}) == {}


def test_values_that_are_all_null_are_no_change() -> None:
    assert news({"id": None}, {"id": None}) == {}
    assert news(None, None) == {}


def test_records_that_are_no_objects_have_changed() -> None:
    assert "field items[]: expected an object, found a text such as" in changed("Waterloo", None)


def test_a_field_with_two_names_may_come_under_either() -> None:
    one_of_two: dict[str, Shape] = {"item|track": {"name": Kind.TEXT}}
    assert news({"track": {"name": "a"}}, shape=one_of_two) == news({"item": {"name": "a"}}, shape=one_of_two) == {}
    assert 'the field "item" or "track"' in changed({"song": {}}, shape=one_of_two)
    assert "items[].track.name" in changed({"track": {"name": 7}}, shape=one_of_two)


def test_a_field_that_is_not_declared_is_told_with_an_example() -> None:
    found = news({"id": "1", "isrc": None, "item": {"name": "a", "n": {}}}, {"id": "2", "isrc": "SE\n1"}, {"a b": 1.5})
    assert found == {
        "items[].isrc": 'a text such as "SE\\n1"',
        "items[].item.n": "an object",
        'items[]."a b"': "a number such as 1.5",
    }


def test_there_is_an_end_to_what_is_told() -> None:
    found = news({"id": "1"} | {f"key{n}": "x" * 5_000 for n in range(500)})
    assert len(found) == MOST_NEWS and max(map(len, found.values())) < 100


def test_where_a_table_says_so_a_new_field_stops_the_stream() -> None:
    strict = replace(STREAM, feeds=(*STREAM.feeds, replace(STREAM.feeds[0], on_new_field="stop")))
    with pytest.raises(ChangedShape, match=r"field items\[\].isrc: expected no such field, found a text") as caught:
        Drift(replace(ASKED, stream=strict)).check(SONG, [{"id": "1", "isrc": "SE1"}], "items[]")
    assert "change the record of stream playlist" in str(caught.value)


def test_a_new_field_is_noted_once_whatever_stands_in_it() -> None:
    noted = ['new field items[].isrc, a text such as "SE1"']
    page = {"items[].isrc": 'a text such as "SE2"', "items[].i": "null"}
    assert notes._new_fields(page, noted) == ["new field items[].i, null"]
