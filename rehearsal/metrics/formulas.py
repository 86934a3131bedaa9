"""What metric math computes: on numbers, on rows of data points (the newest first), and on lists of rows."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from rehearsal.errors import RehearsalError

Row = tuple[float | None, ...]
Value = float | Row | list[Row] | str


class WrongArgument(RehearsalError):
    """A function of metric math was given what it cannot work on."""


_OPERATORS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "^": operator.pow,
    "==": lambda a, b: float(a == b), "!=": lambda a, b: float(a != b),
    "<=": lambda a, b: float(a <= b), ">=": lambda a, b: float(a >= b),
    "<": lambda a, b: float(a < b), ">": lambda a, b: float(a > b),
    "&&": lambda a, b: float(bool(a) and bool(b)), "||": lambda a, b: float(bool(a) or bool(b)),
}  # fmt: skip
_OPERATORS |= {"AND": _OPERATORS["&&"], "OR": _OPERATORS["||"]}


def applied(sign: str, left: Value, right: Value) -> Value:
    """An operator, point by point. Where only one of two rows has no point it counts as 0; nothing is divided by 0."""
    if isinstance(left, list):
        return [_row(applied(sign, each, right)) for each in left]
    if isinstance(right, list):
        return [_row(applied(sign, left, each)) for each in right]
    if isinstance(left, str) or isinstance(right, str):
        raise WrongArgument(f"{sign} needs numbers or metrics, got {left!r} and {right!r}")
    if isinstance(left, tuple) and isinstance(right, tuple):
        return tuple(
            None if a is b is None else _one(sign, a or 0.0, b or 0.0) for a, b in zip(left, right, strict=True)
        )
    if isinstance(left, tuple):
        assert not isinstance(right, tuple)
        return tuple(None if a is None else _one(sign, a, right) for a in left)
    if isinstance(right, tuple):
        return tuple(None if b is None else _one(sign, left, b) for b in right)
    found = _one(sign, left, right)
    if found is None:
        raise WrongArgument(f"{left:g} {sign} {right:g} has no value")
    return found


def _one(sign: str, left: float, right: float) -> float | None:
    try:
        found = _OPERATORS[sign](left, right)
    except (ZeroDivisionError, OverflowError):
        return None
    return found if isinstance(found, float) and math.isfinite(found) else None


def flat(values: Sequence[Value]) -> list[Row]:
    """One list of rows out of rows and lists of rows."""
    return [row for value in values for row in (value if isinstance(value, list) else [_row(value)])]


def _row(value: Value) -> Row:
    if not isinstance(value, tuple):
        raise WrongArgument(f"a metric is needed, got {value!r}")
    return value


def _over(work: Callable[[Sequence[float]], float], missing_is_zero: bool) -> Callable[..., Value]:
    """A function that makes a number of one row, and of a list of rows one row."""

    def function(_scope: Any, value: Value) -> Value:
        if isinstance(value, list):
            return tuple(_of_column(column, work, missing_is_zero) for column in zip(*value, strict=True))
        return work([point for point in _row(value) if point is not None] or [0.0])

    return function


def _of_column(
    column: Sequence[float | None], work: Callable[[Sequence[float]], float], missing_is_zero: bool
) -> float | None:
    there = [point for point in column if point is not None]
    if not there:
        return None
    return work([point or 0.0 for point in column] if missing_is_zero else there)


def _each(work: Callable[[float], float]) -> Callable[..., Value]:
    def function(_scope: Any, value: Value) -> Value:
        if isinstance(value, list):
            return [_row(function(_scope, row)) for row in value]
        return tuple(None if point is None else work(point) for point in _row(value))

    return function


def _if(scope: Any, condition: Value, then: Value, other: Value | None = None) -> Value:
    """A condition without a point gives none; a true one whose value has no point gives 0."""
    if isinstance(condition, float):
        chosen = then if condition else other
        return (None,) * scope.length if chosen is None else _spread(chosen, scope)
    first, second = _spread(then, scope), _spread(other, scope)
    points = zip(_row(condition), first, second, strict=True)
    return tuple(None if is_true is None else (a or 0.0) if is_true else b for is_true, a, b in points)


def _spread(value: Value | None, scope: Any) -> Row:
    """A number as a row of itself."""
    return (value,) * scope.length if value is None or isinstance(value, float) else _row(value)


def _fill(scope: Any, value: Value, filler: Value) -> Value:
    if isinstance(value, list):
        return [_row(_fill(scope, row, filler)) for row in value]
    row = _row(value)
    if filler == "REPEAT":
        return _repeated(row)
    if isinstance(filler, str):
        raise WrongArgument(f"FILL with {filler} is not rehearsed; use a number, a metric or REPEAT")
    return tuple(a if a is not None else b for a, b in zip(row, _spread_filler(filler, scope), strict=True))


def _spread_filler(filler: Value, scope: Any) -> Row:
    return _spread(filler, scope)


def _repeated(row: Row) -> Row:
    """Each missing point is the last one before it."""
    filled: list[float | None] = []
    last: float | None = None
    for point in reversed(row):
        last = point if point is not None else last
        filled.append(last)
    return tuple(reversed(filled))


def _metrics(scope: Any, part: str = "") -> Value:
    return [_row(scope.values[name]) for name in scope.metrics if part in name]


def _diff(_scope: Any, value: Value) -> Value:
    row = _row(value)
    pairs = zip(row, [*row[1:], None], strict=True)
    return tuple(None if new is None or old is None else new - old for new, old in pairs)


def _rate(scope: Any, value: Value) -> Value:
    return applied("/", _diff(scope, value), float(scope.period))


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "SUM": _over(math.fsum, missing_is_zero=True),
    "AVG": _over(lambda points: math.fsum(points) / len(points), missing_is_zero=True),
    "MIN": _over(min, missing_is_zero=False),
    "MAX": _over(max, missing_is_zero=False),
    "ABS": _each(abs),
    "CEIL": _each(lambda point: float(math.ceil(point))),
    "FLOOR": _each(lambda point: float(math.floor(point))),
    "IF": _if,
    "FILL": _fill,
    "METRICS": _metrics,
    "DIFF": _diff,
    "RATE": _rate,
    "PERIOD": lambda scope, _metric: float(scope.period),
    "TIME_SERIES": lambda scope, value: _spread(value, scope),
}
