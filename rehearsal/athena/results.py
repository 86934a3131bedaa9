"""An answer as Athena gives it: text for each value, rows for GetQueryResults, a CSV object."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rehearsal.athena import types as t
from rehearsal.athena.types import Type

_PRECISIONS = {
    "tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19, "double": 17, "real": 17, "varchar": 2147483647,
    "varbinary": 1073741824,
}  # fmt: skip
_SHOWN = {"real": "float"}


@dataclass(frozen=True)
class Answer:
    """What a statement gave. ``is_text`` is for SHOW and DESCRIBE, whose answers have no header and no quotes."""

    columns: tuple[tuple[str, Type], ...]
    rows: Sequence[tuple[Any, ...]]
    bytes_read: int = 0
    is_text: bool = False
    statement_type: str = "DML"
    substatement: str = "SELECT"


def text(value: Any, kind: Type) -> str | None:
    """A value as Athena writes it; None for NULL."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if t.is_float(kind):
        return java_double(value, kind == t.REAL)
    if kind == t.DAYS:
        return _span(value)
    if kind == t.MONTHS:
        sign, months = ("-" if value < 0 else ""), abs(value)
        return f"{sign}{months // 12}-{months % 12}"
    if isinstance(value, datetime):
        return _moment(value, kind)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | int | str):
        return str(value)
    if isinstance(value, bytes | bytearray):
        return bytes(value).hex(" ")
    return _nested(value, kind)


def _nested(value: Any, kind: Type) -> str:
    if kind.name == "array":
        return f"[{', '.join(_inner(each, kind.args[0]) for each in value)}]"
    if kind.name == "map":
        return "{" + ", ".join(f"{_inner(k, kind.args[0])}={_inner(v, kind.args[1])}" for k, v in value.items()) + "}"
    shown = ((name, each, inner) for (name, inner), each in zip(kind.args, value.values(), strict=True))
    return (
        "{"
        + ", ".join(f"{name or f'field{i}'}={_inner(each, inner)}" for i, (name, each, inner) in enumerate(shown))
        + "}"
    )


def _inner(value: Any, kind: Type) -> str:
    found = text(value, kind)
    return "null" if found is None else found


def _moment(value: datetime, kind: Type) -> str:
    digits = kind.args[0] if kind.args else 3
    fraction = f".{value.microsecond:06}"[: digits + 1] if digits else ""
    zone = " UTC" if kind.name == "timestamp with time zone" else ""
    return f"{value:%Y-%m-%d %H:%M:%S}{fraction}{zone}"


def _span(milliseconds: int) -> str:
    sign, left = ("-" if milliseconds < 0 else ""), abs(milliseconds)
    time = f"{left // 3_600_000 % 24:02}:{left // 60_000 % 60:02}:{left // 1000 % 60:02}.{left % 1000:03}"
    return f"{sign}{left // 86_400_000} {time}"


def java_double(value: float, single: bool = False) -> str:
    """As Java writes a double: plain from a thousandth to ten millions, else with an exponent."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    sign, digits, exponent = _digits(value, single)
    if value == 0:
        return f"{sign}0.0"
    point = len(digits) + exponent
    if -3 < point <= 7:
        if point <= 0:
            return f"{sign}0.{'0' * -point}{digits}"
        whole, fraction = digits[:point].ljust(point, "0"), digits[point:]
        return f"{sign}{whole}.{fraction or '0'}"
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{point - 1}"


def _digits(value: float, single: bool) -> tuple[str, str, int]:
    if single:
        import struct

        shortest = next(
            f"{value:.{n}g}"
            for n in range(1, 18)
            if struct.pack("f", float(f"{value:.{n}g}")) == struct.pack("f", value)
        )
    else:
        shortest = repr(value)
    sign, numbers, exponent = Decimal(shortest).as_tuple()
    digits = "".join(map(str, numbers))
    kept = digits.rstrip("0") or "0"
    return "-" if sign else "", kept, int(exponent) + len(digits) - len(kept)


def column_info(name: str, kind: Type) -> dict[str, Any]:
    precision, scale = kind.args if kind.name == "decimal" else (_PRECISIONS.get(kind.name, 0), 0)
    if kind.name.startswith("timestamp"):
        precision = 3
    return {
        "CatalogName": "hive", "SchemaName": "", "TableName": "", "Name": name, "Label": name,
        "Type": _SHOWN.get(kind.name, kind.name), "Precision": precision, "Scale": scale, "Nullable": "UNKNOWN",
        "CaseSensitive": kind.name in ("varchar", "char"),
    }  # fmt: skip


def api_rows(answer: Answer) -> list[dict[str, Any]]:
    """The rows of GetQueryResults: those of a SELECT begin with the names of the columns."""
    head = [] if answer.is_text else [{"Data": [{"VarCharValue": name} for name, _ in answer.columns]}]
    return [
        *head,
        *(
            {"Data": [_cell(value, kind) for value, (_, kind) in zip(row, answer.columns, strict=True)]}
            for row in answer.rows
        ),
    ]


def _cell(value: Any, kind: Type) -> dict[str, str]:
    found = text(value, kind)
    return {} if found is None else {"VarCharValue": found}


def csv_of(answer: Answer) -> bytes:
    """Everything in quotes but NULL, which is nothing at all. SHOW and DESCRIBE give plain lines."""
    if answer.is_text:
        return "".join(
            "\t".join(_inner(v, k) for v, (_, k) in zip(row, answer.columns, strict=True)) + "\n" for row in answer.rows
        ).encode()
    lines = [[name for name, _ in answer.columns]]
    lines += [[text(value, kind) for value, (_, kind) in zip(row, answer.columns, strict=True)] for row in answer.rows]  # type: ignore[misc]
    return "".join(",".join(_quoted(cell) for cell in line) + "\n" for line in lines).encode()


def _quoted(cell: str | None) -> str:
    return "" if cell is None else '"' + cell.replace('"', '""') + '"'


def metadata_of(answer: Answer) -> bytes:
    """What stands beside the CSV. Athena writes a form of its own there; here it is JSON."""
    return json.dumps({"ColumnInfo": [column_info(name, kind) for name, kind in answer.columns]}).encode()
