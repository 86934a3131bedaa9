"""Answers as people and programs see them."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lakelet import show
from lakelet.answer import Answer, to_value
from lakelet.charge import charge_for
from sources.query import Query

NAMES = [('Ana, "Ani" O\'Brien', None), ("", 7), ("line\nbreak \x1b[31m", -12), ("李小龙", 1000000), ("e\u0301", 3)]


def answer(columns, types, rows, **other):
    told = {"bytes_read": 12_345, "seconds": 0.4321, "id": "e-1"} | other
    return Answer("query", "SELECT", tuple(columns), tuple(types), rows, **told)


NAMED = answer(["name", "rows"], ["varchar", "bigint"], NAMES)


def test_a_table_is_aligned_with_numbers_to_the_right():
    assert show.as_table(NAMED).splitlines() == [
        "name                       rows",
        "----------------------  -------",
        'Ana, "Ani" O\'Brien         NULL',
        "                              7",
        "line\\nbreak \\u001b[31m      -12",
        "李小龙                  1000000",
        "e\u0301                             3",
        "(5 rows)",
    ]


def test_long_cells_are_cut_and_more_of_them_where_the_table_must_fit():
    long = answer(["text", "number"], ["varchar", "integer"], [("x" * 100, 5)])
    assert show.as_table(long).splitlines()[2] == "x" * 59 + "…       5"
    assert show.as_table(long, width=30).splitlines()[2] == "x" * 21 + "…       5"
    wide = answer(["text"], ["varchar"], [("李" * 40,)])
    assert show.as_table(wide, width=10).splitlines()[2] == "李李李李…"


def test_nothing_is_an_answer_too():
    assert show.as_table(answer(["sport"], ["varchar"], [])).splitlines() == ["sport", "-----", "(0 rows)"]
    assert show.as_table(answer([], [], [])) == "(0 rows)"
    assert show.as_csv(answer(["sport"], ["varchar"], [])) == '"sport"\r\n'
    assert json.loads(show.as_json(answer(["sport"], ["varchar"], [])))["rows"] == []


def test_csv_keeps_null_apart_from_the_empty_text():
    text = show.as_csv(NAMED)
    assert text.split("\r\n")[:3] == ['"name","rows"', '"Ana, ""Ani"" O\'Brien",', '"","7"']
    back = list(csv.reader(io.StringIO(text, newline="")))
    assert back[1:] == [[name, "" if rows is None else str(rows)] for name, rows in NAMES]


def test_json_keeps_types_and_digits():
    types = ["bigint", "decimal(24,2)", "double", "double", "boolean", "date", "varchar", "varchar"]
    row = (2**62, Decimal("33.30"), 0.5, float("nan"), True, date(2026, 3, 2), None, 'a"b\n')
    text = show.as_json(answer(["a", "b", "c", "d", "e", "f", "g", "g"], types, [row]), Decimal("0.000048"), 10**9)
    assert '"b": 33.30' in text
    found = json.loads(text, parse_float=Decimal)
    (only,) = found["rows"]
    assert list(only.values()) == [2**62, Decimal("33.30"), Decimal("0.5"), "NaN", True, "2026-03-02", None, 'a"b\n']
    assert found["columns"][-1] == {"name": "g_2", "type": "varchar"}
    assert (found["charge_dollars"], found["cutoff_bytes"], found["bytes_read"]) == ("0.000048", 10**9, 12_345)


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        (None, "bigint", None),
        ("", "varchar", ""),
        ("-7", "integer", -7),
        ("12.50", "decimal(4,2)", Decimal("12.50")),
        ("1.5E10", "double", 1.5e10),
        ("Infinity", "double", float("inf")),
        ("false", "boolean", False),
        ("2026-03-02", "date", date(2026, 3, 2)),
        ("2026-03-02 05:00:00.123", "timestamp", datetime(2026, 3, 2, 5, 0, 0, 123_000)),
        ("2026-03-02 05:00:00.123456 UTC", "timestamp with time zone", datetime(2026, 3, 2, 5, 0, 0, 123_456, UTC)),
        ("2026-03-02 06:00:00.0 +01:00", "timestamp(6) with time zone", datetime(2026, 3, 2, 5, tzinfo=UTC)),
        ("2026-03-02 06:00:00.0 Europe/Stockholm", "timestamp with time zone", datetime(2026, 3, 2, 5, tzinfo=UTC)),
        ("[1, 2]", "array", "[1, 2]"),
    ],
)
def test_values_have_the_types_that_athena_says(text, type_, value):
    found = to_value(text, type_)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("read", "cutoff", "line"),
    [
        (0, 10**10, "read 0 bytes in 0.4 s; Athena would charge $0.000048 (for 10 MB at least)"),
        (12_345, None, "read 12.3 kB in 0.4 s; Athena would charge $0.000048 (for 10 MB at least)"),
        (
            9 * 10**9,
            10**10,
            "read 9.0 GB in 0.4 s; Athena would charge $0.000048 (for 10 MB at least); that is 90% of the workgroup's "
            "cut-off of 10.0 GB",
        ),
    ],
)
def test_what_it_took_is_one_line(read, cutoff, line):
    assert show.cost_line(answer([], [], [], bytes_read=read), Decimal("0.000048"), cutoff, is_home=True) == line


@pytest.mark.parametrize(
    ("statement", "region", "charge", "said"),
    [
        ("DML", "eu-north-1", Decimal("0.000048"), "would charge $0.000048"),
        ("UTILITY", "eu-north-1", Decimal(0), "charges nothing for such a statement"),
        ("DML", "moon-1", None, "its price in this region is not known here"),
    ],
)
def test_a_charge_is_told_where_there_is_one(statement, region, charge, said):
    asked = answer([], [], [], statement=statement)
    assert charge_for(asked, region) == charge
    assert said in show.cost_line(asked, charge_for(asked, region), None, is_home=True)


def test_queries_are_listed_with_what_they_take():
    share = Query(
        "share", "-- The share.\n-- parameter sport Judo: the sport\n-- parameter country: which\nSELECT ?, ?"
    )
    assert show.queries_as_text([share]).splitlines() == [
        "share",
        "    The share.",
        "    --param sport=Judo  the sport",
        "    --param country=...  which",
    ]
    (told,) = json.loads(show.queries_as_json([share]))
    assert told["parameters"][0] == {"name": "sport", "default": "Judo", "text": "the sport"}
    assert "add a file to queries/" in show.queries_as_text([])
