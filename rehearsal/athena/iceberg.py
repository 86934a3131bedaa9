"""Iceberg tables: their columns, the files that a statement needs, and the rows in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg import types as i
from pyiceberg.catalog.noop import NoopCatalog
from pyiceberg.expressions import AlwaysTrue, And
from pyiceberg.serializers import FromInputFile
from pyiceberg.table import StaticTable

from rehearsal.athena import types as t
from rehearsal.athena.catalog import Reading
from rehearsal.athena.errors import CannotRehearse, Place, QueryFailed
from rehearsal.athena.objects import IcebergFiles, Objects
from rehearsal.athena.prune import Bound, to_iceberg
from rehearsal.athena.statistics import may_match
from rehearsal.athena.types import Type

_PLAIN: dict[type, Type] = {
    i.BooleanType: t.BOOLEAN, i.IntegerType: t.INTEGER, i.LongType: t.BIGINT, i.FloatType: t.REAL,
    i.DoubleType: t.DOUBLE,
    i.DateType: t.DATE, i.StringType: t.VARCHAR, i.BinaryType: t.VARBINARY, i.TimestampType: t.timestamp(6),
    i.TimestamptzType: t.timestamp(6, zoned=True), i.UUIDType: Type("uuid"), i.TimeType: Type("time", (6,)),
}  # fmt: skip


def type_of(kind: Any) -> Type:
    """The type that Athena shows for one of Iceberg's."""
    if isinstance(kind, i.DecimalType):
        return t.decimal(kind.precision, kind.scale)
    if isinstance(kind, i.ListType):
        return t.array(type_of(kind.element_type))
    if isinstance(kind, i.MapType):
        return t.map_of(type_of(kind.key_type), type_of(kind.value_type))
    if isinstance(kind, i.StructType):
        return t.row(*((field.name.lower(), type_of(field.field_type)) for field in kind.fields))
    return _PLAIN.get(type(kind), Type(str(kind)))


def load(name: tuple[str, ...], glue_table: Mapping[str, Any], objects: Objects) -> IcebergTable:
    location = glue_table["Parameters"]["metadata_location"]
    files = IcebergFiles(objects)
    metadata = FromInputFile.table_metadata(files.new_input(location))
    return IcebergTable(name, StaticTable(name, metadata, location, files, NoopCatalog("home")), objects)


@dataclass(frozen=True)
class IcebergTable:
    """A table as it is, or as it was at ``snapshot_id``."""

    name: tuple[str, ...]
    table: StaticTable
    objects: Objects
    snapshot_id: int | None = None

    @property
    def schema(self) -> Any:
        if self.snapshot_id is None:
            return self.table.schema()
        snapshot = self.table.metadata.snapshot_by_id(self.snapshot_id)
        assert snapshot is not None
        return self.table.schemas()[snapshot.schema_id] if snapshot.schema_id is not None else self.table.schema()

    @property
    def columns(self) -> Mapping[str, Type]:
        return {field.name.lower(): type_of(field.field_type) for field in self.schema.fields}

    def at(self, word: str, value: Any, kind: Type, at: Place) -> IcebergTable:
        """The table at a version (a snapshot's id, the name of a tag or branch) or at a moment."""
        if word == "VERSION" and kind.name == "varchar":
            found = self.table.metadata.snapshot_by_name(value)
            if found is None:
                raise QueryFailed("INVALID_ARGUMENTS", f"Cannot find snapshot with reference name: {value}", at)
            return replace(self, snapshot_id=found.snapshot_id)
        if word == "VERSION":
            if self.table.metadata.snapshot_by_id(value) is None:
                raise QueryFailed("INVALID_ARGUMENTS", f"Iceberg snapshot ID does not exists: {value}", at)
            return replace(self, snapshot_id=value)
        return replace(self, snapshot_id=self._at_moment(value, at))

    def _at_moment(self, value: date | datetime, at: Place) -> int:
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        milliseconds = int(moment.replace(tzinfo=UTC).timestamp() * 1000)
        past = [entry for entry in self.table.metadata.snapshot_log if entry.timestamp_ms <= milliseconds]
        if not past:
            shown = moment.isoformat(timespec="milliseconds") + "Z"
            raise QueryFailed(
                "INVALID_ARGUMENTS",
                f'No version history table "{self.name[1]}"."{self.name[2]}" at or before {shown}',
                at,
            )
        return past[-1].snapshot_id

    def plan(self, used: tuple[str, ...], bounds: tuple[Bound, ...]) -> Reading:
        """Which files hold rows that may be wanted, and how many bytes of them are read."""
        names = {field.name.lower(): field.name for field in self.schema.fields}
        wanted = tuple(names[name] for name in used)
        filters = [to_iceberg(_named(bound, names)) for bound in bounds]
        row_filter = And(*filters) if len(filters) > 1 else filters[0] if filters else AlwaysTrue()
        fields = wanted or (self._cheapest(),)
        scan = self.table.scan(row_filter=row_filter, selected_fields=fields, snapshot_id=self.snapshot_id)
        tasks = list(scan.plan_files())
        self.objects.read_all([task.file.file_path for task in tasks])
        ids = {self.schema.find_field(name).field_id: name.lower() for name in wanted}
        size = sum(_bytes(self.objects, task, ids, bounds) for task in tasks)
        return IcebergReading(size, scan, tasks, fields)

    def _cheapest(self) -> str:
        """A column to count rows by."""
        plain = [field.name for field in self.schema.fields if isinstance(field.field_type, i.PrimitiveType)]
        if not plain:
            raise CannotRehearse(f"counting rows of {'.'.join(self.name[1:])}, which has no plain column")
        return str(plain[0])


