"""Values that are written in a statement, and the names of types."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from rehearsal.athena import types as t
from rehearsal.athena.errors import CannotRehearse, QueryFailed
from rehearsal.athena.scopes import Expr
from rehearsal.athena.syntax import Source, place
from rehearsal.athena.types import Type, literal

_TIME = re.compile(
    r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?)?(?: ?(\S+))?\s*$"
)
_UTC = ("UTC", "Z", "+00:00", "+00")
_ALIASES = {"int": "integer"}
_PLAIN = {
    kind.name: kind
    for kind in (t.BOOLEAN, *t.INTEGERS, t.REAL, t.DOUBLE, t.DATE, t.VARCHAR, t.VARBINARY, t.JSON, t.UNKNOWN)
}


def number(text: str, node: Any) -> Expr:
    """A number as written: 1 is an integer, 1.0 a decimal, 1e0 a double."""
    kind, plain = type(node).__name__, text.replace("_", "")
    if kind == "DoubleLiteralContext":
        return Expr(f"CAST({literal(plain)} AS DOUBLE)", t.DOUBLE, place(node), text)
    if kind == "DecimalLiteralContext":
        return decimal_of(plain, node)
    value = int(plain, 0) if plain.lstrip("-")[:2].lower() in ("0x", "0o", "0b") else int(plain)
    if not -(2**63) <= value < 2**63:
        raise QueryFailed("SYNTAX_ERROR", f"Invalid numeric literal: {text}", place(node))
    width = t.INTEGER if -(2**31) <= value < 2**31 else t.BIGINT
    return Expr(f"CAST({value} AS {width.name.upper()})", width, place(node), text, constant=value)


def decimal_of(text: str, node: Any) -> Expr:
    value = Decimal(text)
    whole, _, fraction = text.strip().lstrip("+-").partition(".")
    digits = len(whole.lstrip("0"))
    precision, scale = max(digits + len(fraction), 1), len(fraction)
    if precision > t.MOST_DIGITS:
        raise QueryFailed("SYNTAX_ERROR", f"Invalid decimal literal: {text}", place(node))
    kind = t.decimal(precision, scale)
    return Expr(f"CAST({literal(text.strip())} AS {t.held(kind)})", kind, place(node), text, constant=value)


def string(text: str, node: Any) -> Expr:
    kind = t.varchar(len(text))
    return Expr(f"CAST({literal(text)} AS VARCHAR)", kind, place(node), literal(text), constant=text)


def typed(name: str, text: str, node: Any) -> Expr | None:
    """``DATE '2024-01-01'``; None where the type has no form of its own here."""
    if name == "date":
        return _date(text, node)
    if name == "timestamp":
        return _timestamp(text, node)
    if name == "decimal":
        return decimal_of(text, node)
    return None


def _date(text: str, node: Any) -> Expr:
    try:
        year, month, day = (int(part) for part in text.strip().split("-"))
        value = date(year, month, day)
    except ValueError:
        raise QueryFailed("INVALID_LITERAL", f"'{text}' is not a valid DATE literal", place(node)) from None
    return Expr(f"DATE '{value}'", t.DATE, place(node), f"DATE '{text}'", constant=value)


def _timestamp(text: str, node: Any) -> Expr:
    found, bad = _TIME.match(text), f"'{text}' is not a valid TIMESTAMP literal"
    if not found:
        raise QueryFailed("INVALID_LITERAL", bad, place(node))
    *numbers, fraction, zone = found.groups()
    fraction = fraction or ""
    if zone and zone not in _UTC:
        raise CannotRehearse(f"the time zone {zone!r}; use UTC")
    if len(fraction) > t.MICROSECONDS:
        raise CannotRehearse(f"a timestamp finer than microseconds: {text!r}")
    try:
        whole = datetime(*(int(part or 0) for part in numbers))  # type: ignore[arg-type]
    except ValueError:
        raise QueryFailed("INVALID_LITERAL", bad, place(node)) from None
    value = whole + timedelta(microseconds=int(fraction.ljust(6, "0")))
    kind = t.timestamp(len(fraction), zoned=zone is not None)
    return Expr(f"TIMESTAMP '{value}'", kind, place(node), f"TIMESTAMP '{text}'", constant=value)


_MILLISECONDS = {"DAY": 86_400_000, "HOUR": 3_600_000, "MINUTE": 60_000, "SECOND": 1000}


def interval(source: Source, node: Any) -> Expr:
    """``INTERVAL '3' DAY``, of one unit."""
    if node.to is not None:
        raise CannotRehearse(f"an interval of two units: {source.of(node)}")
    text, unit = source.string(node.string()), source.of(node.intervalField(0)).upper()
    sign = -1 if node.sign is not None and node.sign.text == "-" else 1
    try:
        amount = Decimal(text) if unit == "SECOND" else Decimal(int(text))
    except (ValueError, ArithmeticError):
        raise QueryFailed("INVALID_LITERAL", f"Invalid INTERVAL {unit} value: {text}", place(node)) from None
    if unit in ("YEAR", "MONTH"):
        months = sign * int(amount) * (12 if unit == "YEAR" else 1)
        return Expr(f"CAST({months} AS BIGINT)", t.MONTHS, place(node), source.of(node))
    milliseconds = sign * int(amount * _MILLISECONDS[unit])
    return Expr(f"CAST({milliseconds} AS BIGINT)", t.DAYS, place(node), source.of(node))


def type_of(source: Source, node: Any) -> Type:
    """The type that a cast names."""
    kind = type(node).__name__
    if kind == "ArrayTypeContext":
        return t.array(type_of(source, node.type_()))
    if kind == "RowTypeContext":
        return t.row(*((source.name(f.identifier()).lower() if f.identifier() else None, type_of(source, f.type_()))
                       for f in node.rowField()))  # fmt: skip
    if kind == "DateTimeTypeContext":
        zoned = node.WITH() is not None
        precision = int(source.of(node.precision)) if node.precision else 3
        if node.base.text != "TIMESTAMP":
            raise CannotRehearse(f"the type {source.of(node)}")
        return t.timestamp(precision, zoned)
    if kind == "DoublePrecisionTypeContext":
        return t.DOUBLE
    if kind == "GenericTypeContext":
        return _generic(source, node)
    raise CannotRehearse(f"the type {source.of(node)}")


def _generic(source: Source, node: Any) -> Type:
    name = source.name(node.identifier()).lower()
    name = _ALIASES.get(name, name)
    given: list[Any] = [type_of(source, p.type_()) if p.type_() else int(source.of(p)) for p in node.typeParameter()]
    if name == "decimal":
        numbers = (*given, 0) if len(given) == 1 else tuple(given) or (38, 0)
        return t.decimal(*numbers)
    if name == "varchar" and given:
        return t.varchar(*given)
    if name in ("array", "map") and given:
        return Type(name, tuple(given))
    if name in _PLAIN and not given:
        return _PLAIN[name]
    if name in ("char", "time", "uuid", "ipaddress", "hyperloglog", "tdigest", "qdigest", "json", "unknown"):
        raise CannotRehearse(f"the type {source.of(node)}")
    raise QueryFailed("TYPE_MISMATCH", f"Unknown type: {source.of(node)}", place(node))
