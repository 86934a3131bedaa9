"""Which table is exported, and what of it. Whatever is wrong with what was asked is found before a row is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
from pyiceberg import types

from lakelet.errors import LakeletError, UsageError
from lakelet.tables import open_catalog

if TYPE_CHECKING:
    from pyiceberg.table import DataScan
    from pyiceberg.table import Table as IcebergTable

    from lakelet.place import Place

EXPORTED_TYPES = (
    types.BooleanType, types.IntegerType, types.LongType, types.FloatType, types.DoubleType, types.DecimalType,
    types.DateType, types.TimeType, types.TimestampType, types.TimestamptzType, types.StringType, types.UUIDType,
    types.FixedType, types.BinaryType,
)  # fmt: skip
SHOWN = 5


class NotExported(LakeletError):
    """The rows of a table cannot be read or written; the message says why."""


@dataclass(frozen=True)
class Chosen:
    """What is exported: ``schema`` has the columns as the file will. A table without a snapshot has no rows."""

    name: str
    schema: pa.Schema
    scan: DataScan
    snapshot: int | None


def find_table(place: Place, name: str) -> IcebergTable:
    """The Iceberg table, or UsageError with the tables that there are."""
    is_iceberg = _tables(place)
    if name not in is_iceberg:
        raise UsageError(_unknown(place, name, sorted(known for known, iceberg in is_iceberg.items() if iceberg)))
    if not is_iceberg[name]:
        instead = f"ask for its rows: lakelet query{place.option} --csv 'SELECT * FROM {name}'"
        raise UsageError(f"{name} is no Iceberg table and cannot be exported; {instead}")
    return open_catalog(place.catalog_properties, place.client("glue")).load_table((place.outputs["database"], name))


def choose(table: IcebergTable, name: str, columns: Sequence[str] = (), snapshot: int | None = None) -> Chosen:
    """The rows of a table as it is now, or was at a snapshot; all columns, or these in this order."""
    if snapshot is not None and table.snapshot_by_id(snapshot) is None:
        newest = [str(each.snapshot_id) for each in reversed(table.metadata.snapshots)][:SHOWN]
        raise UsageError(f"{name} has no snapshot {snapshot}; its newest: {', '.join(newest) or 'none, it is empty'}")
    whole = table.scan(snapshot_id=snapshot)
    known = [field.name for field in whole.projection().fields]
    taken = list(columns) or known
    _check_columns(name, taken, known)
    scan = whole.select(*taken)
    fields = {field.name: field for field in scan.projection().fields}
    for column in taken:
        if not isinstance(fields[column].field_type, EXPORTED_TYPES):
            raise UsageError(f"column {column} of {name} is of type {fields[column].field_type}, which cannot be "
                             f"exported; name the others with --columns")  # fmt: skip
    found = scan.snapshot()
    arrow = scan.projection().as_arrow()
    schema = pa.schema([arrow.field(column).remove_metadata() for column in taken])
    return Chosen(name, schema, scan, found.snapshot_id if found else None)


def batches_of(chosen: Chosen) -> Iterator[pa.RecordBatch]:
    """The rows as they come, a piece of a data file at a time: what pyiceberg gives in public are whole files."""
    from pyiceberg.expressions import AlwaysTrue
    from pyiceberg.io.pyarrow import ArrowScan, _read_all_delete_files

    scan = chosen.scan
    try:
        tasks = list(scan.plan_files())
    except ValueError as error:  # deletes of a kind that cannot be read
        raise NotExported(f"{chosen.name} cannot be read: {error}; compact it first (OPTIMIZE in Athena)") from error
    arrow_scan = ArrowScan(scan.table_metadata, scan.io, scan.projection(), AlwaysTrue())
    for task in tasks:
        deletes = _read_all_delete_files(scan.io, [task])
        yield from arrow_scan._record_batches_from_scan_tasks_and_deletes([task], deletes)


def _tables(place: Place) -> dict[str, bool]:
    """All tables of the lake's database, and whether each is an Iceberg table."""
    pages = place.client("glue").get_paginator("get_tables").paginate(DatabaseName=place.outputs["database"])
    return {
        table["Name"]: table.get("Parameters", {}).get("table_type", "").upper() == "ICEBERG"
        for page in pages
        for table in page["TableList"]
    }


def _unknown(place: Place, name: str, known: Sequence[str]) -> str:
    there = f"there are: {', '.join(known)}" if known else "no run has made one yet"
    return (
        f"there is no table {name!r} in {place.title}; {there}; a table is made by the first run that has rows for it"
    )


def _check_columns(name: str, asked: Sequence[str], known: Sequence[str]) -> None:
    for column in asked:
        if column not in known:
            raise UsageError(f"{name} has no column {column!r}; it has: {', '.join(known)}")
        if asked.count(column) > 1:
            raise UsageError(f"column {column} is asked for twice; name it once")
