"""Functions of one row whose types, or whose arguments, need more than a line."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from rehearsal.athena import types as t
from rehearsal.athena.casts import cast, coerce
from rehearsal.athena.errors import CannotRehearse, Place, QueryFailed
from rehearsal.athena.operators import TIMES, arithmetic, compared
from rehearsal.athena.scopes import Env, Expr, made_of
from rehearsal.athena.syntax import place
from rehearsal.athena.types import common, held, literal

Made = Callable[[list[Expr], Place, str], Expr | None]


def unexpected(name: str, given: list[Expr], expected: str, at: Place) -> QueryFailed:
    kinds = f" ({', '.join(str(each.type) for each in given)})" if given else ""
    return QueryFailed(
        "FUNCTION_NOT_FOUND", f"Unexpected parameters{kinds} for function {name}. Expected: {expected}", at
    )


def _of_common(name: str, given: list[Expr], at: Place) -> t.Type:
    kind = common(*(each.type for each in given))
    if kind is None:
        words = {
            "coalesce": "All COALESCE operands must be the same type",
            "if": "Result types for IF must be the same",
        }
        kinds = [each.type for each in given]
        if name == "coalesce":
            odd = next(each for each in given if common(kinds[0], each.type) is None)
            raise QueryFailed("TYPE_MISMATCH", f"{words[name]} or coercible to a common type. Cannot find common "
                f"type between "
                              f"{kinds[0]} and {odd.type}, all types (without duplicates): "
                              f"[{', '.join(dict.fromkeys(map(str, kinds)))}]", odd.at)  # fmt: skip
        raise QueryFailed("TYPE_MISMATCH", f"{words.get(name, name)}: {kinds[0]} vs {kinds[-1]}", at)
    return kind


def coalesce(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) < 2:
        raise QueryFailed("SYNTAX_ERROR", "The 'coalesce' function must have at least two arguments", at)
    kind = _of_common("coalesce", given, at)
    return made_of(f"coalesce({_listed(given, kind)})", kind, given, at, text)


def _listed(given: list[Expr], kind: t.Type) -> str:
    return ", ".join(coerce(each.sql, each.type, kind) for each in given)


def if_(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) not in (2, 3):
        raise QueryFailed("SYNTAX_ERROR", "Invalid number of arguments for 'if' function", at)
    condition, *results = given
    if condition.type not in (t.BOOLEAN, t.UNKNOWN):
        raise QueryFailed(
            "TYPE_MISMATCH", f"IF condition must evaluate to a boolean (actual: {condition.type})", condition.at
        )
    kind = _of_common("if", results, at)
    other = f" ELSE {coerce(results[1].sql, results[1].type, kind)}" if len(results) > 1 else ""
    when = coerce(condition.sql, condition.type, t.BOOLEAN)
    sql = f"CASE WHEN {when} THEN {coerce(results[0].sql, results[0].type, kind)}{other} END"
    return made_of(sql, kind, given, at, text)


def nullif(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 2:
        raise QueryFailed("SYNTAX_ERROR", "Invalid number of arguments for 'nullif' function", at)
    one, other = given
    kind = common(one.type, other.type)
    if kind is None:
        raise QueryFailed("TYPE_MISMATCH", f"Types are not comparable with NULLIF: {one.type} vs {other.type}", at)
    same = compared(coerce(one.sql, one.type, kind), "=", coerce(other.sql, other.type, kind), kind)
    return made_of(f"CASE WHEN {same} THEN NULL ELSE {one.sql} END", one.type, given, at, text)


def _extreme(name: str) -> Made:
    def made(given: list[Expr], at: Place, text: str) -> Expr:
        kind = common(*(each.type for each in given))
        if kind is None or not given:
            raise unexpected(name, given, f"{name}(E, ...) E", at)
        if t.is_float(kind) or t.parts(kind):
            raise CannotRehearse(f"{name}() of {kind}: NaN and NULL count differently")
        listed = _listed(given, kind)
        no_null = " OR ".join(f"{coerce(each.sql, each.type, kind)} IS NULL" for each in given)
        return made_of(f"CASE WHEN {no_null} THEN NULL ELSE {name}({listed}) END", kind, given, at, text)

    return made


def concat(given: list[Expr], at: Place, text: str) -> Expr:
    known = [each for each in given if each.type != t.UNKNOWN]
    kind = common(*(each.type for each in known))
    is_text = all(each.type.name == "varchar" for each in known)
    if len(given) < 2 or kind is None or not (is_text or kind.name == "array"):
        raise unexpected("concat", given, "concat(E, array(E)) E, concat(array(E)) E, concat(array(E), E) E, "
                         "concat(char(x), char(y)), concat(varbinary), concat(varchar)", at)  # fmt: skip
    if is_text:
        kind = (
            t.varchar(sum(each.type.args[0] for each in known))
            if all(k.type.args for k in known) and known
            else t.VARCHAR
        )
        kind = kind if " || " in text else t.VARCHAR
    parts = [coerce(each.sql, each.type, kind) for each in given]
    if is_text:
        return made_of(f"({' || '.join(parts)})", kind, given, at, text)
    nothing = " OR ".join(f"{part} IS NULL" for part in parts)
    return made_of(f"CASE WHEN {nothing} THEN NULL ELSE list_concat({', '.join(parts)}) END", kind, given, at, text)


def subscript(base: Expr, index: Expr, at: Place) -> Expr:
    text = f"{base.text}[{index.text}]"
    if base.type.name == "array" and index.type in t.INTEGERS:
        return made_of(f"lake_at({base.sql}, {index.sql})", base.type.args[0], (base, index), at, text)
    if base.type.name == "map" and common(base.type.args[0], index.type) == base.type.args[0]:
        key = coerce(index.sql, index.type, base.type.args[0])
        bad = f"error('INVALID_FUNCTION_ARGUMENT: Key not present in map: ' || CAST({key} AS VARCHAR))"
        found = (
            f"CASE WHEN map_contains({base.sql}, {key}) THEN map_extract_value({base.sql}, {key}) WHEN "
            f"{base.sql} IS NOT NULL THEN {bad} END"
        )
        return made_of(found, base.type.args[1], (base, index), at, text)
    if base.type.name == "row" and isinstance(index.constant, int) and 0 < index.constant <= len(base.type.args):
        name = t.field_names(base.type)[index.constant - 1]
        return made_of(
            f"struct_extract({base.sql}, {literal(name)})", t.parts(base.type)[index.constant - 1], (base,), at, text
        )
    raise QueryFailed("TYPE_MISMATCH", f"Cannot use {index.type} for subscript of {base.type}", at)


def element_at(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) == 2 and given[0].type.name == "array" and given[1].type in t.INTEGERS:
        sql = f"lake_element_at({given[0].sql}, {given[1].sql})"
        return made_of(sql, given[0].type.args[0], given, at, text)
    if len(given) == 2 and given[0].type.name == "map" and common(given[0].type.args[0], given[1].type):
        key = coerce(given[1].sql, given[1].type, given[0].type.args[0])
        return made_of(f"map_extract_value({given[0].sql}, {key})", given[0].type.args[1], given, at, text)
    raise unexpected("element_at", given, "element_at(array(E), bigint) E, element_at(map(K,V), K) V", at)


def _one_collection(name: str, kinds: tuple[str, ...], template: str, result: Callable[[t.Type], t.Type]) -> Made:
    def made(given: list[Expr], at: Place, text: str) -> Expr:
        if len(given) != 1 or given[0].type.name not in kinds:
            raise unexpected(name, given, ", ".join(f"{name}({kind})" for kind in kinds), at)
        return made_of(template.format(given[0].sql), result(given[0].type), given, at, text)

    return made


def contains(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 2 or given[0].type.name != "array" or not (kind := common(given[0].type.args[0], given[1].type)):
        raise unexpected("contains", given, "contains(array(T), T) T:comparable", at)
    if t.is_float(kind) or t.parts(kind):
        raise CannotRehearse(f"contains() of {kind}")
    items, value = coerce(given[0].sql, given[0].type, t.array(kind)), coerce(given[1].sql, given[1].type, kind)
    found = f"list_contains({items}, {value})"
    sql = (f"CASE WHEN {items} IS NULL OR {value} IS NULL THEN NULL WHEN {found} THEN TRUE "
           f"WHEN len(list_filter({items}, lambda e_: e_ IS NULL)) > 0 THEN NULL ELSE FALSE END")  # fmt: skip
    return made_of(sql, t.BOOLEAN, given, at, text)


def array_join(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) not in (2, 3) or given[0].type.name != "array" or any(e.type.name != "varchar" for e in given[1:]):
        raise unexpected(
            "array_join", given, "array_join(array(T), varchar), array_join(array(T), varchar, varchar)", at
        )
    element = given[0].type.args[0]
    if element.name != "varchar" and not t.is_exact(element) and element != t.BOOLEAN and element != t.DATE:
        raise CannotRehearse(f"array_join() of {given[0].type}")
    items, as_text = given[0].sql, cast("e_", element, t.VARCHAR)
    if len(given) == 3:
        as_text = f"coalesce({as_text}, {given[2].sql})"
    sql = f"list_transform({items}, lambda e_: {as_text})"
    joined = f"coalesce(array_to_string({sql}, {given[1].sql}), '')"
    return made_of(
        f"CASE WHEN {items} IS NULL OR {given[1].sql} IS NULL THEN NULL ELSE {joined} END", t.VARCHAR, given, at, text
    )


def sequence(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) not in (2, 3) or any(each.type not in t.INTEGERS for each in given):
        raise CannotRehearse("sequence() of anything but whole numbers")
    first, last, *step = (coerce(each.sql, each.type, t.BIGINT) for each in given)
    by = step[0] if step else f"CASE WHEN {first} <= {last} THEN 1 ELSE -1 END"
    bad = (
        "error('INVALID_FUNCTION_ARGUMENT: sequence stop value should be greater than or equal to start value if "
        "step is greater than zero otherwise stop should be less than or equal to start')"
    )
    is_wrong = f"({last} - {first}) * ({by}) < 0 OR ({by}) = 0"
    sql = f"CASE WHEN {is_wrong} THEN {bad} ELSE generate_series({first}, {last}, {by}) END"
    return made_of(sql, t.array(t.BIGINT), given, at, text)


def split(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 2 or any(each.type.name != "varchar" for each in given):
        raise CannotRehearse(f"{text}: split() is known here with two strings")
    empty = "error('INVALID_FUNCTION_ARGUMENT: The delimiter may not be the empty string')"
    sql = f"CASE WHEN {given[1].sql} = '' THEN {empty} ELSE string_split({given[0].sql}, {given[1].sql}) END"
    return made_of(sql, t.array(t.VARCHAR), given, at, text)


_UNITS = ("millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year")
_STEPS = {"millisecond": 1, "second": 1000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000, "week": 604_800_000}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def _unit(name: str, given: Expr, is_date: bool, _at: Place) -> str:
    if not isinstance(given.constant, str):
        raise CannotRehearse(f"{name}() with a unit that is not written out")
    unit = given.constant.lower()
    if unit not in _UNITS or (is_date and unit in ("millisecond", "second", "minute", "hour")):
        raise QueryFailed(
            "INVALID_FUNCTION_ARGUMENT", f"'{given.constant}' is not a valid {'DATE' if is_date else 'TIMESTAMP'} field"
        )
    return unit


def date_trunc(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 2 or given[0].type.name != "varchar" or given[1].type.name not in TIMES:
        raise unexpected("date_trunc", given, "date_trunc(varchar, date), date_trunc(varchar, timestamp(p))", at)
    unit, kind = _unit("date_trunc", given[0], given[1].type == t.DATE, at), given[1].type
    return made_of(f"CAST(date_trunc('{unit}', {given[1].sql}) AS {held(kind)})", kind, given, at, text)


def date_add(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 3 or given[1].type not in t.INTEGERS or given[2].type.name not in TIMES:
        raise unexpected(
            "date_add", given, "date_add(varchar, bigint, date), date_add(varchar, bigint, timestamp(p))", at
        )
    unit, kind = _unit("date_add", given[0], given[2].type == t.DATE, at), given[2].type
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
    unit = _unit("date_diff", given[0], kind == t.DATE, at)
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


def round_(given: list[Expr], at: Place, text: str) -> Expr | None:
    """Of a decimal, and to a number of digits; round of one other number is in the plain list."""
    kind = given[0].type if given else t.UNKNOWN
    if len(given) == 1 and kind.name == "decimal":
        precision, scale = kind.args
        made = t.decimal(max(min(t.MOST_DIGITS, precision - scale + min(1, scale)), 1), 0)
        return made_of(f"CAST({given[0].sql} AS {held(made)})", made, given, at, text)
    if len(given) != 2:
        return None
    if given[1].type not in t.INTEGERS:
        raise unexpected("round", given, "round(double, integer), round(decimal(p,s), integer)", at)
    if kind.name == "decimal":
        if not isinstance(given[1].constant, int) or given[1].constant < 0:
            raise CannotRehearse("round() of a decimal to digits that are not written out, or before the point")
        made = t.decimal(min(t.MOST_DIGITS, kind.args[0] + 1), kind.args[1])
        digits = min(given[1].constant, kind.args[1])
        inner = held(t.decimal(made.args[0], digits))
        return made_of(f"CAST(CAST({given[0].sql} AS {inner}) AS {held(made)})", made, given, at, text)
    if t.is_float(kind):
        sql = f"round({coerce(given[0].sql, kind, t.DOUBLE)}, CAST({given[1].sql} AS INTEGER))"
        return made_of(f"CAST({sql} AS {held(kind)})", kind, given, at, text)
    if kind in t.INTEGERS:
        if not isinstance(given[1].constant, int) or given[1].constant < 0:
            raise CannotRehearse("round() of a whole number before the point")
        return made_of(given[0].sql, kind, given, at, text)
    return None


def _to_whole(word: str) -> Made:
    def made(given: list[Expr], at: Place, text: str) -> Expr | None:
        if len(given) != 1 or given[0].type.name != "decimal":
            return None
        precision, scale = given[0].type.args
        kind = t.decimal(max(precision - scale + min(scale, 1), 1), 0)
        return made_of(f"CAST({word}({given[0].sql}) AS {held(kind)})", kind, given, at, text)

    return made


def abs_(given: list[Expr], at: Place, text: str) -> Expr | None:
    if len(given) != 1 or given[0].type.name not in ("decimal", "real", "smallint", "tinyint"):
        return None
    return made_of(f"abs({given[0].sql})", given[0].type, given, at, text)


def mod(given: list[Expr], at: Place, _text: str) -> Expr:
    if len(given) != 2:
        raise unexpected("mod", given, "mod(n, m)", at)
    return arithmetic(given[0], "%", given[1], at)


_SAFE_PATTERN = re.compile(r"""(?x)(?:
    \\[dDwW.+*?()\[\]{}|^$\\/-]          # classes that Java and RE2 share, and escaped signs
  | \[\^?(?:\\[dDwW.\[\]\\^/-]|[^\\\[\]&])+\]  # simple sets
  | \((?!\?)|\(\?:|\(\?i\)|\)            # groups
  | [*+?]\??|\{\d+(?:,\d*)?\}\??         # how often
  | [|.^$]
  | [^\\\[\](){}*+?|.^$]
)*$""")


def _pattern(name: str, given: Expr) -> str:
    """Java's patterns and RE2's are one where only this is used."""
    if not isinstance(given.constant, str):
        raise CannotRehearse(f"{name}() with a pattern that is not written out")
    if not _SAFE_PATTERN.match(given.constant):
        raise CannotRehearse(f"{name}() with the pattern {given.constant!r}, which may match differently in Java")
    return literal(given.constant)


def _guarded(name: str, value: str, given: Expr, sql: str) -> str:
    """Where the two kinds of patterns part: at the ends of lines, and in letters that are one but for their case."""
    plain = re.sub(r"\\\\.", "", given.constant)
    risky = [r"[\n\r\x{85}\x{2028}\x{2029}]"] if re.search(r"[.$]", plain) else []
    risky += [r"[^\x00-\x7f]"] if "(?i)" in given.constant else []
    if not risky:
        return sql
    bad = literal(f"cannot be rehearsed: {name}() with the pattern {given.constant!r} of ")
    return f"CASE WHEN regexp_matches({value}, {literal('|'.join(risky))}) THEN error({bad} || {value}) ELSE {sql} END"


def regexp_like(given: list[Expr], at: Place, text: str) -> Expr:
    _check_text("regexp_like", given, (2,), at)
    sql = f"regexp_matches({given[0].sql}, {_pattern('regexp_like', given[1])})"
    return made_of(_guarded("regexp_like", given[0].sql, given[1], sql), t.BOOLEAN, given, at, text)


def regexp_extract(given: list[Expr], at: Place, text: str) -> Expr:
    _check_text("regexp_extract", given[:2], (2,), at)
    pattern, group = _pattern("regexp_extract", given[1]), 0
    if len(given) > 2:
        if not isinstance(given[2].constant, int):
            raise CannotRehearse("regexp_extract() with a group that is not written out")
        group = given[2].constant
        groups = re.compile(given[1].constant).groups
        if group > groups:
            raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"Pattern has {groups} groups. Cannot access group {group}")
        if group and ("|" in given[1].constant or re.search(r"\)[?*{]", given[1].constant)):
            raise CannotRehearse("regexp_extract() of a group that may be missing, which is NULL or empty")
    value = given[0].sql
    sql = f"CASE WHEN regexp_matches({value}, {pattern}) THEN regexp_extract({value}, {pattern}, {group}) END"
    return made_of(_guarded("regexp_extract", value, given[1], sql), t.VARCHAR, given, at, text)


def regexp_replace(given: list[Expr], at: Place, text: str) -> Expr:
    _check_text("regexp_replace", given, (2, 3), at)
    pattern, put = _pattern("regexp_replace", given[1]), "''"
    if re.compile(given[1].constant).match(""):
        raise CannotRehearse("regexp_replace() with a pattern that matches nothing at all")
    if len(given) == 3:
        if (
            not isinstance(given[2].constant, str)
            or "\\" in given[2].constant
            or re.search(r"\$(?!\d(?!\d))", given[2].constant)
        ):
            raise CannotRehearse("regexp_replace() with a replacement other than plain text and $1 to $9")
        put = literal(re.sub(r"\$(\d)", r"\\\1", given[2].constant))
    sql = f"regexp_replace({given[0].sql}, {pattern}, {put}, 'g')"
    return made_of(_guarded("regexp_replace", given[0].sql, given[1], sql), t.VARCHAR, given, at, text)


def _check_text(name: str, given: list[Expr], counts: tuple[int, ...], at: Place) -> None:
    if len(given) not in counts or any(each.type.name not in ("varchar", "unknown") for each in given):
        raise unexpected(name, given, f"{name}(varchar(x), JoniRegExp)", at)


def _array_sorted(given: list[Expr], at: Place, text: str) -> Expr:
    if (
        len(given) != 1
        or given[0].type.name != "array"
        or t.parts(given[0].type.args[0])
        or t.is_float(given[0].type.args[0])
    ):
        raise CannotRehearse("array_sort() of anything but one array of plain values")
    return made_of(f"list_sort({given[0].sql}, 'ASC', 'NULLS LAST')", given[0].type, given, at, text)


SPECIALS: dict[str, Made] = {
    "coalesce": coalesce, "nullif": nullif, "if": if_, "greatest": _extreme("greatest"), "least": _extreme("least"),
    "concat": concat, "element_at": element_at, "contains": contains, "array_join": array_join, "sequence": sequence,
    "split": split, "date_trunc": date_trunc, "date_add": date_add, "date_diff": date_diff, "date": date_,
    "date_format": date_format, "from_unixtime": from_unixtime, "from_iso8601_date": from_iso8601_date,
    "from_iso8601_timestamp": from_iso8601_timestamp, "round": round_,
    "ceil": _to_whole("ceil"), "ceiling": _to_whole("ceil"), "floor": _to_whole("floor"), "abs": abs_, "mod": mod,
    "regexp_like": regexp_like, "regexp_extract": regexp_extract, "regexp_replace": regexp_replace,
    "array_sort": _array_sorted,
    "map_keys": _one_collection("map_keys", ("map",), "map_keys({0})", lambda kind: t.array(kind.args[0])),
    "map_values": _one_collection("map_values", ("map",), "map_values({0})", lambda kind: t.array(kind.args[1])),
}  # fmt: skip


def _cardinality(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 1 or given[0].type.name not in ("array", "map"):
        raise unexpected("cardinality", given, "cardinality(array(E)), cardinality(map(K,V))", at)
    counted = f"len({given[0].sql})" if given[0].type.name == "array" else f"cardinality({given[0].sql})"
    return made_of(f"CAST({counted} AS BIGINT)", t.BIGINT, given, at, text)


SPECIALS["cardinality"] = _cardinality


# Functions that look at their arguments before these are compiled.


def _now(compiler: Any, node: Any, env: Env) -> Expr:
    if node.expression():
        raise unexpected("now", compiler.all(node.expression(), env), "now()", place(node))
    kind = t.timestamp(3, zoned=True)
    return Expr(f"lake_round_time(TIMESTAMP {literal(compiler.now)}, 1000)", kind, place(node), "now()")


# Where NULL is not handed on: there a NULL in place of an error would become something else.
_CATCHES = re.compile(r"coalesce|IS (NOT )?NULL| OR | AND |DISTINCT| IN \(|list|\[|struct|SELECT|lake_|lambda|concat")


def _try(compiler: Any, node: Any, env: Env) -> Expr:
    """TRY makes errors NULL. DuckDB's own does it too, but not around error(): that becomes NULL where it stands."""
    (inner,) = compiler.all(node.expression(), env)
    text = compiler.source.of(node)
    if _CATCHES.search(inner.sql) or inner.sql.count("CASE ") != inner.sql.count("error("):
        raise CannotRehearse(f"{text}: try() is known here around arithmetic and functions of plain values")
    return made_of(f"TRY({_without_errors(inner.sql)})", inner.type, (inner,), place(node), text)


def _without_errors(sql: str) -> str:
    while (start := sql.find("error(")) >= 0:
        depth, end, quoted = 0, start + 5, False
        while True:
            letter = sql[end]
            quoted ^= letter == "'"
            depth += (letter == "(") - (letter == ")") if not quoted else 0
            end += 1
            if depth == 0:
                break
        sql = sql[:start] + "NULL" + sql[end:]
    return sql


def _lambda_over(template: str, result: Callable[[t.Type, t.Type], t.Type], wanted: t.Type | None) -> Any:
    def made(compiler: Any, node: Any, env: Env) -> Expr:
        name = compiler.source.names(node.qualifiedName())[-1]
        items, *lambdas = node.expression()
        value = compiler.compile(items, env)
        if value.type.name != "array" or len(lambdas) != 1:
            raise unexpected(name, [value], f"{name}(array(T), function(T,U))", place(node))
        variable, body = _lambda(compiler, lambdas[0], [value.type.args[0]], env)
        if wanted is not None and body.type != wanted:
            raise unexpected(name, [value], f"{name}(array(T), function(T,{wanted}))", place(node))
        sql = template.format(value.sql, variable[0], coerce(body.sql, body.type, wanted or body.type))
        return made_of(sql, result(value.type, body.type), (value, body), place(node), compiler.source.of(node))

    return made


def _lambda(compiler: Any, node: Any, kinds: list[t.Type], env: Env) -> tuple[list[str], Expr]:
    found = node
    while type(found).__name__ != "LambdaContext":
        if found.getChildCount() != 1:
            raise CannotRehearse(f"{compiler.source.of(node)!r} in place of a lambda")
        found = found.getChild(0)
    names = [compiler.source.name(each).lower() for each in found.identifier()]
    if len(names) != len(kinds):
        raise QueryFailed(
            "INVALID_PARAMETER_USAGE",
            f"Expected a lambda that takes {len(kinds)} argument(s) but got {len(names)}",
            place(found),
        )
    depth = sum(1 for known in env.names if known)
    variables = [f"v{depth + position}_" for position in range(len(names))]
    bound = {
        name: Expr(variable, kind, text=name) for name, variable, kind in zip(names, variables, kinds, strict=True)
    }
    return variables, compiler.compile(found.expression(), env.within(names={**env.names, **bound}))


LAZY: dict[str, Any] = {
    "now": _now,
    "try": _try,
    "transform": _lambda_over("list_transform({0}, lambda {1}: {2})", lambda _, made: t.array(made), None),
    "filter": _lambda_over("list_filter({0}, lambda {1}: {2})", lambda given, _: given, t.BOOLEAN),
}
