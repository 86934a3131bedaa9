"""The metadata tables of an Iceberg table, such as ``"athletes$snapshots"``, with Trino's columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from rehearsal.athena import types as t
from rehearsal.athena.catalog import Reading
from rehearsal.athena.errors import CannotRehearse
from rehearsal.athena.prune import Bound
from rehearsal.athena.types import Type

_MOMENT = t.timestamp(3, zoned=True)
_SUMMARY = t.map_of(t.VARCHAR, t.VARCHAR)


def of_table(table: Any, part: str, is_past: bool) -> MetadataTable:
    if is_past:
        raise CannotRehearse(f"{'.'.join(table.name[1:])}${part} at an earlier version")
    columns, rows = _PARTS[part]
    name = (*table.name[:2], table.name[2])
    kinds = columns(table) if callable(columns) else columns
    return MetadataTable(name, kinds, lambda: rows(table))


@dataclass(frozen=True)
class MetadataTable:
    name: tuple[str, ...]
    columns: Mapping[str, Type]
    made: Callable[[], list[dict[str, Any]]]

    def plan(self, used: tuple[str, ...], _bounds: tuple[Bound, ...]) -> Reading:
        return MetadataReading(self, used or tuple(self.columns)[:1])


@dataclass(frozen=True)
class MetadataReading:
    """Metadata is read, but Athena counts no bytes of data for it."""

    table: MetadataTable
    used: tuple[str, ...]
    bytes: int = 0

    def rows(self) -> pa.Table:
        found = self.table.made()
        return pa.table(
            {name: pa.array([row[name] for row in found], arrow(self.table.columns[name])) for name in self.used}
        )


def arrow(kind: Type) -> Any:
    """The Arrow type of a metadata column."""
    if kind.name == "array":
        return pa.list_(arrow(kind.args[0]))
    if kind.name == "map":
        return pa.map_(arrow(kind.args[0]), arrow(kind.args[1]))
    if kind.name == "row":
        return pa.struct([(name, arrow(inner)) for name, inner in zip(t.field_names(kind), t.parts(kind), strict=True)])
    if kind.name == "decimal":
        return pa.decimal128(*kind.args)
    return {
        "bigint": pa.int64(), "integer": pa.int32(), "varchar": pa.string(), "boolean": pa.bool_(),
        "double": pa.float64(),
        "real": pa.float32(), "date": pa.date32(), "varbinary": pa.binary(), "timestamp": pa.timestamp("us"),
        "timestamp with time zone": pa.timestamp("us"),
    }[kind.name]  # fmt: skip


def _at(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).replace(tzinfo=None)


def _snapshots(table: Any) -> list[dict[str, Any]]:
    return [
        {
            "committed_at": _at(each.timestamp_ms), "snapshot_id": each.snapshot_id,
            "parent_id": each.parent_snapshot_id,
            "operation": each.summary.operation.value if each.summary else None, "manifest_list": each.manifest_list,
            "summary": list(each.summary.additional_properties.items()) if each.summary else [],
        }
        for each in table.table.metadata.snapshots
    ]  # fmt: skip


def _history(table: Any) -> list[dict[str, Any]]:
    snapshots = {each.snapshot_id: each for each in table.table.metadata.snapshots}
    ancestors, at = set(), table.table.metadata.current_snapshot_id
    while at is not None and at in snapshots:
        ancestors.add(at)
        at = snapshots[at].parent_snapshot_id
    return [
        {
            "made_current_at": _at(entry.timestamp_ms), "snapshot_id": entry.snapshot_id,
            "parent_id": snapshots[entry.snapshot_id].parent_snapshot_id if entry.snapshot_id in snapshots else None,
            "is_current_ancestor": entry.snapshot_id in ancestors,
        }
        for entry in table.table.metadata.snapshot_log
    ]  # fmt: skip


def _refs(table: Any) -> list[dict[str, Any]]:
    return [
        {
            "name": name, "type": ref.snapshot_ref_type.value.upper(), "snapshot_id": ref.snapshot_id,
            "max_reference_age_in_ms": ref.max_ref_age_ms, "min_snapshots_to_keep": ref.min_snapshots_to_keep,
            "max_snapshot_age_in_ms": ref.max_snapshot_age_ms,
        }
        for name, ref in table.table.metadata.refs.items()
    ]  # fmt: skip


def _manifest_files(table: Any) -> list[Any]:
    snapshot = table.table.current_snapshot()
    return snapshot.manifests(table.table.io) if snapshot else []


def _manifests(table: Any) -> list[dict[str, Any]]:
    return [
        {
            "path": each.manifest_path, "length": each.manifest_length, "partition_spec_id": each.partition_spec_id,
            "added_snapshot_id": each.added_snapshot_id, "added_data_files_count": each.added_files_count,
            "added_rows_count": each.added_rows_count, "existing_data_files_count": each.existing_files_count,
            "existing_rows_count": each.existing_rows_count, "deleted_data_files_count": each.deleted_files_count,
            "deleted_rows_count": each.deleted_rows_count,
        }
        for each in _manifest_files(table)
    ]  # fmt: skip


def _data_files(table: Any) -> list[Any]:
    found = (
        entry.data_file
        for manifest in _manifest_files(table)
        for entry in manifest.fetch_manifest_entry(table.table.io)
    )
    return list(found)


def _files(table: Any) -> list[dict[str, Any]]:
    fields = _partition_fields(table)
    return [
        {
            "content": int(each.content), "file_path": each.file_path, "file_format": each.file_format.value,
            "spec_id": each.spec_id, "partition": _partition(each, fields), "record_count": each.record_count,
            "file_size_in_bytes": each.file_size_in_bytes,
            "column_sizes": _counts(each.column_sizes), "value_counts": _counts(each.value_counts),
            "null_value_counts": _counts(each.null_value_counts), "nan_value_counts": _counts(each.nan_value_counts),
            "split_offsets": each.split_offsets, "equality_ids": each.equality_ids, "sort_order_id": each.sort_order_id,
        }
        for each in _data_files(table)
    ]  # fmt: skip


def _counts(found: Mapping[int, int] | None) -> list[tuple[int, int]] | None:
    return None if found is None else list(found.items())


def _partitions(table: Any) -> list[dict[str, Any]]:
    fields = _partition_fields(table)
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    for each in _data_files(table):
        if int(each.content) != 0:
            raise CannotRehearse("$partitions of a table with delete files")
        values = _partition(each, fields)
        group = groups.setdefault(
            tuple(values.values()), {"partition": values, "record_count": 0, "file_count": 0, "total_size": 0}
        )
        group["record_count"] += each.record_count
        group["file_count"] += 1
        group["total_size"] += each.file_size_in_bytes
    return list(groups.values())


def _partition_fields(table: Any) -> list[tuple[str, Type]]:
    from rehearsal.athena.iceberg import type_of

    spec, schema = table.table.spec(), table.table.schema()
    return [
        (field.name.lower(), type_of(field.transform.result_type(schema.find_type(field.source_id))))
        for field in spec.fields
    ]


def _partition(file: Any, fields: list[tuple[str, Type]]) -> dict[str, Any]:
    from datetime import date, timedelta

    values = {}
    for position, (name, kind) in enumerate(fields):
        value = file.partition[position]
        values[name] = date(1970, 1, 1) + timedelta(days=value) if kind == t.DATE and isinstance(value, int) else value
    return values


def _files_columns(table: Any) -> dict[str, Type]:
    counts = t.map_of(t.INTEGER, t.BIGINT)
    fields = _partition_fields(table)
    partition = {"partition": t.row(*fields)} if fields else {}
    return {
        "content": t.INTEGER, "file_path": t.VARCHAR, "file_format": t.VARCHAR, "spec_id": t.INTEGER, **partition,
        "record_count": t.BIGINT, "file_size_in_bytes": t.BIGINT, "column_sizes": counts, "value_counts": counts,
        "null_value_counts": counts, "nan_value_counts": counts, "split_offsets": t.array(t.BIGINT),
        "equality_ids": t.array(t.INTEGER), "sort_order_id": t.INTEGER,
    }  # fmt: skip


def _partitions_columns(table: Any) -> dict[str, Type]:
    fields = _partition_fields(table)
    partition = {"partition": t.row(*fields)} if fields else {}
    return {**partition, "record_count": t.BIGINT, "file_count": t.BIGINT, "total_size": t.BIGINT}


_PARTS: dict[str, tuple[Any, Callable[[Any], list[dict[str, Any]]]]] = {
    "snapshots": ({"committed_at": _MOMENT, "snapshot_id": t.BIGINT, "parent_id": t.BIGINT, "operation": t.VARCHAR,
                   "manifest_list": t.VARCHAR, "summary": _SUMMARY}, _snapshots),
    "history": ({"made_current_at": _MOMENT, "snapshot_id": t.BIGINT, "parent_id": t.BIGINT,
                 "is_current_ancestor": t.BOOLEAN}, _history),
    "refs": ({"name": t.VARCHAR, "type": t.VARCHAR, "snapshot_id": t.BIGINT, "max_reference_age_in_ms": t.BIGINT,
              "min_snapshots_to_keep": t.INTEGER, "max_snapshot_age_in_ms": t.BIGINT}, _refs),
    "manifests": ({"path": t.VARCHAR, "length": t.BIGINT, "partition_spec_id": t.INTEGER, "added_snapshot_id": t.BIGINT,
                   "added_data_files_count": t.INTEGER, "added_rows_count": t.BIGINT,
                   "existing_data_files_count": t.INTEGER,
                   "existing_rows_count": t.BIGINT, "deleted_data_files_count": t.INTEGER,
                   "deleted_rows_count": t.BIGINT},
                  _manifests),
    "files": (_files_columns, _files),
    "partitions": (_partitions_columns, _partitions),
}  # fmt: skip
