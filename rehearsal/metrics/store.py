"""Metric data in the account: put as CloudWatch has it, and read by metric and time without going through it all.

The data live in moto's CloudWatch and nowhere else, so that GetMetricData, ListMetrics and whoever keeps an account
see the same; the index here only points into them.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from moto.cloudwatch.models import MetricAggregatedDatum, MetricDatum, cloudwatch_backends

from rehearsal.metrics.embedded import Datum
from rehearsal.metrics.statistics import Sample
from rehearsal.patches.seams import hooks

Key = tuple[str, str, tuple[tuple[str, str], ...]]


def backend_of(account_id: str, region: str) -> Any:
    """Moto's CloudWatch of an account: its ``alarms`` by name, its ``metric_data`` in the order of arrival."""
    return cloudwatch_backends[account_id][region]


def put(backend: Any, data: Sequence[Datum]) -> None:
    """Put metric data; each keeps its moment. The one place where the rehearsal does so."""
    for datum in data:
        dimensions = [{"Name": name, "Value": value} for name, value in datum.dimensions]
        when = datetime.fromtimestamp(datum.moment, UTC).replace(tzinfo=None)  # as moto keeps it
        backend.metric_data += [
            MetricDatum(datum.namespace, datum.name, value, dimensions, when, datum.unit) for value in datum.values
        ]
    if data and (here := hooks()):
        here.changed(("metrics", "", ""))


class Series:
    """The samples of each metric in the order of time. ``follow`` takes up what was put since it last did."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self._first: Any = None
        self._seen = 0
        self._samples: dict[Key, list[Sample]] = {}

    def follow(self) -> None:
        data = self._backend.metric_data
        first = data[0] if data else None
        if first is not self._first or len(data) < self._seen:  # the account was emptied, or filled anew
            self._first, self._seen, self._samples = first, 0, {}
        while self._seen < len(data):
            key, sample = _read(data[self._seen])
            self.add(key, sample)
            self._seen += 1

    def add(self, key: Key, sample: Sample) -> None:
        row = self._samples.setdefault(key, [])
        if row and row[-1].moment > sample.moment:
            insort(row, sample, key=_moment)
        else:
            row.append(sample)

    def between(self, key: Key, start: float, end: float) -> Sequence[Sample]:
        """The samples from ``start`` on and before ``end``."""
        row = self._samples.get(key, [])
        return row[bisect_left(row, start, key=_moment) : bisect_left(row, end, key=_moment)]


class Foreseen(Series):
    """A series with samples that are yet to come; it is read and thrown away."""

    def __init__(self, known: Series, coming: Iterable[Datum]) -> None:
        super().__init__(known._backend)
        self._known = known
        for datum in coming:
            for value in datum.values:
                key = datum.namespace, datum.name, datum.dimensions
                self.add(key, Sample.of(datum.moment, value, datum.unit))

    def between(self, key: Key, start: float, end: float) -> Sequence[Sample]:
        return [*self._known.between(key, start, end), *super().between(key, start, end)]


def _moment(sample: Sample) -> float:
    return sample.moment


def _read(datum: Any) -> tuple[Key, Sample]:
    key = datum.namespace, datum.name, tuple(sorted((each.name, each.value) for each in datum.dimensions))
    when = datum.timestamp  # of the kind that the caller sent
    when = datetime.fromisoformat(when) if isinstance(when, str) else when
    moment = when.replace(tzinfo=when.tzinfo or UTC).timestamp()
    if isinstance(datum, MetricAggregatedDatum):
        return key, Sample(moment, datum.sum, datum.sample_count, datum.min, datum.max, datum.unit)
    return key, Sample.of(moment, datum.value, datum.unit)
