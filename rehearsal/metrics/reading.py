"""Reading metrics as GetMetricData and GetMetricStatistics do: whole periods, exact dimensions, metric math."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rehearsal.metrics.definition import Watched, in_order, watched
from rehearsal.metrics.expressions import NotEvaluated, Scope
from rehearsal.metrics.formulas import Row, Value
from rehearsal.metrics.store import Series

MOST_POINTS = 1440  # of GetMetricStatistics, in one answer


def metric_data(
    series: Series, queries: Sequence[Mapping[str, Any]], start: float, end: float, newest_first: bool
) -> Iterator[dict[str, Any]]:
    """The answer to each query that returns data. Raises NotEvaluated for what is not computed here, by name."""
    stats = {query["Id"]: query["MetricStat"] for query in queries if "MetricStat" in query}
    texts = {query["Id"]: query["Expression"] for query in queries if "Expression" in query}
    values: dict[str, Value] = {}
    starts: dict[str, list[float]] = {}
    for name, stat in stats.items():
        period = float(stat["Period"])
        starts[name] = _starts(start, end, period)
        metric = _metric(name, stat)
        values[name] = tuple(metric.value(series, each, each + period) for each in starts[name])
    if texts:
        periods = {float(stat["Period"]) for stat in stats.values()}
        if len(periods) != 1:
            raise NotEvaluated(f"metrics under an expression must share one period, here {sorted(periods) or 'none'}")
        shared = _starts(start, end, min(periods))
        for name, formula in in_order(texts, set(stats)):
            starts[name] = shared
            values[name] = formula(Scope(values, list(stats), min(periods), len(shared)))
    for query in queries:
        if query.get("ReturnData", True):
            label = query.get("Label") or _label(query)
            for row in _rows(query["Id"], values[query["Id"]]):
                yield _result(query["Id"], label, row, starts[query["Id"]], newest_first)


def metric_statistics(
    series: Series, key: tuple[str, str, Mapping[str, str]], start: float, end: float, period: float,
    names: Sequence[str], unit: str | None,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """A data point for each period that has data: its time and the statistics asked for."""
    starts = _starts(start, end, period)
    if len(starts) > MOST_POINTS:
        raise NotEvaluated(f"{len(starts)} data points were asked for; at most {MOST_POINTS} are given")
    whole = (key[0], key[1], tuple(sorted(key[2].items())))
    metrics = {name: watched("m", whole, name, unit) for name in names}
    for each in reversed(starts):
        found = {name: metric.value(series, each, each + period) for name, metric in metrics.items()}
        if any(value is not None for value in found.values()):
            units = {"Unit": unit or series.between(whole, each, each + period)[0].unit or "None"}
            yield {"Timestamp": _moment(each), **found, **units}


def _starts(start: float, end: float, period: float) -> list[float]:
    """Where the periods start, the newest first; the first one holds ``start``."""
    first = math.floor(start / period)
    return [number * period for number in reversed(range(first, math.ceil(end / period)))]


def _metric(name: str, stat: Mapping[str, Any]) -> Watched:
    metric = stat["Metric"]
    dimensions = tuple(sorted((each["Name"], each["Value"]) for each in metric.get("Dimensions", [])))
    key = (metric["Namespace"], metric["MetricName"], dimensions)
    return watched(name, key, stat["Stat"], stat.get("Unit"))


def _rows(name: str, value: Value) -> list[Row]:
    if isinstance(value, tuple):
        return [value]
    if isinstance(value, list):
        return value
    raise NotEvaluated(f"{name} gives {value!r}, and not a metric; use it within an expression that gives one")


def _label(query: Mapping[str, Any]) -> str:
    stat = query.get("MetricStat")
    return f"{stat['Metric']['MetricName']} {stat['Stat']}" if stat else str(query["Id"])


def _result(name: str, label: str, row: Row, starts: Sequence[float], newest_first: bool) -> dict[str, Any]:
    points = [(start, value) for start, value in zip(starts, row, strict=True) if value is not None]
    if not newest_first:
        points.reverse()
    return {
        "id": name, "label": label, "status_code": "Complete",
        "timestamps": [_moment(start) for start, _ in points], "values": [value for _, value in points],
    }  # fmt: skip


def _moment(start: float) -> datetime:
    return datetime.fromtimestamp(start, UTC).replace(tzinfo=None)
