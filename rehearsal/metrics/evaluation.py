"""CloudWatch's rules for the state of an alarm, as pure functions of its data points."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
Missing = Literal["missing", "ignore", "breaching", "notBreaching"]

COMPARISONS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
MISSING_TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")

EXTRA_PERIODS = 2
"""How many data points CloudWatch looks at beyond those it evaluates, in case some are missing.

AWS says only that the number depends on the period; its own example reads five for three, and so does this.
"""


@dataclass(frozen=True)
class Rule:
    """What makes an alarm: ``datapoints`` (M) of ``periods`` (N) beyond the threshold."""

    comparison: str
    threshold: float
    periods: int
    datapoints: int
    missing: Missing = "missing"

    @property
    def range(self) -> int:
        """How many data points are retrieved."""
        return self.periods + EXTRA_PERIODS

    def is_breaching(self, value: float) -> bool:
        return COMPARISONS[self.comparison][0](value, self.threshold)


@dataclass(frozen=True)
class Point:
    """One data point: its value (None where there is no data) and when its period starts (epoch seconds)."""

    value: float | None
    start: float


@dataclass(frozen=True)
class Verdict:
    """The state that follows from the points, and the points that decided it, the newest first."""

    state: State
    decided_by: tuple[Point, ...] = ()
    filled: int = 0


def judge(points: Sequence[Point], rule: Rule, current: State) -> Verdict:
    """The state that follows from the points of the evaluation range, the newest first.

    Real points count before anything is filled in, even those from before the evaluation periods.
    """
    real = tuple(point for point in points if point.value is not None)
    if len(real) >= rule.periods:
        return _counted(real[: rule.periods], rule, filled_breaching=0)
    filled = rule.periods - len(real)
    if rule.missing == "breaching":
        return _counted(real, rule, filled, filled)
    if rule.missing == "notBreaching":
        return _counted(real, rule, 0, filled)
    if not real:
        return Verdict(current if rule.missing == "ignore" else "INSUFFICIENT_DATA", (), filled)
    breaching = [point for point in real if _breaches(point, rule)]
    if len(breaching) >= rule.datapoints or len(breaching) < len(real):
        return _counted(real, rule, 0, filled)
    # Only breaching points, too few of them: an alarm once the oldest of them is as old as the points wanted.
    is_old_enough = points.index(real[-1]) + 1 >= rule.datapoints
    state = "ALARM" if is_old_enough and rule.missing == "missing" else current
    return Verdict(state, real, filled)


def _counted(points: tuple[Point, ...], rule: Rule, filled_breaching: int, filled: int = 0) -> Verdict:
    breaching = sum(_breaches(point, rule) for point in points) + filled_breaching
    return Verdict("ALARM" if breaching >= rule.datapoints else "OK", points, filled)


def _breaches(point: Point, rule: Rule) -> bool:
    return point.value is not None and rule.is_breaching(point.value)
