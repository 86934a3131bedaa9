"""From a table to a file: reads, orders, writes, and says what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from lakelet.export.csv_text import header, lines
from lakelet.export.order import in_order
from lakelet.export.tables import Chosen, batches_of
from lakelet.export.target import opened

Tell = Callable[[str], None]  # told, again and again, how far it is


@dataclass(frozen=True)
class Exported:
    """What was written, and the snapshot that it shows; ``path`` is None for the standard output."""

    table: str
    rows: int
    bytes: int
    path: Path | None
    snapshot: int | None


def export(chosen: Chosen, form: str, path: Path | None, force: bool, tell: Tell) -> Exported:
    """Writes all rows as ``csv`` or ``parquet``. A stop on the way leaves nothing behind."""
    with opened(path, force) as (file, folder):
        counted = Counted(file)
        read = _told(batches_of(chosen), "rows read", tell)
        with in_order(chosen.schema, read, folder) as ordered:
            rows = _WRITERS[form](_told(ordered, "rows written", tell), chosen.schema, counted)
    return Exported(chosen.name, rows, counted.bytes, path, chosen.snapshot)


class Counted:
    """A file to write to that knows how much it was given."""

    closed = False

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.bytes = 0

    def write(self, data: bytes) -> int:
        self._file.write(data)
        self.bytes += len(data)
        return len(data)

    def tell(self) -> int:
        return self.bytes

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        """Whoever opened the file closes it."""


def write_csv(batches: Iterable[pa.RecordBatch], schema: pa.Schema, file: Counted) -> int:
    rows = 0
    file.write(header(schema.names))
    for batch in batches:
        file.write(lines(batch))
        rows += batch.num_rows
    return rows


def write_parquet(batches: Iterable[pa.RecordBatch], schema: pa.Schema, file: Counted) -> int:
    rows = 0
    with pq.ParquetWriter(pa.PythonFile(file, mode="w"), schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


_WRITERS: dict[str, Callable[[Iterable[pa.RecordBatch], pa.Schema, Counted], int]] = {
    "csv": write_csv,
    "parquet": write_parquet,
}


def _told(batches: Iterable[pa.RecordBatch], deed: str, tell: Tell) -> Iterator[pa.RecordBatch]:
    rows = 0
    for batch in batches:
        yield batch
        rows += batch.num_rows
        tell(f"{rows:,} {deed}")
