"""Rows as CSV after RFC 4180, whole columns at a time."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

QUOTE, COMMA, END = '"', ",", "\r\n"
TEXT = pa.large_string()


def header(names: Sequence[str]) -> bytes:
    return (COMMA.join(map(_quoted, names)) + END).encode()


def lines(batch: pa.RecordBatch) -> bytes:
    """A line for each row. A value stands in quotes, whatever its type; NULL is empty, without quotes."""
    cells = [_cells(column) for column in batch.columns]
    return "".join(_beside(_beside(*cells, between=COMMA), END).to_pylist()).encode()


def _cells(column: pa.Array) -> pa.Array:
    doubled = pc.replace_substring(as_text(column), QUOTE, QUOTE * 2)
    return pc.fill_null(_beside(QUOTE, doubled, QUOTE), "")


def as_text(column: pa.Array) -> pa.Array:
    """Times in ISO form, UTC as ``Z``; decimals with all their digits; bytes in hexadecimal; UUIDs with hyphens."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        iso = "%Y-%m-%dT%H:%M:%S" + ("Z" if kind.tz else "")
        return pc.strftime(column.cast(pa.timestamp("us")), iso).cast(TEXT)
    if pa.types.is_decimal(kind):
        return pa.array([None if value is None else format(value, "f") for value in column.to_pylist()], TEXT)
    if kind == pa.uuid():
        return pa.array([None if value is None else str(value) for value in column.to_pylist()], TEXT)
    if pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return pa.array([None if value is None else value.hex() for value in column.to_pylist()], TEXT)
    return column.cast(TEXT)


def _quoted(text: str) -> str:
    return QUOTE + text.replace(QUOTE, QUOTE * 2) + QUOTE


def _beside(*parts: pa.Array | str, between: str = "") -> pa.Array:
    """The parts of each row as one text; NULL where one of them is."""
    texts = [pa.scalar(part, TEXT) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*texts, pa.scalar(between, TEXT))
