"""Casts as Trino makes them, in DuckDB's SQL.

``safe`` makes what cannot be cast NULL, as TRY_CAST does; else it is an error in Trino's words.
"""

from __future__ import annotations

from rehearsal.athena import types as t
from rehearsal.athena.errors import CannotRehearse, Place, QueryFailed
from rehearsal.athena.types import Type, held, literal, turns_into

_WORDS = {"integer": "INT", "real": "REAL"}
_WHOLE = "[+-]?[0-9]+"
_DECIMAL = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
_SPACE = r"\s*"
_DATE = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_TIME = rf"{_DATE}( [0-9]{{1,2}}:[0-9]{{1,2}}(:[0-9]{{1,2}}(\.[0-9]{{1,6}})?)?)?"


def fail(code: str, *message: str) -> str:
    """An error when it is reached; the parts of the message are SQL."""
    return f"error('{code}: ' || {' || '.join(message)})"


def coerce(sql: str, given: Type, wanted: Type) -> str:
    """What Trino does by itself, where two types meet."""
    if given == wanted or (given.name == wanted.name == "varchar"):
        return sql
    return cast(sql, given, wanted)


def cast(sql: str, given: Type, wanted: Type, safe: bool = False, at: Place | None = None) -> str:
    """An explicit cast. Raises where Trino has none, or where it cannot be made the same here."""
    if given == wanted:
        return sql
    if given == t.UNKNOWN:
        return f"CAST(NULL AS {held(wanted)})"
    if wanted.name == "varchar":
        return _to_varchar(sql, given, wanted, safe, at)
    if t.is_number(wanted):
        return _to_number(sql, given, wanted, safe, at)
    if wanted == t.BOOLEAN and (given.name == "varchar" or t.is_number(given)):
        return _to_boolean(sql, given, safe)
    if wanted.name in ("date", "timestamp", "timestamp with time zone"):
        return _to_time(sql, given, wanted, safe, at)
    if wanted.name == given.name and wanted.name in ("array", "map", "row"):
        return _inside(sql, given, wanted, safe, at)
    if wanted.name in ("json", "varbinary", "char", "time") or given.name in ("json", "varbinary"):
        raise CannotRehearse(f"a cast from {given} to {wanted}")
    raise QueryFailed("TYPE_MISMATCH", f"Cannot cast {given} to {wanted}", at)


def _or_null(sql: str, wanted: Type, safe: bool) -> str:
    return f"{'TRY_CAST' if safe else 'CAST'}({sql} AS {held(wanted)})"


def _checked(condition: str, good: str, bad: str, safe: bool) -> str:
    """NULL stays NULL: the condition is NULL too, so neither side is reached."""
    return f"CASE WHEN {condition} THEN {good} WHEN NOT ({condition}) THEN {'NULL' if safe else bad} END"


def _refused_text(sql: str, wanted: Type) -> str:
    if wanted.name in ("date", "timestamp", "timestamp with time zone"):
        return fail("INVALID_CAST_ARGUMENT", literal(f"Value cannot be cast to {wanted.name}: "), sql)
    if wanted.name == "decimal":
        return fail(
            "INVALID_CAST_ARGUMENT",
            literal("Cannot cast VARCHAR '"),
            sql,
            literal(f"' to DECIMAL({wanted.args[0]}, {wanted.args[1]}). Value is not a number."),
        )
    word = _WORDS.get(wanted.name, wanted.name.upper())
    return fail("INVALID_CAST_ARGUMENT", literal("Cannot cast '"), sql, literal(f"' to {word}"))


def _to_varchar(sql: str, given: Type, wanted: Type, safe: bool, at: Place | None) -> str:
    if given.name == "varchar":
        is_shorter = wanted.args and (not given.args or given.args[0] > wanted.args[0])
        return f"substr({sql}, 1, {wanted.args[0]})" if is_shorter else sql
    if t.is_float(given):
        raise CannotRehearse(f"a cast from {given} to varchar, whose digits are not the same in all versions of Trino")
    if given.name.startswith("timestamp"):
        text = f"{timestamp_text(sql, given.args[0])}{' || ' + literal(' UTC') if given.name != 'timestamp' else ''}"
    elif given.name == "decimal":
        text = decimal_text(sql, given)
    elif given in (*t.INTEGERS, t.BOOLEAN, t.DATE):
        text = f"CAST({sql} AS VARCHAR)"
    elif given in (t.DAYS, t.MONTHS, t.JSON, t.VARBINARY):
        raise CannotRehearse(f"a cast from {given} to varchar")
    else:
        raise QueryFailed("TYPE_MISMATCH", f"Cannot cast {given} to {wanted}", at)
    if not wanted.args:
        return text
    bad = fail("INVALID_CAST_ARGUMENT", "'Value '", text, literal(f" cannot be represented as {wanted}"))
    return _checked(f"length({text}) <= {wanted.args[0]}", text, bad, safe)


def decimal_text(sql: str, kind: Type) -> str:
    """DuckDB leaves out the zero before the point where the type has no digit there."""
    precision, scale = kind.args
    if precision > scale:
        return f"CAST({sql} AS VARCHAR)"
    if precision == t.MOST_DIGITS:
        raise CannotRehearse(f"a cast from {kind} to varchar")
    return f"CAST(CAST({sql} AS {held(t.decimal(precision + 1, scale))}) AS VARCHAR)"


def timestamp_text(sql: str, precision: int) -> str:
    if precision == 0:
        return f"strftime({sql}, '%Y-%m-%d %H:%M:%S')"
    return f"left(strftime({sql}, '%Y-%m-%d %H:%M:%S.%f'), {20 + precision})"


