"""Arithmetic and comparison, with Trino's types of results and its errors."""

from __future__ import annotations

from rehearsal.athena import types as t
from rehearsal.athena.casts import coerce, fail
from rehearsal.athena.errors import CannotRehearse, Place, QueryFailed
from rehearsal.athena.prune import MIRRORED, Bound
from rehearsal.athena.scopes import Expr, made_of
from rehearsal.athena.types import MOST_DIGITS, Type, as_decimal, common, decimal, held, is_exact, is_float, is_number

_NAMES = {"+": "addition", "-": "subtraction", "*": "multiplication"}
_BY_ZERO = "error('DIVISION_BY_ZERO: Division by zero')"
TIMES = ("date", "timestamp", "timestamp with time zone")


def arithmetic(left: Expr, operator: str, right: Expr, at: Place) -> Expr:
    text = f"({left.text} {operator} {right.text})"

    def made(sql: str, kind: Type) -> Expr:
        return made_of(sql, kind, (left, right), at, text)

    if is_number(left.type) and is_number(right.type):
        return made(*_numbers(left, operator, right))
    if t.UNKNOWN in (left.type, right.type) and (is_number(left.type) or is_number(right.type)):
        kind = left.type if right.type == t.UNKNOWN else right.type
        return made(f"CAST(NULL AS {held(kind)})", kind)
    if found := _with_times(left, operator, right):
        return made(*found)
    raise cannot_apply(left, operator, right, at)


def cannot_apply(left: Expr, operator: str, right: Expr, at: Place) -> QueryFailed:
    operator = {">": "<", ">=": "<="}.get(operator, operator)  # so it is worded
    return QueryFailed("TYPE_MISMATCH", f"Cannot apply operator: {left.type} {operator} {right.type}", at)


def _numbers(left: Expr, operator: str, right: Expr) -> tuple[str, Type]:
    kind = common(left.type, right.type)
    assert kind is not None
    if kind.name == "decimal":
        return _decimals(left, operator, right)
    a, b = coerce(left.sql, left.type, kind), coerce(right.sql, right.type, kind)
    if is_float(kind):
        if operator == "%":
            return f"CASE WHEN {b} = 0 THEN CAST('NaN' AS {held(kind)}) ELSE {a} % {b} END", kind
        return f"({a} {operator} {b})", kind
    if operator in "/%":
        sql = f"CASE WHEN {b} = 0 THEN {_BY_ZERO} ELSE {a} {'//' if operator == '/' else '%'} {b} END"
        return f"CAST({sql} AS {held(kind)})", kind
    return f"({a} {operator} {b})", kind  # DuckDB raises on overflow; the engine says it in Trino's words


def _decimals(left: Expr, operator: str, right: Expr) -> tuple[str, Type]:
    (p, s), (q, r) = as_decimal(left.type).args, as_decimal(right.type).args
    a, b = (coerce(side.sql, side.type, as_decimal(side.type)) for side in (left, right))
    if operator in "+-":
        kind = decimal(min(MOST_DIGITS, max(p - s, q - r) + max(s, r) + 1), max(s, r))
        return f"(CAST({a} AS {held(kind)}) {operator} CAST({b} AS {held(kind)}))", kind
    if operator == "*":
        if s + r > MOST_DIGITS or p + q > MOST_DIGITS:
            raise CannotRehearse(f"a product of {as_decimal(left.type)} and {as_decimal(right.type)}")
        kind = decimal(p + q, s + r)
        return f"CAST({a} * {b} AS {held(kind)})", kind
    if operator == "%":
        kind = decimal(max(min(p - s, q - r) + max(s, r), 1), max(s, r))
        wide = held(decimal(min(MOST_DIGITS, max(p - s, q - r) + max(s, r)), max(s, r)))
        whole = f"CAST({a} AS {wide}) % CAST({b} AS {wide})"
        return f"CAST(CASE WHEN {b} = 0 THEN {_BY_ZERO} ELSE {whole} END AS {held(kind)})", kind
    kind = decimal(min(MOST_DIGITS, p + r + max(r - s, 0)), max(s, r))
    return divide_decimals(a, s, b, r, kind), kind


def divide_decimals(a: str, a_scale: int, b: str, b_scale: int, kind: Type) -> str:
    """By whole numbers, rounded half away from zero; DuckDB would divide doubles."""
    shift = kind.args[1] - a_scale + b_scale
    digits = f"CAST({a} AS HUGEINT)" if a_scale == 0 else f"lake_digits({a})"
    above = f"({digits} * {10**shift}::HUGEINT)"
    below = f"CAST({b} AS HUGEINT)" if b_scale == 0 else f"lake_digits({b})"
    return f"lake_point(lake_divide({above}, {below}), {kind.args[1]})::{held(kind)}"


