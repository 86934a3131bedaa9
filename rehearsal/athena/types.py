"""Trino's types: their names, which turns into which by itself, and how DuckDB holds them.

A varchar keeps its length and a decimal its precision, since Trino's answers and refusals depend on them. Intervals are
whole milliseconds or months; both kinds of timestamp are held as UTC without a zone: only the type tells them apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rehearsal.athena.errors import CannotRehearse

MOST_DIGITS = 38
MICROSECONDS = 6


@dataclass(frozen=True)
class Type:
    """``args``: a length, (precision, scale), the types of elements; for a row (name or None, type) of each field."""

    name: str
    args: tuple[Any, ...] = ()

    def __str__(self) -> str:
        if self.name == "row":
            return f"row({', '.join(f'{n} {t}' if n else str(t) for n, t in self.args)})"
        if self.name == "timestamp with time zone":
            return f"timestamp({self.args[0]}) with time zone"
        if self.args:
            return f"{self.name}({(',' if self.name == 'decimal' else ', ').join(map(str, self.args))})"
        return self.name


UNKNOWN, BOOLEAN = Type("unknown"), Type("boolean")
TINYINT, SMALLINT, INTEGER, BIGINT = map(Type, ("tinyint", "smallint", "integer", "bigint"))
REAL, DOUBLE, DATE = Type("real"), Type("double"), Type("date")
VARCHAR, VARBINARY, JSON = Type("varchar"), Type("varbinary"), Type("json")
DAYS, MONTHS = Type("interval day to second"), Type("interval year to month")

INTEGERS = (TINYINT, SMALLINT, INTEGER, BIGINT)
_DIGITS = {TINYINT: 3, SMALLINT: 5, INTEGER: 10, BIGINT: 19}
BITS = {TINYINT: 8, SMALLINT: 16, INTEGER: 32, BIGINT: 64}


def varchar(length: int) -> Type:
    return Type("varchar", (length,))


def decimal(precision: int, scale: int) -> Type:
    return Type("decimal", (precision, scale))


def timestamp(precision: int = 3, zoned: bool = False) -> Type:
    return Type("timestamp with time zone" if zoned else "timestamp", (precision,))


def array(element: Type) -> Type:
    return Type("array", (element,))


def map_of(key: Type, value: Type) -> Type:
    return Type("map", (key, value))


def row(*fields: tuple[str | None, Type]) -> Type:
    return Type("row", fields)


def is_number(kind: Type) -> bool:
    return kind in (*INTEGERS, REAL, DOUBLE) or kind.name == "decimal"


def is_exact(kind: Type) -> bool:
    return kind in INTEGERS or kind.name == "decimal"


def is_float(kind: Type) -> bool:
    return kind in (REAL, DOUBLE)


def as_decimal(kind: Type) -> Type:
    return decimal(_DIGITS[kind], 0) if kind in _DIGITS else kind


def is_comparable(kind: Type) -> bool:
    return all(map(is_comparable, parts(kind)))


def is_orderable(kind: Type) -> bool:
    return kind.name not in ("map", "json") and all(map(is_orderable, parts(kind)))


def parts(kind: Type) -> list[Type]:
    """The types inside an array, a map or a row."""
    if kind.name == "row":
        return [inner for _, inner in kind.args]
    return [inner for inner in kind.args if isinstance(inner, Type)]


def field_names(kind: Type) -> list[str]:
    """What DuckDB calls the fields of a row."""
    return [name or f"field{position}" for position, (name, _) in enumerate(kind.args)]


def common(*kinds: Type) -> Type | None:
    """The type that all of them turn into by themselves, or None where Trino finds none."""
    found: Type | None = UNKNOWN
    for kind in kinds:
        found = found and _common(found, kind)
    return found


def turns_into(given: Type, wanted: Type) -> bool:
    """Whether Trino casts by itself."""
    return _common(given, wanted) == wanted


def _common(one: Type, other: Type) -> Type | None:
    if one == other or other == UNKNOWN:
        return one
    if one == UNKNOWN:
        return other
    if is_number(one) and is_number(other):
        return _common_number(one, other)
    if one.name == other.name:
        return _common_parts(one, other)
    names = {one.name, other.name}
    if "date" in names and names <= {"date", "timestamp", "timestamp with time zone"}:
        return other if one.name == "date" else one
    if names == {"timestamp", "timestamp with time zone"}:
        return timestamp(max(one.args[0], other.args[0]), zoned=True)
    return None


def _common_number(one: Type, other: Type) -> Type:
    for widest in (DOUBLE, REAL):
        if widest in (one, other):
            return widest
    if one in INTEGERS and other in INTEGERS:
        return max(one, other, key=INTEGERS.index)
    (p, s), (q, t) = as_decimal(one).args, as_decimal(other).args
    scale = max(s, t)
    return decimal(min(MOST_DIGITS, max(p - s, q - t) + scale), scale)


def _common_parts(one: Type, other: Type) -> Type | None:
    if one.name == "varchar":
        return varchar(max(one.args[0], other.args[0])) if one.args and other.args else VARCHAR
    if one.name in ("timestamp", "timestamp with time zone"):
        return max(one, other, key=lambda kind: kind.args)
    if one.name == "row":
        if len(one.args) != len(other.args):
            return None
        inner = [_common(a, b) for (_, a), (_, b) in zip(one.args, other.args, strict=True)]
        names = [a if a == b else None for (a, _), (b, _) in zip(one.args, other.args, strict=True)]
        return None if None in inner else Type("row", tuple(zip(names, inner, strict=True)))
    inner = [_common(a, b) for a, b in zip(one.args, other.args, strict=True)]
    return None if None in inner else Type(one.name, tuple(inner))


_HELD = {
    "unknown": "VARCHAR", "boolean": "BOOLEAN", "tinyint": "TINYINT", "smallint": "SMALLINT", "integer": "INTEGER",
    "bigint": "BIGINT", "real": "FLOAT", "double": "DOUBLE", "varchar": "VARCHAR", "varbinary": "BLOB", "date": "DATE",
    "timestamp": "TIMESTAMP", "timestamp with time zone": "TIMESTAMP", "json": "VARCHAR",
    "interval day to second": "BIGINT", "interval year to month": "BIGINT",
}  # fmt: skip


def held(kind: Type) -> str:
    """The DuckDB type that holds values of this one."""
    if kind.name == "decimal":
        return f"DECIMAL({kind.args[0]}, {kind.args[1]})"
    if kind.name == "array":
        return f"{held(kind.args[0])}[]"
    if kind.name == "map":
        return f"MAP({held(kind.args[0])}, {held(kind.args[1])})"
    if kind.name == "row":
        fields = zip(field_names(kind), parts(kind), strict=True)
        return f"STRUCT({', '.join(f'{quoted(name)} {held(inner)}' for name, inner in fields)})"
    if kind.name not in _HELD:
        raise CannotRehearse(f"the type {kind}")
    if kind.name.startswith("timestamp") and kind.args[0] > MICROSECONDS:
        raise CannotRehearse(f"the type {kind}, which is finer than microseconds")
    return _HELD[kind.name]


def quoted(name: str) -> str:
    """A name in DuckDB's SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string in DuckDB's SQL."""
    return "'" + text.replace("'", "''") + "'"
