from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from etl.raw import ROWS, parse_records, read_records
from sources.olympics import OLYMPICS
from sources.shape import Kind, Maybe, ignored

from .conftest import Answer, frame

RUN = "20261121T050000Z"
ATHLETE = OLYMPICS.stream("athletes").record


def test_a_row_carries_its_place_and_its_own_text(spark, pages):
    manifest = pages.write(RUN, [[{"id": "1"}, {"id": "2"}], [{"id": "3"}]])
    rows = read_records(spark, pages.root, [manifest], "athletes").collect()
    key = f"raw/olympics/athletes/run={RUN}/page=0000"
    assert sorted(tuple(row) for row in rows) == [
        (RUN, 1, 0, "", 0, f"{key}1.json.gz", '{"id":"1"}'),
        (RUN, 1, 1, "", 1, f"{key}1.json.gz", '{"id":"2"}'),
        (RUN, 2, 0, "", 2, f"{key}2.json.gz", '{"id":"3"}'),
    ]


def test_records_are_counted_through_the_pages_of_their_part(spark, pages):
    sizes = (("p1", 2), ("p1", 1), ("p2", 1), ("p2", 2))
    answers = [Answer({"items": [{"n": n} for n in range(rows)]}, rows, part) for part, rows in sizes]
    manifest = pages.write_answers("spotify", "playlist", RUN, answers)
    rows = read_records(spark, pages.root, [manifest], "items").orderBy("source_page", "source_position").collect()
    found = [(row.part, row.part_position) for row in rows]
    assert found == [("p1", 0), ("p1", 1), ("p1", 2), ("p2", 0), ("p2", 1), ("p2", 2)]


def test_records_may_be_deeper_in_a_page(spark, pages):
    answer = Answer({"tracks": {"items": [{"id": "1"}], "total": 1}, "items": [{"id": "2"}]}, 1, "2022")
    manifest = pages.write_answers("spotify", "popular", RUN, [answer])
    rows = read_records(spark, pages.root, [manifest], "tracks.items").collect()
    assert [(row.part, row.record) for row in rows] == [("2022", '{"id":"1"}')]


def test_only_the_pages_that_the_manifests_name_are_read(spark, pages):
    manifest = pages.write(RUN, [[{"id": "1"}]])
    pages.write("20261122T050000Z", [[{"id": "2"}]])
    assert [row.record for row in read_records(spark, pages.root, [manifest], "athletes").collect()] == ['{"id":"1"}']


def test_no_pages_give_no_rows_in_the_same_shape(spark, pages):
    manifest = pages.write(RUN, [[{"id": "1"}]])
    none = read_records(spark, pages.root, [], "athletes")
    assert none.count() == 0
    assert none.columns == read_records(spark, pages.root, [manifest], "athletes").columns


def test_a_page_that_is_cut_off_gives_no_row_and_leaves_the_others_alone(spark, pages):
    manifest = pages.write(RUN, [[{"id": "1"}], [{"id": "2"}]])
    cut_off = gzip.compress(b'{"athletes":[{"id"', mtime=0)
    Path(pages.root, manifest.pages[1].key).write_bytes(cut_off)
    assert [row.source_page for row in read_records(spark, pages.root, [manifest], "athletes").collect()] == [1]


def test_a_bad_record_is_unreadable_and_its_neighbours_are_not(spark, pages):
    records = [
        {"id": "1", "name": "Ana, 🥇"},
        None,
        "Ana",
        17,
        ["Ana"],
        [{"id": "2", "name": "in a list"}],
        {"id": "3", "name": {"first": "Ana"}},
        {"id": "4", "name": ["Ana"]},
        {"id": 5, "name": "{Ana"},
        {},
    ]
    manifest = pages.write(RUN, [records])
    parsed = parse_records(read_records(spark, pages.root, [manifest], "athletes"), ATHLETE).collect()
    found = {row.source_position: (row.readable, row.id, row.name) for row in parsed}
    assert {position for position, (readable, *_) in found.items() if readable} == {0, 8, 9}
    assert found[0] == (True, "1", "Ana, 🥇")
    assert found[8] == (True, "5", "{Ana")  # a number is taken as text; a text may look like an object
    assert found[9] == (True, None, None)


