"""What CloudWatch keeps over time, as alarms and the dashboard name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infra.naming import Names
from sources.metrics import NAMESPACE, Metric


@dataclass(frozen=True)
class Series:
    """One metric with the values of its dimensions."""

    namespace: str
    metric: str
    dimensions: Mapping[str, str]


def measured(metric: Metric, names: Names, **by: str) -> Series:
    """A metric that the functions put; ``by`` gives its dimensions besides the stack. KeyError where one is missing."""
    known = {"stack": names.stack, **by}
    return Series(NAMESPACE, metric.name, {name: known[name] for name in metric.by})


def of_function(metric: str, function: str) -> Series:
    return Series("AWS/Lambda", metric, {"FunctionName": function})


def of_queue(metric: str, queue: str) -> Series:
    return Series("AWS/SQS", metric, {"QueueName": queue})


def of_schedules(metric: str, group: str) -> Series:
    return Series("AWS/Scheduler", metric, {"ScheduleGroup": group})