@dataclass(frozen=True)
class IcebergReading:
    bytes: int
    scan: Any
    tasks: list[Any]
    fields: tuple[str, ...]

    def rows(self) -> pa.Table:
        from pyiceberg.io.pyarrow import ArrowScan

        scan = self.scan
        arrow = ArrowScan(scan.table_metadata, scan.io, scan.projection(), AlwaysTrue()).to_table(self.tasks)
        columns = [without_zone(arrow.column(name)) for name in self.fields]
        return pa.table(columns, names=[name.lower() for name in self.fields])


def _named(bound: Bound, names: Mapping[str, str]) -> Bound:
    parts = tuple(_named(part, names) for part in bound.parts)
    return replace(bound, column=names.get(bound.column, bound.column), parts=parts)


def without_zone(column: Any) -> Any:
    """Moments are held as UTC without a zone."""
    wanted = _zoneless(column.type)
    return column if wanted == column.type else column.cast(wanted)


def _zoneless(kind: Any) -> Any:
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us")
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pa.list_(_zoneless(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(field.name.lower(), _zoneless(field.type)) for field in kind])
    if pa.types.is_map(kind):
        return pa.map_(_zoneless(kind.key_type), _zoneless(kind.item_type))
    return kind


def _bytes(objects: Objects, task: Any, ids: Mapping[int, str], bounds: tuple[Bound, ...]) -> int:
    """The compressed column chunks of the wanted columns, in the row groups that may hold wanted rows; and what was
    deleted since, which must be read to know which rows are left."""
    deleted = sum(each.file_size_in_bytes for each in task.delete_files)
    footer = pq.ParquetFile(pa.BufferReader(objects.read(task.file.file_path)))
    names = {}
    for field in footer.schema_arrow:
        found = ids.get(int((field.metadata or {}).get(b"PARQUET:field_id", b"-1")))
        if found is not None:
            names[field.name] = found
    total = 0
    for group in (footer.metadata.row_group(position) for position in range(footer.metadata.num_row_groups)):
        chunks = [group.column(position) for position in range(group.num_columns)]
        plain = {names[c.path_in_schema]: c.statistics for c in chunks if c.path_in_schema in names}
        if all(may_match(bound, plain, group.num_rows) for bound in bounds):
            total += sum(c.total_compressed_size for c in chunks if c.path_in_schema.split(".")[0] in names)
    return int(total + deleted)