def test_a_value_of_the_wrong_type_is_unreadable(spark, pages):
    person = {"id": Kind.TEXT, "age": Kind.WHOLE}
    manifest = pages.write(RUN, [[{"id": "1", "age": 20}, {"id": "2", "age": "old"}, {"id": "3", "age": None}]])
    parsed = parse_records(read_records(spark, pages.root, [manifest], "athletes"), person).collect()
    assert sorted((row.id, row.readable, row.age) for row in parsed if row.readable) == [
        ("1", True, 20),
        ("3", True, None),
    ]


SONG = {
    "id": Kind.TEXT,
    "count": Maybe(Kind.WHOLE),
    "share": Maybe(Kind.NUMBER),
    "is_local": Maybe(Kind.FLAG),
    "album": Maybe({"name": Maybe(Kind.TEXT), "url": {"web": Kind.TEXT}}),
    "artists": [{"name": Kind.TEXT, "count": Kind.WHOLE}],
    "genres": Maybe([Kind.TEXT]),
    **ignored("images"),
}


def parsed(spark, shape, *records: str):
    rows = [(RUN, 1, n, "", n, "page", record) for n, record in enumerate(records)]
    return parse_records(frame(spark, rows, ROWS), shape).orderBy("source_position")


def test_every_kind_of_a_shape_has_its_type(spark):
    record = (
        '{"id":"1","count":3000000000,"share":0.5,"is_local":true,"album":{"name":"A","url":{"web":"w"}},'
        '"artists":[{"name":"B","count":2}],"genres":["c"]}'
    )
    (row,) = parsed(spark, SONG, record).select("readable", *list(SONG)[:-1]).collect()
    assert tuple(row) == (True, "1", 3_000_000_000, 0.5, True, ("A", ("w",)), [("B", 2)], ["c"])


def test_a_value_of_the_wrong_type_is_told_however_deep_it_is(spark):
    good = {
        "id": "1",
        "album": {"name": "{A}", "url": {"web": "[w]"}},
        "artists": [{"name": "[B", "count": 1}],
        "genres": ['{"c": "\\"}', None, "[d\n"],
    }
    wrong = [
        {"count": "x"},
        {"count": 1.5},
        {"is_local": "yes"},
        {"album": "A"},
        {"album": []},
        {"album": {"name": {"de": "A"}}},
        {"album": {"url": {"web": ["w"]}}},
        {"artists": {}},
        {"artists": ["B"]},
        {"artists": [{"name": "B"}, {"name": ["B"]}]},
        {"artists": [{"count": "x"}]},
        {"genres": "c"},
        {"genres": ["c", {"d": 1}]},
        {"genres": [["c"]]},
    ]
    found = parsed(spark, SONG, dumps(good), *(dumps({**good, **each}) for each in wrong)).collect()
    assert [row.source_position for row in found if row.readable] == [0]


def test_what_is_missing_or_null_is_readable(spark):
    nothing = "{}", dumps(dict.fromkeys(SONG)), dumps({"artists": [None, {}], "album": {}})
    assert [row.readable for row in parsed(spark, SONG, *nothing).collect()] == [True] * 3


def test_a_field_that_nothing_reads_may_hold_anything(spark):
    records = [dumps({"images": each}) for each in (None, 1, "a", [{"a": 1}], {"b": []})]
    found = parsed(spark, SONG, *records)
    assert [row.readable for row in found.collect()] == [True] * 5
    assert "images" not in found.columns


def test_a_field_of_two_names_is_there_under_the_newest(spark):
    shape = {"item|track": Maybe({"id": Kind.TEXT})}
    records = '{"item":{"id":"new"}}', '{"track":{"id":"old"}}', '{"track":"wrong"}', '{"item":null}'
    found = [(row.readable, row.item and row.item.id) for row in parsed(spark, shape, *records).collect()]
    assert found == [(True, "new"), (True, "old"), (False, None), (True, None)]


def test_a_field_with_a_name_that_rows_need_is_refused(spark):
    with pytest.raises(ValueError, match="names that rows need for themselves: part"):
        parsed(spark, {"part": Kind.TEXT}, "{}")


def dumps(record: Any) -> str:
    """As Spark writes JSON, and so as a record comes to be parsed."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))
