"""The order of the rows is that of their values, whatever order they came in."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import pyarrow as pa
import pytest

from lakelet.errors import LakeletError
from lakelet.export import order
from lakelet.export.order import in_order


def ordered(schema, rows, folder, pieces=1):
    step = max(1, len(rows) // pieces)
    batches = [pa.RecordBatch.from_pylist(rows[at : at + step], schema) for at in range(0, len(rows), step)]
    with in_order(schema, batches, folder) as found:
        return pa.Table.from_batches(found, schema)


def test_by_the_first_column_then_the_next_null_first(tmp_path) -> None:
    schema = pa.schema([("sport", pa.large_string()), ("points", pa.int64())])
    rows = [("Judo", 2), ("judo", 1), ("Judo", None), (None, 9), ("Épée", 1), ("", 1), ("Judo", -1)]
    found = ordered(schema, [{"sport": sport, "points": points} for sport, points in rows], tmp_path)
    assert [tuple(row.values()) for row in found.to_pylist()] == [
        (None, 9), ("", 1), ("Judo", None), ("Judo", -1), ("Judo", 2), ("judo", 1), ("Épée", 1)
    ]  # fmt: skip


@pytest.mark.parametrize("type_", [pa.float32(), pa.float64()])
def test_the_same_rows_come_out_the_same(tmp_path, type_) -> None:
    schema = pa.schema([("number", type_), ("text", pa.large_string())])
    rows = [{"number": number, "text": text} for number in (0.0, -0.0, None, float("nan")) for text in ("b", "a", None)]
    chance = random.Random(7)
    seen = set()
    for pieces in (1, 2, 3, 5):
        chance.shuffle(rows)
        seen.add(str(ordered(schema, rows, tmp_path, pieces).to_pylist()))
    assert len(seen) == 1
    assert str(seen).count("-0.0") == 3


def test_every_type_comes_back_as_it_went_in(tmp_path) -> None:
    row = {
        "yes": True, "whole": -(2**31), "long": 2**62, "single": 1.5, "double": 1e300, "exact": Decimal("-1.000000001"),
        "day": date(1, 1, 1), "time": time(1, 2, 3, 4), "local": datetime(1969, 1, 1, 0, 0, 0, 1),
        "moment": datetime(9999, 12, 31, tzinfo=UTC), "text": "a\0b😀", "id": UUID(int=2**127), "three": b"abc",
        "bytes": b"\x00\xff",
    }  # fmt: skip
    types = [
        pa.bool_(), pa.int32(), pa.int64(), pa.float32(), pa.float64(), pa.decimal128(38, 9), pa.date32(),
        pa.time64("us"), pa.timestamp("us"), pa.timestamp("us", "UTC"), pa.large_string(), pa.uuid(), pa.binary(3),
        pa.large_binary(),
    ]  # fmt: skip
    schema = pa.schema(list(zip(row, types, strict=True)))
    found = ordered(schema, [row, dict.fromkeys(row)], tmp_path)
    assert found.schema == schema
    assert found.to_pylist() == [dict.fromkeys(row), row]


def test_columns_may_have_any_name(tmp_path) -> None:
    schema = pa.schema([("a", pa.int64()), ("A", pa.int64()), ('select "x", ', pa.int64()), ("c0", pa.int64())])
    rows = [dict(zip(schema.names, row, strict=True)) for row in [(1, 2, 3, 4), (1, 1, 4, 5), (1, 1, 3, 6)]]
    assert ordered(schema, rows, tmp_path).to_pylist() == [rows[2], rows[1], rows[0]]


def test_what_does_not_fit_into_memory_goes_to_disk_meanwhile(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(order, "MEMORY", 24_000_000)
    schema, chance, spilled = pa.schema([("text", pa.large_string())]), random.Random(7), 0

    def pieces():
        nonlocal spilled
        for _ in range(40):
            yield pa.RecordBatch.from_pydict({"text": [chance.randbytes(100).hex() for _ in range(5000)]}, schema)
            spilled = max(spilled, sum(file.stat().st_size for file in tmp_path.iterdir()))

    with in_order(schema, pieces(), tmp_path) as found:
        texts = [text for batch in found for text in batch.column(0).to_pylist()]
    assert spilled > 10_000_000
    assert (len(texts), texts) == (200_000, sorted(texts))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_drawn_into_the_standard_output(tmp_path) -> None:
    ask = "execute(\"SELECT current_setting('enable_progress_bar')\").fetchone()[0]"
    code = f"import sys, duckdb; from lakelet.export.order import connected; from pathlib import Path; print(\
duckdb.connect().{ask}, connected(Path(sys.argv[1])).{ask})"
    told = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert told.stdout == "True False\n"


@pytest.mark.parametrize("rows", [[], [{"text": None}]])
def test_few_rows_are_fine_too(tmp_path, rows) -> None:
    assert ordered(pa.schema([("text", pa.large_string())]), rows, tmp_path).to_pylist() == rows


def test_no_room_for_the_order_is_told_with_the_next_step(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(order, "MEMORY", 4_000_000)
    monkeypatch.setattr(order, "HELD_ROWS", 0)
    schema = pa.schema([("text", pa.large_string())])
    rows = [{"text": f"{number:0400}"} for number in range(30_000)]
    with pytest.raises(
        LakeletError, match=r"^the rows cannot be put in order \(.*; nothing was written; make room in "
    ):
        ordered(schema, rows, tmp_path)
