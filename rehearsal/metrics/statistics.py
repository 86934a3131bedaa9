"""Samples of a metric, and the statistics of those that fall into one period."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_PERCENTILE = re.compile(r"p(\d{1,2}(\.\d{1,10})?|100)$")


@dataclass(frozen=True, slots=True)
class Sample:
    """What was put at one moment (epoch seconds): one value, or the statistics of several."""

    moment: float
    total: float
    count: float
    least: float
    most: float
    unit: str | None = None

    @classmethod
    def of(cls, moment: float, value: float, unit: str | None = None) -> Sample:
        return cls(moment, value, 1.0, value, value, unit)


_SIMPLE: dict[str, Callable[[Sequence[Sample]], float]] = {
    "Sum": lambda samples: math.fsum(sample.total for sample in samples),
    "SampleCount": lambda samples: math.fsum(sample.count for sample in samples),
    "Average": lambda samples: math.fsum(s.total for s in samples) / math.fsum(s.count for s in samples),
    "Minimum": lambda samples: min(sample.least for sample in samples),
    "Maximum": lambda samples: max(sample.most for sample in samples),
}


def is_known(name: str) -> bool:
    """Whether a statistic can be computed: the five simple ones, and percentiles such as p99.9."""
    return name in _SIMPLE or bool(_PERCENTILE.match(name))


def statistic(name: str, samples: Sequence[Sample]) -> float | None:
    """The statistic of the samples of one period; None where there is no data.

    A percentile needs the single values: of statistics of several values, all equal, it can be told, else not.
    """
    if not samples or not any(sample.count for sample in samples):
        return None
    if name in _SIMPLE:
        return _SIMPLE[name](samples)
    if any(sample.least != sample.most for sample in samples):
        return None
    values = sorted(value for sample in samples for value in [sample.least] * int(sample.count))
    return _between(values, float(name[1:]) / 100 * (len(values) - 1))


def _between(values: Sequence[float], place: float) -> float:
    """The value at a place in a sorted row; between two places it lies between their values."""
    below, above = math.floor(place), math.ceil(place)
    return values[below] + (values[above] - values[below]) * (place - below)
