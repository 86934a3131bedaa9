"""Rows in a decided order, however many there are: what does not fit into memory goes to disk meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from lakelet.export.tables import NotExported

MEMORY = 512_000_000
BATCH_ROWS = 32_768
HELD_ROWS = 4 * 122_880  # so many at once, however many there are: DuckDB merges by 122,880, key and row, and more


@contextmanager
def in_order(schema: pa.Schema, batches: Iterable[pa.RecordBatch], folder: Path) -> Iterator[Iterator[pa.RecordBatch]]:
    """The rows by their columns, from left to right, NULL first, texts by their code points.

    Two rows that this leaves alike are alike in every byte, so the same rows come out the same, whatever files and
    whatever history they come from. ``folder`` takes what does not fit into memory, and is empty again afterwards.
    """
    plain = pa.schema([(f"c{number}", _stored(field.type)) for number, field in enumerate(schema)])
    with _no_room(folder), connected(folder) as connection:
        connection.register("batch", plain.empty_table())
        connection.execute("CREATE TABLE kept AS SELECT * FROM batch")
        rows = size = 0
        for batch in batches:
            rows, size = rows + batch.num_rows, size + batch.nbytes
            columns = [batch.column(field.name).cast(_stored(field.type)) for field in schema]
            connection.register("batch", pa.Table.from_arrays(columns, schema=plain))
            connection.execute("INSERT INTO kept SELECT * FROM batch")
        connection.execute(f"SET memory_limit = '{max(MEMORY, HELD_ROWS * size // max(rows, 1))}B'")
        found = connection.execute(f"SELECT * FROM kept ORDER BY {', '.join(_keys(plain))}")
        yield _as_declared(found.to_arrow_reader(BATCH_ROWS), schema)


def connected(folder: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB with bounded memory. By itself it would draw a progress bar into the standard output."""
    limits = {"memory_limit": f"{MEMORY}B", "threads": 1, "temp_directory": str(folder)}
    connection = duckdb.connect(":memory:", config=limits)
    connection.execute("SET enable_progress_bar = false; SET arrow_large_buffer_size = true")
    return connection


@contextmanager
def _no_room(folder: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise NotExported(f"the rows cannot be put in order ({str(error).splitlines()[0]}); nothing was written; make "
                          f"room in {folder.parent}, or take fewer columns with --columns") from error  # fmt: skip


def _stored(type_: pa.DataType) -> pa.DataType:
    """As DuckDB gives it back: a UUID would come back as text, a moment in a zone wants an extension for zones."""
    if pa.types.is_timestamp(type_):
        return pa.timestamp("us")
    return pa.binary(16) if type_ == pa.uuid() else type_


def _keys(schema: pa.Schema) -> Iterator[str]:
    """By each column; 0.0 and -0.0 are equal there, so their sign has the last word.

    DuckDB gives columns back as they stand in its keys, where there is no -0.0: so a key is a sum, and not the column.
    """
    fractions = {field.name for field in schema if pa.types.is_floating(field.type)}
    yield from (
        f"{name} + 0::FLOAT NULLS FIRST" if name in fractions else f"{name} NULLS FIRST" for name in schema.names
    )
    yield from (f"signbit({name})" for name in schema.names if name in fractions)


def _as_declared(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        columns = [column.cast(field.type) for column, field in zip(batch.columns, schema, strict=True)]
        yield pa.RecordBatch.from_arrays(columns, schema=schema)
