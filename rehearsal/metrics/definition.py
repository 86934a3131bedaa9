"""What an alarm watches and how it is judged, read from the alarm as the account keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from rehearsal.metrics.evaluation import COMPARISONS, MISSING_TREATMENTS, Missing, Point, Rule
from rehearsal.metrics.expressions import Formula, NotEvaluated, Scope, names_in, read
from rehearsal.metrics.made import never_made
from rehearsal.metrics.statistics import is_known, statistic
from rehearsal.metrics.store import Key, Series

MINUTE, HOUR, DAY, WEEK = 60.0, 3600.0, 86_400.0, 604_800.0


@dataclass(frozen=True)
class Watched:
    """One metric, by its statistic."""

    id: str
    key: Key
    statistic: str
    unit: str | None

    def value(self, series: Series, start: float, end: float) -> float | None:
        samples = series.between(self.key, start, end)
        return statistic(self.statistic, [each for each in samples if self.unit is None or each.unit == self.unit])


@dataclass(frozen=True)
class Definition:
    """``expressions`` stand in the order in which they can be computed; ``returned`` is the id that is judged."""

    rule: Rule
    period: float
    metrics: tuple[Watched, ...]
    expressions: tuple[tuple[str, Formula], ...]
    returned: str
    unmade: str | None = None

    @property
    def step(self) -> float:
        """How often CloudWatch evaluates the alarm: each minute, or hour when it looks back over more than a day."""
        if self.period < MINUTE:
            return 10.0
        return HOUR if self.rule.periods * self.period > DAY else MINUTE

    def points(self, series: Series, mark: float) -> list[Point]:
        """The data points of the evaluation range that ends at ``mark``, the newest first. Periods end at the mark."""
        starts = [mark - (age + 1) * self.period for age in range(self.rule.range)]
        values: dict[str, Any] = {
            each.id: tuple(each.value(series, start, start + self.period) for start in starts) for each in self.metrics
        }
        names = [each.id for each in self.metrics]
        for name, formula in self.expressions:
            values[name] = formula(Scope(values, names, self.period, len(starts)))
        row = values[self.returned]
        if not isinstance(row, tuple):
            raise NotEvaluated(f"{self.returned} gives {type(row).__name__}, not one metric; an alarm watches one")
        return [Point(value, start) for value, start in zip(row, starts, strict=True)]


def definition_of(alarm: Any) -> Definition:
    """From moto's alarm. Raises NotEvaluated for what is not evaluated here or would be refused by AWS, by name."""
    if alarm.threshold_metric_id:
        raise NotEvaluated(f"ThresholdMetricId {alarm.threshold_metric_id}: anomaly detection is not rehearsed")
    if alarm.metric_data_queries:
        metrics, expressions, returned, period = _queries(alarm.metric_data_queries)
    else:
        metrics, expressions, returned, period = _single(alarm), (), "m", alarm.period
    definition = Definition(_rule(alarm), float(period), metrics, expressions, returned, _unmade(metrics))
    _check_times(definition)
    if not definition.unmade:
        definition.points(Series(_NoData()), 0.0)  # what cannot be computed shows without data
    return definition


class _NoData:
    metric_data: Sequence[Any] = ()


def _rule(alarm: Any) -> Rule:
    periods = int(alarm.evaluation_periods)
    datapoints = int(alarm.datapoints_to_alarm or periods)
    missing = alarm.treat_missing_data or "missing"
    if alarm.comparison_operator not in COMPARISONS:
        raise NotEvaluated(f"comparison {alarm.comparison_operator} is not rehearsed; known are {_all(COMPARISONS)}")
    if missing not in MISSING_TREATMENTS:
        raise NotEvaluated(f"TreatMissingData {missing!r} is not known; known are {_all(MISSING_TREATMENTS)}")
    if not 1 <= datapoints <= periods:
        raise NotEvaluated(f"DatapointsToAlarm {datapoints} must be from 1 to EvaluationPeriods {periods}")
    if alarm.threshold is None:
        raise NotEvaluated("Threshold is missing")
    return Rule(alarm.comparison_operator, float(alarm.threshold), periods, datapoints, cast(Missing, missing))


def _single(alarm: Any) -> tuple[Watched, ...]:
    dimensions = tuple(sorted((each.name, each.value) for each in alarm.dimensions))
    name = alarm.statistic or alarm.extended_statistic
    return (watched("m", (alarm.namespace, alarm.metric_name, dimensions), name, alarm.unit),)


def watched(identity: str, key: Key, name: str | None, unit: str | None) -> Watched:
    """Raises NotEvaluated for a statistic that is not computed here."""
    if not key[0] or not key[1]:
        raise NotEvaluated(f"metric {identity} needs a namespace and a name, got {key[0]!r} and {key[1]!r}")
    if not name or not is_known(name):
        raise NotEvaluated(f"statistic {name!r} is not rehearsed; use Sum, Average, Minimum, Maximum, SampleCount, pNN")
    return Watched(identity, key, name, unit)


def _queries(queries: Sequence[Any]) -> tuple[tuple[Watched, ...], tuple[tuple[str, Formula], ...], str, float]:
    returned = [query.id for query in queries if query.return_data is not False]
    if len(returned) != 1:
        raise NotEvaluated(f"one of the metrics must return data, here {len(returned)} do: {_all(returned)}")
    stats = [(query.id, query.metric_stat) for query in queries if query.metric_stat]
    periods = {float(stat.period) for _, stat in stats}
    if len(periods) != 1:
        raise NotEvaluated(f"the metrics of an alarm must share one period, here {sorted(periods) or 'none'}")
    metrics = tuple(watched(identity, _key(stat.metric), stat.stat, stat.unit) for identity, stat in stats)
    texts = {query.id: query.expression for query in queries if query.expression}
    return metrics, in_order(texts, {each.id for each in metrics}), returned[0], periods.pop()


def _key(metric: Any) -> Key:
    return metric.namespace, metric.metric_name, tuple(sorted((each.name, each.value) for each in metric.dimensions))


def in_order(texts: dict[str, str], known: set[str]) -> tuple[tuple[str, Formula], ...]:
    """Expressions by id, each after those that it refers to. ``known`` are the ids of the metrics."""
    found: list[tuple[str, Formula]] = []
    waiting = dict(texts)
    while waiting:
        ready = [name for name, text in waiting.items() if names_in(text) <= known]
        if not ready:
            name, text = next(iter(waiting.items()))
            raise NotEvaluated(f"expression {name} = {text!r} refers to {_all(names_in(text) - known)}, not known here")
        for name in ready:
            found.append((name, read(waiting.pop(name))))
            known = known | {name}
    return tuple(found)


def _unmade(metrics: Sequence[Watched]) -> str | None:
    reasons = (never_made(each.key[0], each.key[1], [name for name, _ in each.key[2]]) for each in metrics)
    return next((reason for reason in reasons if reason), None)


def _check_times(definition: Definition) -> None:
    period, whole = definition.period, definition.period * definition.rule.periods
    if period not in (10, 20, 30) and (period <= 0 or period % MINUTE):
        raise NotEvaluated(f"Period {period:g} must be 10, 20, 30 or a multiple of 60")
    limit = WEEK if period >= HOUR else DAY
    if whole > limit:
        raise NotEvaluated(f"Period x EvaluationPeriods is {whole:g} s; with this period it can be {limit:g} s at most")


def _all(names: Any) -> str:
    return ", ".join(sorted(map(str, names))) or "none"
