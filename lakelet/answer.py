"""What came of a question: columns with their types, rows of Python's values, and what it took to find them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Answer:
    """``name`` is that of the named query, None for SQL; ``bytes_read`` is what Athena says that it scanned."""

    name: str | None
    sql: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    bytes_read: int
    seconds: float
    id: str
    statement: str = "DML"  # or UTILITY or DDL, which Athena does not charge for


def to_value(text: str | None, type_: str) -> Any:
    """A value as Athena writes it. What has no type of its own in Python (arrays, maps, rows) stays text."""
    return None if text is None else _READ.get(type_.partition("(")[0].strip().lower(), str)(text)


def is_numeric(type_: str) -> bool:
    return _READ.get(type_.partition("(")[0].strip().lower()) in (int, float, Decimal)


def _timestamp(text: str) -> datetime:
    """``2026-03-02 05:00:00.000``, and with a zone behind it ``UTC``, ``Europe/Stockholm`` or ``+01:00``."""
    moment, _, zone = text.partition(" ")[2].partition(" ")
    if not zone:
        return datetime.fromisoformat(text)
    plain = f"{text.partition(' ')[0]} {moment}"
    if zone[0] in "+-":
        return datetime.fromisoformat(plain + zone)
    return datetime.fromisoformat(plain).replace(tzinfo=ZoneInfo(zone))


_WHOLE = ("tinyint", "smallint", "integer", "int", "bigint")
_READ: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(_WHOLE, int),
    **dict.fromkeys(("double", "float", "real"), float),
    "decimal": Decimal,
    "boolean": lambda text: text == "true",
    "date": date.fromisoformat,
    "timestamp": _timestamp,
    "timestamp with time zone": _timestamp,
}
