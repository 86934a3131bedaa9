"""CloudWatch: alarms start without a state, keep it when they are changed, and remember all that happened to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from moto.cloudwatch.exceptions import ValidationError
from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from rehearsal.errors import RehearsalError
from rehearsal.patches.seams import after_call, hooks

HIGHEST_PAGE = 100
MADE_BY_MOTO = {"AWS/S3"}  # how large a bucket is, worked out when it is asked for
KEPT_ON_CHANGE = ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp", "history")


class Happened(NamedTuple):
    """One line of an alarm's history. ``kind`` is ConfigurationUpdate, StateUpdate or Action."""

    kind: str
    moment: datetime
    summary: str
    data: str = "{}"


def check_alarm(original: Callable[..., Any]) -> Callable[..., Any]:
    """CloudWatchBackend.put_metric_alarm. What cannot be evaluated is refused here, whoever puts the alarm."""

    def put_metric_alarm(backend: Any, name: str, **asked: Any) -> Any:
        from rehearsal.metrics.acceptance import check

        before = backend.alarms.get(name)
        for plural in ("alarm_actions", "ok_actions", "insufficient_data_actions"):
            asked[plural] = list(asked.get(plural) or [])
        alarm = original(backend, name=name, **asked)
        try:
            with refused_as_invalid():
                check(alarm, backend.alarms)
        except ValidationError:
            del backend.alarms[name]
            if before is not None:
                backend.alarms[name] = before
            raise
        alarm.state_value = "INSUFFICIENT_DATA"
        if before is not None:
            for attribute in KEPT_ON_CHANGE:
                setattr(alarm, attribute, getattr(before, attribute))
        summary = f'Alarm "{name}" {"updated" if before else "created"}'
        alarm.history.append(Happened("ConfigurationUpdate", utcnow(), summary))
        return alarm

    return put_metric_alarm


def set_state(alarm: Any, value: str, reason: str, reason_data: str, moment: datetime) -> None:
    """Put an alarm into a state as of a moment (UTC, without a zone, as moto keeps it), and into its history."""
    summary = f"Alarm updated from {alarm.state_value} to {value}"
    alarm.history.append(Happened("StateUpdate", moment, summary, reason_data or "{}"))
    alarm.state_value, alarm.state_reason, alarm.state_reason_data = value, reason, reason_data
    alarm.state_updated_timestamp = moment
    if here := hooks():
        after_call(lambda: here.changed(("alarms", "", "")))


def tell_state(_original: Callable[..., None]) -> Callable[..., None]:
    """Alarm.update_state, which SetAlarmState calls: the actions of the new state are carried out, as on AWS."""

    def update_state(alarm: Any, reason: str, reason_data: str, state_value: str) -> None:
        here, old = hooks(), alarm.state_value
        set_state(alarm, state_value, reason, reason_data or "{}", utcnow())
        if here and old != state_value:
            after_call(lambda: here.alarm_set(alarm.name, old))

    return update_state


def put_composite_alarm(response: Any) -> Any:
    """CloudWatchResponse.put_composite_alarm, which moto lacks."""
    if response._get_param("ActionsSuppressor"):
        raise ValidationError("ActionsSuppressor is not rehearsed; leave it out")
    return response.put_metric_alarm()


def describe_alarm_history(response: Any) -> ActionResult:
    """CloudWatchResponse.describe_alarm_history, which moto lacks. The newest comes first unless asked otherwise."""
    name, kind = response._get_param("AlarmName"), response._get_param("HistoryItemType")
    items = [
        {"AlarmName": alarm.name, "AlarmType": "MetricAlarm" if alarm.rule is None else "CompositeAlarm",
         "Timestamp": item.moment, "HistoryItemType": item.kind, "HistorySummary": item.summary,
         "HistoryData": item.data}
        for alarm in list(response.cloudwatch_backend.alarms.values()) if name in (None, alarm.name)
        for item in (Happened(*each) for each in alarm.history)
        if kind in (None, item.kind) and _is_between(item.moment, response)
    ]  # fmt: skip
    newest_first = response._get_param("ScanBy") != "TimestampAscending"
    items.sort(key=lambda item: item["Timestamp"], reverse=newest_first)
    start, size = int(response._get_param("NextToken") or 0), int(response._get_param("MaxRecords") or HIGHEST_PAGE)
    more = {"NextToken": str(start + size)} if start + size < len(items) else {}
    return ActionResult({"AlarmHistoryItems": items[start : start + size], **more})


def read_data(original: Callable[..., Any]) -> Callable[..., Any]:
    """CloudWatchBackend.get_metric_data: periods, dimensions, statistics and metric math as the alarms see them."""

    def get_metric_data(
        backend: Any, queries: list[dict[str, Any]], start_time: datetime, end_time: datetime,
        scan_by: str = "TimestampAscending",
    ) -> Any:  # fmt: skip
        from rehearsal.metrics.reading import metric_data

        spaces = {query["MetricStat"]["Metric"]["Namespace"] for query in queries if "MetricStat" in query}
        if MADE_BY_MOTO & spaces:
            return original(backend, queries, start_time, end_time, scan_by)
        times = _epoch(start_time), _epoch(end_time)
        with refused_as_invalid():
            return list(metric_data(_series(backend), queries, *times, scan_by == "TimestampDescending"))

    return get_metric_data


def read_statistics(original: Callable[..., Any]) -> Callable[..., Any]:
    """CloudWatchBackend.get_metric_statistics. Moto's periods start with the first datum, for any dimensions."""

    def get_metric_statistics(
        backend: Any, namespace: str, metric_name: str, start_time: datetime, end_time: datetime, period: int,
        stats: list[str], dimensions: list[dict[str, str]], unit: str | None = None,
    ) -> Any:  # fmt: skip
        from rehearsal.metrics.reading import metric_statistics

        if namespace in MADE_BY_MOTO:
            return original(backend, namespace, metric_name, start_time, end_time, period, stats, dimensions, unit=unit)
        key = namespace, metric_name, {each["Name"]: each["Value"] for each in dimensions}
        times = _epoch(start_time), _epoch(end_time)
        with refused_as_invalid():
            return list(metric_statistics(_series(backend), key, *times, float(period), stats, unit))

    return get_metric_statistics


def list_once(_original: Callable[..., Any]) -> Callable[..., Any]:
    """CloudWatchBackend.get_filtered_metrics. Moto lists a metric again for each datum, unless it has one dimension."""

    def get_filtered_metrics(backend: Any, metric_name: str, namespace: str, dimensions: list[dict[str, str]]) -> Any:
        found: dict[tuple[Any, ...], Any] = {}
        for datum in backend.get_all_metrics():
            key = datum.namespace, datum.name, tuple(sorted((each.name, each.value) for each in datum.dimensions))
            if key not in found and datum.filter(namespace, metric_name, dimensions):
                found[key] = datum
        return list(found.values())

    return get_filtered_metrics


@contextmanager
def refused_as_invalid() -> Iterator[None]:
    """What the rehearsal does not compute is answered as an invalid request, with the reason."""
    try:
        yield
    except RehearsalError as refused:
        raise ValidationError(str(refused)) from refused


def _series(backend: Any) -> Any:
    from rehearsal.metrics.store import Series

    series = Series(backend)
    series.follow()
    return series


def _epoch(moment: datetime) -> float:
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()


def _is_between(moment: datetime, response: Any) -> bool:
    start, end = response._get_param("StartDate"), response._get_param("EndDate")
    return not (start and moment < _plain(start)) and not (end and moment >= _plain(end))


def _plain(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
