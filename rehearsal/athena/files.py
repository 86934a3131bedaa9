"""External tables of JSON objects: one object a line, under one folder."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from rehearsal.athena import types as t
from rehearsal.athena.catalog import Reading
from rehearsal.athena.errors import CannotRehearse, QueryFailed
from rehearsal.athena.objects import Objects
from rehearsal.athena.prune import Bound
from rehearsal.athena.types import Type

SERDES = (
    "org.openx.data.jsonserde.JsonSerDe",
    "org.apache.hive.hcatalog.data.JsonSerDe",
    "org.apache.hadoop.hive.serde2.JsonSerDe",
)
_HIVE = {
    "string": t.VARCHAR, "boolean": t.BOOLEAN, "tinyint": t.TINYINT, "smallint": t.SMALLINT, "int": t.INTEGER,
    "integer": t.INTEGER, "bigint": t.BIGINT, "float": t.REAL, "double": t.DOUBLE,
}  # fmt: skip
_ARROW = {
    "varchar": pa.string(), "boolean": pa.bool_(), "tinyint": pa.int8(), "smallint": pa.int16(), "integer": pa.int32(),
    "bigint": pa.int64(), "real": pa.float32(), "double": pa.float64(),
}  # fmt: skip
_SIZED = re.compile(r"(varchar|decimal)\((\d+)(?:,\s*(\d+))?\)$")


def hive_type(text: str, name: str) -> Type:
    """The type of a column in the Glue Data Catalog."""
    found = _SIZED.match(text.lower())
    if found and found[1] == "varchar":
        return t.varchar(int(found[2]))
    if text.lower() not in _HIVE:
        raise CannotRehearse(f"column {name} of type {text} in a table of JSON")
    return _HIVE[text.lower()]


def load(name: tuple[str, ...], glue_table: Mapping[str, Any], objects: Objects) -> JsonTable:
    """The table, if it is one of JSON lines with nothing unusual about it."""
    storage = glue_table.get("StorageDescriptor", {})
    shown, serde = ".".join(name[1:]), storage.get("SerdeInfo", {})
    library = serde.get("SerializationLibrary", "")
    if library not in SERDES:
        raise CannotRehearse(
            f"table {shown} with the SerDe {library or 'none'}; Iceberg tables and tables of JSON are known here"
        )
    if (
        storage.get("InputFormat", "org.apache.hadoop.mapred.TextInputFormat")
        != "org.apache.hadoop.mapred.TextInputFormat"
    ):
        raise CannotRehearse(f"table {shown} with the input format {storage['InputFormat']}")
    unusual = {
        key
        for key in serde.get("Parameters", {})
        if key not in ("serialization.format", "ignore.malformed.json", "paths")
    }
    if unusual or glue_table.get("PartitionKeys"):
        raise CannotRehearse(
            f"table {shown} with {'the SerDe parameters ' + ', '.join(sorted(unusual)) if unusual else 'partitions'}"
        )
    columns = {
        column["Name"].lower(): hive_type(column["Type"], column["Name"]) for column in storage.get("Columns", ())
    }
    ignores = serde.get("Parameters", {}).get("ignore.malformed.json", "").lower() == "true"
    return JsonTable(name, columns, storage["Location"], objects, ignores)


@dataclass(frozen=True)
class JsonTable:
    name: tuple[str, ...]
    columns: Mapping[str, Type]
    location: str
    objects: Objects
    ignores_malformed: bool = False

    def plan(self, used: tuple[str, ...], _bounds: tuple[Bound, ...]) -> Reading:
        """All objects are read whole, whatever columns are wanted."""
        listed = self.objects.listed(self.location)
        for location, _ in listed:
            if location.endswith((".gz", ".bz2", ".zst", ".snappy", ".lz4", ".deflate")):
                raise CannotRehearse(f"the compressed object {location}")
        return JsonReading(sum(size for _, size in listed), self, [location for location, _ in listed], used)


@dataclass(frozen=True)
class JsonReading:
    bytes: int
    table: JsonTable
    locations: list[str]
    used: tuple[str, ...]

    def rows(self) -> pa.Table:
        used = self.used or tuple(self.table.columns)[:1]
        found: dict[str, list[Any]] = {name: [] for name in used}
        for location, buffer in zip(self.locations, self.table.objects.read_all(self.locations), strict=True):
            for line in buffer.to_pybytes().decode().split("\n"):
                if line.strip():
                    self._take(line, location, found)
        return pa.table(
            {name: pa.array(values, _ARROW[self.table.columns[name].name]) for name, values in found.items()}
        )

    def _take(self, line: str, location: str, found: dict[str, list[Any]]) -> None:
        try:
            row = {key.lower(): value for key, value in json.loads(line, parse_float=Decimal).items()}
        except (ValueError, AttributeError) as error:
            if self.table.ignores_malformed:
                row = {}
            else:
                raise QueryFailed(
                    "HIVE_CURSOR_ERROR", f"Row is not a valid JSON Object - JSONException: {error} ({location})"
                ) from error
        for name, values in found.items():
            values.append(_value(row.get(name), self.table.columns[name], name))


def _value(value: Any, kind: Type, name: str) -> Any:
    if value is None:
        return None
    if kind.name == "varchar":
        return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), default=str)
    if kind == t.BOOLEAN and isinstance(value, bool):
        return value
    if (
        kind in t.INTEGERS
        and isinstance(value, int)
        and not isinstance(value, bool)
        and abs(value) < 2 ** (t.BITS[kind] - 1)
    ):
        return value
    if t.is_float(kind) and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return float(value)
    raise QueryFailed("HIVE_BAD_DATA", f"Error parsing field value '{value}' for field {name}: it is no {kind}")
