"""Functions of dates and moments."""

from __future__ import annotations

import re

from rehearsal.athena import types as t
from rehearsal.athena.casts import cast, coerce
from rehearsal.athena.errors import CannotRehearse, Place, QueryFailed
from rehearsal.athena.operators import TIMES
from rehearsal.athena.scopes import Expr, made_of
from rehearsal.athena.specials.shape import Made, unexpected
from rehearsal.athena.types import common, held, literal

_STEPS = {"millisecond": 1, "second": 1000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000, "week": 604_800_000}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def _unit(name: str, given: Expr, is_date: bool) -> str:
    if not isinstance(given.constant, str):
        raise CannotRehearse(f"{name}() with a unit that is not written out")
    unit, shortest = given.constant.lower(), _STEPS["day"] if is_date else 1
    if unit not in _MONTHS and _STEPS.get(unit, 0) < shortest:
        field = f"{'DATE' if is_date else 'TIMESTAMP'} field"
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"'{given.constant}' is not a valid {field}")
    return unit


def date_trunc(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 2 or given[0].type.name != "varchar" or given[1].type.name not in TIMES:
        raise unexpected("date_trunc", given, "date_trunc(varchar, date), date_trunc(varchar, timestamp(p))", at)
    unit, kind = _unit("date_trunc", given[0], given[1].type == t.DATE), given[1].type
    return made_of(f"CAST(date_trunc('{unit}', {given[1].sql}) AS {held(kind)})", kind, given, at, text)


def date_add(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 3 or given[1].type not in t.INTEGERS or given[2].type.name not in TIMES:
        raise unexpected(
            "date_add", given, "date_add(varchar, bigint, date), date_add(varchar, bigint, timestamp(p))", at
        )
    unit, kind = _unit("date_add", given[0], given[2].type == t.DATE), given[2].type
    if unit in _MONTHS:
        sql = f"CAST({given[2].sql} + to_months(CAST({given[1].sql} * {_MONTHS[unit]} AS INTEGER)) AS {held(kind)})"
        return made_of(sql, kind, given, at, text)
    moved = f"{given[2].sql} + to_milliseconds({given[1].sql} * {_STEPS[unit]})"
    return made_of(f"CAST({moved} AS {held(kind)})", kind, given, at, text)


def date_diff(given: list[Expr], at: Place, text: str) -> Expr:
    """Trino counts the whole units that have passed; DuckDB counts the borders crossed."""
    kind = common(*(each.type for each in given[1:])) if len(given) == 3 else None
    if kind is None or kind.name not in TIMES:
        raise unexpected(
            "date_diff", given, "date_diff(varchar, date, date), date_diff(varchar, timestamp(p), timestamp(p))", at
        )
    unit = _unit("date_diff", given[0], kind == t.DATE)
    a, b = (coerce(each.sql, each.type, kind) for each in given[1:])
    if unit in _MONTHS:
        sql = f"lake_whole_months(CAST({a} AS TIMESTAMP), CAST({b} AS TIMESTAMP)) // {_MONTHS[unit]}"
    else:
        sql = f"lake_milliseconds({b}, {a}) // {_STEPS[unit]}"
    return made_of(f"CAST({sql} AS BIGINT)", t.BIGINT, given, at, text)


def date_(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 1:
        raise unexpected("date", given, "date(varchar), date(timestamp(p))", at)
    return made_of(cast(given[0].sql, given[0].type, t.DATE, at=at), t.DATE, given, at, text)


_FORMATS = {
    "%Y": "%Y", "%m": "%m", "%d": "%d", "%H": "%H", "%k": "%-H", "%h": "%I", "%I": "%I", "%l": "%-I", "%i": "%M",
    "%s": "%S",
    "%S": "%S", "%f": "%f", "%j": "%j", "%M": "%B", "%b": "%b", "%W": "%A", "%a": "%a", "%p": "%p", "%y": "%y",
    "%c": "%-m",
    "%e": "%-d", "%T": "%H:%M:%S", "%r": "%I:%M:%S %p", "%v": "%V", "%x": "%G", "%%": "%%",
}  # fmt: skip


def date_format(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 2 or given[0].type.name not in TIMES or given[1].type.name != "varchar":
        raise unexpected("date_format", given, "date_format(timestamp(p), varchar(x))", at)
    if not isinstance(given[1].constant, str):
        raise CannotRehearse("date_format() with a format that is not written out")

    def put(found: re.Match[str]) -> str:
        mark = found[0]
        if mark in ("%D", "%U", "%u", "%V", "%w", "%X"):
            raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"{mark} not supported in date format string")
        if mark in ("%f",) and given[0].type.args and given[0].type.args[0] > 3:
            raise CannotRehearse("date_format() with %f of a moment finer than milliseconds")
        return _FORMATS.get(mark, mark[1:])

    pattern = re.sub(r"%.", put, given[1].constant)
    moment = coerce(given[0].sql, given[0].type, t.timestamp()) if given[0].type == t.DATE else given[0].sql
    return made_of(f"strftime({moment}, {literal(pattern)})", t.VARCHAR, given, at, text)


def from_unixtime(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 1 or not t.is_number(given[0].type):
        raise CannotRehearse("from_unixtime() with more than the seconds")
    seconds = coerce(given[0].sql, given[0].type, t.DOUBLE)
    return made_of(
        f"make_timestamp(CAST(round({seconds} * 1000) AS BIGINT) * 1000)", t.timestamp(3, True), given, at, text
    )


def from_iso8601_date(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 1 or given[0].type.name != "varchar":
        raise unexpected("from_iso8601_date", given, "from_iso8601_date(varchar(x))", at)
    value = given[0].sql
    bad = f"error('cannot be rehearsed: from_iso8601_date of ' || {value})"
    sql = (
        f"CASE WHEN regexp_full_match({value}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') THEN CAST({value} AS DATE) "
        f"WHEN {value} IS NOT NULL THEN {bad} END"
    )
    return made_of(sql, t.DATE, given, at, text)


def from_iso8601_timestamp(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 1 or given[0].type.name != "varchar":
        raise unexpected("from_iso8601_timestamp", given, "from_iso8601_timestamp(varchar(x))", at)
    value = given[0].sql
    bad = f"error('cannot be rehearsed: from_iso8601_timestamp of ' || {value} || ', since only UTC is known here')"
    form = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|\+00:00)?"
    plain = f"replace(replace(replace({value}, 'T', ' '), 'Z', ''), '+00:00', '')"
    sql = (
        f"CASE WHEN regexp_full_match({value}, '{form}') THEN lake_round_time(CAST({plain} AS TIMESTAMP), 1000) "
        f"WHEN {value} IS NOT NULL THEN {bad} END"
    )
    return made_of(sql, t.timestamp(3, True), given, at, text)


FUNCTIONS: dict[str, Made] = {
    "date_trunc": date_trunc, "date_add": date_add, "date_diff": date_diff, "date": date_, "date_format": date_format,
    "from_unixtime": from_unixtime, "from_iso8601_date": from_iso8601_date,
    "from_iso8601_timestamp": from_iso8601_timestamp,
}  # fmt: skip