def negative(side: Expr, at: Place) -> Expr:
    if not is_number(side.type) and side.type not in (t.DAYS, t.MONTHS):
        raise QueryFailed("TYPE_MISMATCH", f"Cannot negate {side.type}", at)
    constant = -side.constant if isinstance(side.constant, int) and not isinstance(side.constant, bool) else None
    return made_of(f"(- {side.sql})", side.type, (side,), at, f"-{side.text}", constant=constant)


def _with_times(left: Expr, operator: str, right: Expr) -> tuple[str, Type] | None:
    if operator == "+" and left.type in (t.DAYS, t.MONTHS) and right.type.name in TIMES:
        left, right = right, left
    a, b, spans = left.type, right.type, (t.DAYS, t.MONTHS)
    if operator in "+-" and a in spans and a == b:
        return f"({left.sql} {operator} {right.sql})", a
    if operator == "*" and (a in spans or b in spans):
        span, number = (left, right) if a in spans else (right, left)
        return (f"({span.sql} * {number.sql})", span.type) if number.type in t.INTEGERS else None
    if operator in "+-" and a.name in TIMES and b in spans:
        return _moved(left, operator, right)
    if operator == "-" and a.name in TIMES and b.name in TIMES:
        kind = common(a, b)
        assert kind is not None
        one, other = (coerce(side.sql, side.type, kind) for side in (left, right))
        return f"lake_milliseconds({one}, {other})", t.DAYS
    return None


def _moved(left: Expr, operator: str, right: Expr) -> tuple[str, Type]:
    sign = "-" if operator == "-" else ""
    if right.type == t.MONTHS:
        return f"CAST({left.sql} + to_months(CAST({sign}({right.sql}) AS INTEGER)) AS {held(left.type)})", left.type
    if left.type == t.DATE:
        bad = fail("INVALID_FUNCTION_ARGUMENT", "'Cannot add hour, minutes or seconds to a date'")
        return (f"CASE WHEN {right.sql} % 86400000 <> 0 THEN {bad} ELSE "
                f"{left.sql} + CAST({sign}({right.sql} // 86400000) AS INTEGER) END"), t.DATE  # fmt: skip
    kind = t.timestamp(max(3, left.type.args[0]), left.type.name != "timestamp")
    return f"({left.sql} + to_milliseconds({sign}({right.sql})))", kind


def comparison(left: Expr, operator: str, right: Expr, at: Place) -> Expr:
    operator = "<>" if operator == "!=" else operator
    kind = common(left.type, right.type)
    if kind is None or not (t.is_comparable(kind) if operator in ("=", "<>") else t.is_orderable(kind)):
        raise cannot_apply(left, operator, right, at)
    check_comparable(kind)
    a, b = coerce(left.sql, left.type, kind), coerce(right.sql, right.type, kind)
    sql = compared(a, operator, b, kind)
    text = f"({left.text} {operator} {right.text})"
    bound = _bound(left, operator, right, kind)
    return made_of(sql, t.BOOLEAN, (left, right), at, text, bound=bound)


def check_comparable(kind: Type) -> None:
    if t.parts(kind):
        raise CannotRehearse(f"comparing values of type {kind}, where NULL inside counts differently")
    if kind in (t.JSON,):
        raise CannotRehearse(f"comparing values of type {kind}")


def compared(a: str, operator: str, b: str, kind: Type) -> str:
    """For Trino NaN is equal to nothing, for DuckDB to itself."""
    if is_float(kind):
        answer = "TRUE" if operator == "<>" else "FALSE"
        return (
            f"CASE WHEN isnan({a}) OR isnan({b}) THEN {answer} AND ({a} = {b}) IS NOT NULL ELSE {a} {operator} {b} END"
        )
    return f"({a} {operator} {b})"


def _bound(left: Expr, operator: str, right: Expr, kind: Type) -> Bound | None:
    if left.field is None:
        left, right, operator = right, left, MIRRORED[operator]
    return bound_of(left, operator, (right,), kind)


def bound_of(column: Expr, kind_of_bound: str, values: tuple[Expr, ...], kind: Type) -> Bound | None:
    """A condition on a column as it stands in its table, and on plain values."""
    found = column.field
    if found is None or found.scan is None or any(value.constant is None for value in values):
        return None
    if is_float(kind) or (column.type != kind and column.type.name != kind.name and not is_exact(column.type)):
        return None
    if not all(
        value.type.name == found.type.name or (value.type in t.INTEGERS and found.type in t.INTEGERS)
        for value in values
    ):
        return None
    if any(found.type in t.INTEGERS and abs(value.constant) >= 2 ** (t.BITS[found.type] - 1) for value in values):
        return None
    return Bound(kind_of_bound, found.scan, found.column, tuple(value.constant for value in values))
