"""When an alarm changes its state: only at the marks at which a sample enters, moves within or leaves its range."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rehearsal.metrics.definition import Definition
from rehearsal.metrics.evaluation import State, Verdict, judge
from rehearsal.metrics.store import Series


def next_mark(moment: float, step: float) -> float:
    """The first mark after a moment."""
    return (math.floor(moment / step) + 1) * step


def first_change(
    definition: Definition, state: State, series: Series, after: float, until: float
) -> tuple[float, Verdict] | None:
    """The first mark in (after, until] at which the alarm leaves its state, and for which one."""
    for mark in _marks(definition, series, after, until):
        verdict = judge(definition.points(series, mark), definition.rule, state)
        if verdict.state != state:
            return mark, verdict
    return None


def _marks(definition: Definition, series: Series, after: float, until: float) -> Iterator[float]:
    """The marks at which the points can be others than at the mark before. Between them nothing can change."""
    step, period, count = definition.step, definition.period, definition.rule.range
    first = next_mark(after, step)
    if first > until:
        return
    marks = {first}
    for metric in definition.metrics:
        entered = {
            next_mark(sample.moment, step)
            for sample in series.between(metric.key, first - (count + 1) * period, until)
        }  # fmt: skip
        marks.update(
            mark for enters in entered for age in range(count + 1) if first < (mark := enters + age * period) <= until
        )
    yield from sorted(marks)
