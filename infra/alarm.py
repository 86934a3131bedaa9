"""An alarm: one series watched, and what to do when it is not as it should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pulumi
from pulumi_aws import cloudwatch

from infra.naming import Names
from infra.series import Series

MINUTE, HOUR, DAY, WEEK = 60, 3_600, 86_400, 604_800
RUNBOOKS = "docs/operations.md"

Missing = Literal["notBreaching", "missing"]


@dataclass(frozen=True)
class Alarm:
    """``kind`` is the heading of its runbook, ``of`` what in the stack it is about, ``first`` the first thing to do.

    It goes off when in each of the last ``periods`` the series was ``above`` or ``below`` a bound. One that ``lasts``
    also tells when it is over; the others are about something that happened, and fall silent by themselves. One whose
    series may not go ``missing`` tells when it does: not while there has never been any.
    """

    kind: str
    of: tuple[str, ...]
    says: str
    first: str
    series: Series
    statistic: Literal["Sum", "Maximum", "Minimum"]
    above: float | None = None
    below: float | None = None
    period_seconds: int = 15 * MINUTE
    periods: int = 1
    missing: Missing = "notBreaching"
    lasts: bool = False

    @property
    def key(self) -> str:
        return "-".join((self.kind, *self.of))

    @property
    def description(self) -> str:
        return f"{self.says}. First: {self.first}. Runbook: {RUNBOOKS}, {self.kind}"


def declare(
    alarm: Alarm, names: Names, topic_arn: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    """The alarm, telling the topic. Gives its name."""
    made = cloudwatch.MetricAlarm(
        f"alarm-{alarm.key}",
        name=names.of("alarm", alarm.key),
        alarm_description=alarm.description,
        namespace=alarm.series.namespace,
        metric_name=alarm.series.metric,
        dimensions=dict(alarm.series.dimensions),
        statistic=alarm.statistic,
        period=alarm.period_seconds,
        evaluation_periods=alarm.periods,
        comparison_operator="LessThanThreshold" if alarm.below is not None else "GreaterThanThreshold",
        threshold=alarm.below if alarm.below is not None else alarm.above,
        treat_missing_data=alarm.missing,
        insufficient_data_actions=[topic_arn] if alarm.missing == "missing" else None,
        alarm_actions=[topic_arn],
        ok_actions=[topic_arn] if alarm.lasts else None,
        tags=names.tags,
        opts=opts,
    )
    return made.name