def _to_number(sql: str, given: Type, wanted: Type, safe: bool, at: Place | None) -> str:
    if given == t.BOOLEAN:
        return _or_null(sql, wanted, safe)
    if given.name == "varchar":
        return _parsed(sql, wanted, safe)
    if not t.is_number(given):
        raise QueryFailed("TYPE_MISMATCH", f"Cannot cast {given} to {wanted}", at)
    if t.is_float(given) and wanted in t.INTEGERS:
        return _or_null(f"round({sql})", wanted, safe)
    if (
        t.is_float(given) and wanted.name == "decimal"
    ):  # by its digits: of the double itself 1.005 would be rounded down
        return _or_null(f"CAST({sql} AS VARCHAR)", wanted, safe)
    return _or_null(sql, wanted, safe)


def _parsed(sql: str, wanted: Type, safe: bool) -> str:
    trimmed = f"trim({sql}, ' ' || chr(9) || chr(10) || chr(13))"
    bad = _refused_text(sql, wanted)
    if wanted in t.INTEGERS:
        return _checked(f"coalesce(regexp_full_match({trimmed}, '{_WHOLE}') AND TRY_CAST({trimmed} AS {held(wanted)})"
                        f" IS NOT NULL, {sql} IS NULL)", f"CAST({trimmed} AS {held(wanted)})", bad, safe)  # fmt: skip
    if t.is_float(wanted):
        special = "[+-]?(NaN|Infinity)"
        return _checked(f"coalesce(regexp_full_match({trimmed}, '{_DECIMAL}|{special}'), {sql} IS NULL)",
                        f"CAST({trimmed} AS {held(wanted)})", bad, safe)  # fmt: skip
    return _checked(f"coalesce(regexp_full_match({sql}, '{_DECIMAL}'), {sql} IS NULL)",
                    _or_null(sql, wanted, safe), bad, safe)  # fmt: skip


def _to_boolean(sql: str, given: Type, safe: bool) -> str:
    if given.name != "varchar":
        return f"({sql} <> 0)"
    bad = "NULL" if safe else _refused_text(sql, t.BOOLEAN)
    return (f"CASE WHEN lower({sql}) IN ('t', 'true', '1') THEN TRUE WHEN lower({sql}) IN ('f', 'false', '0') "
            f"THEN FALSE WHEN {sql} IS NOT NULL THEN {bad} END")  # fmt: skip


def _to_time(sql: str, given: Type, wanted: Type, safe: bool, at: Place | None) -> str:
    if given.name == "varchar":
        return _time_of_text(sql, wanted, safe)
    if given.name not in ("date", "timestamp", "timestamp with time zone"):
        raise QueryFailed("TYPE_MISMATCH", f"Cannot cast {given} to {wanted}", at)
    if given.name != "date" and wanted.name != "date" and given.args[0] > wanted.args[0]:
        return f"lake_round_time({sql}, {10 ** (t.MICROSECONDS - wanted.args[0])})"
    return _or_null(sql, wanted, safe)


def _time_of_text(sql: str, wanted: Type, safe: bool) -> str:
    """Text with a zone is refused, since only UTC is held."""
    pattern = _DATE if wanted == t.DATE else _TIME
    made = f"TRY_CAST({sql} AS {held(wanted)})"
    rounded = made if wanted == t.DATE else f"lake_round_time({made}, {10 ** (t.MICROSECONDS - wanted.args[0])})"
    zone = rf"regexp_matches({sql}, '[0-9] ?([A-Za-z][A-Za-z_/]*|[+-][0-9]+:[0-9]+)$')" if wanted != t.DATE else "FALSE"
    bad = (f"CASE WHEN {zone} THEN error('cannot be rehearsed: a time zone in text: ' || {sql}) "
           f"ELSE {'NULL' if safe else _refused_text(sql, wanted)} END")  # fmt: skip
    good = f"regexp_full_match({sql}, '{_SPACE}{pattern}{_SPACE}') AND {made} IS NOT NULL"
    return f"CASE WHEN {good} THEN {rounded} WHEN {sql} IS NOT NULL THEN {bad} END"


def _inside(sql: str, given: Type, wanted: Type, safe: bool, at: Place | None) -> str:
    """Element by element."""
    if wanted.name == "array":
        inner = cast("e_", given.args[0], wanted.args[0], safe, at)
        return sql if inner == "e_" else f"list_transform({sql}, lambda e_: {inner})"
    if wanted.name == "map":
        if all(a.name == b.name == "varchar" or a == b for a, b in zip(given.args, wanted.args, strict=True)):
            return sql
        key, value = (
            cast(f"struct_extract(e_, '{name}')", a, b, safe, at)
            for name, a, b in zip(("key", "value"), given.args, wanted.args, strict=True)
        )
        return f"map_from_entries(list_transform(map_entries({sql}), lambda e_: {{'key': {key}, 'value': {value}}}))"
    if len(given.args) != len(wanted.args):
        raise QueryFailed("TYPE_MISMATCH", f"Cannot cast {given} to {wanted}", at)
    fields = zip(t.field_names(given), t.parts(given), t.field_names(wanted), t.parts(wanted), strict=True)
    made = ", ".join(
        f"{t.quoted(new)} := {cast(f'struct_extract({sql}, {literal(old)})', a, b, safe, at)}"
        for old, a, new, b in fields
    )
    return f"CASE WHEN {sql} IS NOT NULL THEN struct_pack({made}) END"


def can_coerce(given: Type, wanted: Type) -> bool:
    return turns_into(given, wanted)
