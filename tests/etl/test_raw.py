from __future__ import annotations

import gzip
from pathlib import Path

from pyspark.sql.types import IntegerType, StringType, StructField, StructType

from etl.olympics import ATHLETE
from etl.raw import parse_records, read_records

RUN = "20261121T050000Z"


def test_a_row_carries_its_place_and_its_own_text(spark, pages):
    manifest = pages.write(RUN, [[{"id": "1"}, {"id": "2"}], [{"id": "3"}]])
    rows = read_records(spark, pages.root, [manifest], "athletes").collect()
    key = f"raw/olympics/athletes/run={RUN}/page=0000"
    assert sorted(tuple(row) for row in rows) == [
        (RUN, 1, 0, f"{key}1.json.gz", '{"id":"1"}'),
        (RUN, 1, 1, f"{key}1.json.gz", '{"id":"2"}'),
        (RUN, 2, 0, f"{key}2.json.gz", '{"id":"3"}'),
    ]


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
    schema = StructType([StructField("id", StringType()), StructField("age", IntegerType())])
    manifest = pages.write(RUN, [[{"id": "1", "age": 20}, {"id": "2", "age": "old"}, {"id": "3", "age": None}]])
    parsed = parse_records(read_records(spark, pages.root, [manifest], "athletes"), schema).collect()
    assert sorted((row.id, row.readable, row.age) for row in parsed if row.readable) == [
        ("1", True, 20),
        ("3", True, None),
    ]
