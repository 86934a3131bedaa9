"""Values as CSV: every one of them comes back as it was."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import duckdb
import pyarrow as pa
import pyarrow.csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakelet.export.csv_text import as_text, header, lines

NASTY = st.text(st.one_of(st.sampled_from(list("\",;\r\n'\\ \t\0N😀é")), st.characters(exclude_categories=["Cs"])))
CELLS = st.lists(st.tuples(st.none() | NASTY, st.none() | NASTY), max_size=8)


def batch(**columns: pa.Array) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def texts(rows: list[tuple[str | None, str | None]]) -> pa.RecordBatch:
    left, right = [row[0] for row in rows], [row[1] for row in rows]
    return batch(left=pa.array(left, pa.large_string()), right=pa.array(right, pa.large_string()))


@settings(deadline=None)
@given(CELLS)
def test_any_text_is_read_back_by_the_csv_module(rows) -> None:
    found = csv.reader(io.StringIO(lines(texts(rows)).decode(), newline=""), strict=True)
    assert list(found) == [[cell or "" for cell in row] for row in rows]


@settings(deadline=None)
@given(CELLS)
def test_any_text_and_null_are_read_back_by_pyarrow(rows) -> None:
    read = pa.csv.read_csv(
        io.BytesIO(header(["left", "right"]) + lines(texts(rows))),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            column_types={"left": pa.string(), "right": pa.string()},
            null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False,
        ),
    )  # fmt: skip
    assert [(row["left"], row["right"]) for row in read.to_pylist()] == rows


def test_nasty_texts_and_null_are_read_back_by_duckdb(tmp_path) -> None:
    rows = [('a,"b"', None), ("", "two\r\nlines"), (None, "😀"), ("NULL", '"'), ("\\N", " padded ")]
    path = tmp_path / "rows.csv"
    path.write_bytes(header(["left", "right"]) + lines(texts(rows)))
    read = "SELECT * FROM read_csv(?, header = true, all_varchar = true, allow_quoted_nulls = false)"
    assert duckdb.execute(read, [str(path)]).fetchall() == rows


def test_null_is_empty_and_the_empty_text_is_in_quotes() -> None:
    assert lines(texts([(None, ""), ("", None)])) == b',""\r\n"",\r\n'


def test_the_names_of_columns_are_quoted_too() -> None:
    assert header(['say "a,b"', "c"]) == b'"say ""a,b""","c"\r\n'


def test_a_single_column_has_an_empty_line_for_null() -> None:
    assert lines(batch(only=pa.array(["a", None, "b"], pa.large_string()))) == b'"a"\r\n\r\n"b"\r\n'


def test_no_rows_are_no_lines() -> None:
    assert lines(texts([])) == b""


@pytest.mark.parametrize(
    ("value", "type_", "text"),
    [
        (True, pa.bool_(), "true"),
        (-(2**63), pa.int64(), "-9223372036854775808"),
        (0.1, pa.float64(), "0.1"),
        (float("inf"), pa.float64(), "inf"),
        (Decimal("0.000000001"), pa.decimal128(38, 9), "0.000000001"),
        (Decimal("-12.50"), pa.decimal128(9, 2), "-12.50"),
        (date(1, 1, 1), pa.date32(), "0001-01-01"),
        (time(5, 0, 0, 7), pa.time64("us"), "05:00:00.000007"),
        (datetime(2026, 3, 2, 5), pa.timestamp("us"), "2026-03-02T05:00:00.000000"),
        (datetime(2026, 3, 2, 5, 0, 0, 7, UTC), pa.timestamp("us", "UTC"), "2026-03-02T05:00:00.000007Z"),
        (UUID(int=1), pa.uuid(), "00000000-0000-0000-0000-000000000001"),
        (b"\x00\xff", pa.large_binary(), "00ff"),
        (b"\x00\xff", pa.binary(2), "00ff"),
    ],
)
def test_values_are_written_in_one_way(value, type_, text) -> None:
    assert as_text(pa.array([value, None], type_)).to_pylist() == [text, None]


@settings(deadline=None)
@given(st.floats(allow_nan=False))
def test_numbers_keep_all_their_digits(number) -> None:
    assert float(as_text(pa.array([number], pa.float64()))[0].as_py()) == number
