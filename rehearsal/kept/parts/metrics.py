"""Metric data of CloudWatch: only ever more, so what is new is at the end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.cloudwatch.models import MetricAggregatedDatum, MetricDatum, cloudwatch_backends
from moto.core.utils import utcnow

from rehearsal.asked import Asked
from rehearsal.kept.parts import moments
from rehearsal.kept.parts.part import Part
from rehearsal.kept.store import Batch, Name, Store

DAYS = 15  # for which CloudWatch holds them by the minute; what is older stays in the file and is not put back
AGGREGATED = ("min", "max", "sample_count", "sum")


class Metrics(Part):
    service = "cloudwatch"
    names = ("metrics",)

    def __init__(self, account_id: str, region: str) -> None:
        self._backend = cloudwatch_backends[account_id][region]
        self._is_filled = False
        self._seen = 0  # how many of the account's list are in the file
        self._next = 0

    def touched(self, asked: Asked, _answer: bytes) -> Iterable[Name]:
        return [Name("metrics", "", "")] if asked.operation == "PutMetricData" else ()

    def gather(self, _name: Name, batch: Batch) -> None:
        if not self._is_filled:
            return  # numbers are given once those of before are known
        for datum in self._backend.metric_data[self._seen :]:
            batch.put(Name("metric", "", f"{self._next:012d}"), _told(datum))
            self._next += 1
        self._seen = len(self._backend.metric_data)

    def restore(self, store: Store, _cut_off: bool) -> None:
        if self._is_filled:
            return
        self._is_filled = True
        oldest = utcnow() - timedelta(days=DAYS)
        kept = []
        for _, number, told in store.rows("metric"):
            self._next = int(number) + 1
            datum = _datum(told)
            if _bare(datum.timestamp) >= oldest:
                kept.append(datum)
        self._backend.metric_data = [*kept, *self._backend.metric_data]  # a new list: who follows it begins anew
        self._seen = len(kept)

    def to_write(self) -> list[Name]:
        return [Name("metrics", "", "")]  # what was put before the numbers were known


def _told(datum: Any) -> dict[str, Any]:
    values = (
        {"value": datum.value}
        if isinstance(datum, MetricDatum)
        else {name: getattr(datum, name) for name in AGGREGATED}
    )
    return {
        "namespace": datum.namespace,
        "name": datum.name,
        "dimensions": [{"Name": each.name, "Value": each.value} for each in datum.dimensions],
        "moment": moments.written(_moment(datum.timestamp)),
        "unit": datum.unit,
        **values,
    }


def _datum(told: dict[str, Any]) -> Any:
    shared = (told["dimensions"], moments.read(told["moment"]), told["unit"])
    if "value" in told:
        return MetricDatum(told["namespace"], told["name"], told["value"], *shared)
    return MetricAggregatedDatum(told["namespace"], told["name"], *(told[name] for name in AGGREGATED), *shared)


def _moment(given: Any) -> datetime:
    """Moto holds what the caller sent: a time, or the text of one."""
    return given if isinstance(given, datetime) else datetime.fromisoformat(str(given).replace("Z", "+00:00"))


def _bare(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
