"""Reads from a deployed stack, by boto3 alone, how often things run in it and what always stands."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lakelet.cost.month import HOURS, Stack
from lakelet.place import Place
from sources.model import DAY

YEAR_DAYS = 365
MONTHS = Decimal(YEAR_DAYS * 24) / HOURS  # in a year
UNITS = {"minute": 60, "hour": 3600, "day": DAY}


def stack_of(place: Place, queries_a_day: int | None = None) -> Stack:
    """Without ``queries_a_day``, each named query of the stack is taken to be asked once a day."""
    outputs, client = place.outputs, place.client
    scheduler = client("scheduler")
    now = place.now()
    return Stack(
        runs={stream: per_month(*_timing(scheduler, name), now) for stream, name in outputs["schedules"].items()},
        ticks=per_month(*_timing(scheduler, outputs["reconcile_schedule"]), now),
        shared=(outputs["reconcile_function"], f"{outputs['reconcile_schedule']}-schedule"),
        sweeps=tuple(outputs["extract_functions"].values()),
        secrets=dict.fromkeys(outputs["extract_functions"], 1),
        alarm_metrics=_alarm_metrics(client, outputs),
        dashboards=1 if outputs.get("dashboard") else 0,
        polled_queues=1 if outputs.get("manifests_queue") else 0,
        queries_a_day=_named_queries(client, outputs) if queries_a_day is None else queries_a_day,
    )


def per_month(expression: str, zone: str, now: float) -> Decimal:
    """How often a schedule is due in a month: of the next year a twelfth."""
    from rehearsal.events.expressions import Timing

    kind, _, text = expression.rstrip(")").partition("(")
    if kind == "rate":
        number, unit = text.split()
        return Decimal(HOURS * 3600) / (int(number) * UNITS[unit.rstrip("s")])
    timing, moment, due = Timing(expression, zone), now, 0
    while (following := timing.next_time(moment)) is not None and following <= now + YEAR_DAYS * DAY:
        moment, due = following, due + 1
    return due / MONTHS


def _timing(scheduler: Any, name: str) -> tuple[str, str]:
    """The expression and the zone of a schedule. Its group is looked up, for the stack does not tell it."""
    found = [each for each in scheduler.list_schedules(NamePrefix=name)["Schedules"] if each["Name"] == name]
    told = scheduler.get_schedule(Name=name, **({"GroupName": found[0]["GroupName"]} if found else {}))
    return told["ScheduleExpression"], told.get("ScheduleExpressionTimezone") or "UTC"


def _alarm_metrics(client: Any, outputs: Mapping[str, Any]) -> int:
    """An alarm is billed for each metric that it looks at."""
    names = list(outputs.get("alarms") or ())
    if not names:
        return 0
    alarms = client("cloudwatch").describe_alarms(AlarmNames=names, MaxRecords=100)["MetricAlarms"]
    return sum(_metrics_in(alarm) for alarm in alarms)


def _metrics_in(alarm: Mapping[str, Any]) -> int:
    return sum(1 for metric in alarm.get("Metrics") or () if "MetricStat" in metric) or 1


def _named_queries(client: Any, outputs: Mapping[str, Any]) -> int:
    athena, count = client("athena"), 0
    token: dict[str, str] = {}
    while True:
        page = athena.list_named_queries(WorkGroup=outputs["workgroup"], **token)
        count += len(page["NamedQueryIds"])
        if not page.get("NextToken"):
            return count
        token = {"NextToken": page["NextToken"]}
