"""Whether an alarm, as it is put, can be evaluated and acted upon here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.metrics.composite import read
from rehearsal.metrics.definition import definition_of
from rehearsal.metrics.expressions import NotEvaluated

ACTED_ON = ("sns", "lambda")


def check(alarm: Any, others: Mapping[str, Any]) -> None:
    """Raises NotEvaluated, naming what stands in the way. ``others`` are the alarms of the account by name."""
    for arn in [*alarm.alarm_actions, *alarm.ok_actions, *alarm.insufficient_data_actions]:
        if (arn.split(":") + [""] * 3)[2] not in ACTED_ON:
            raise NotEvaluated(f"action {arn} is not rehearsed; topics and functions are")
    if alarm.rule is None:
        definition_of(alarm)
        return
    unknown = sorted(read(alarm.rule).names - set(others))
    if unknown:
        raise NotEvaluated(f"the rule names {', '.join(unknown)}, and there is no such alarm; put it first")
    if alarm.name in _followed(alarm.rule, others):
        raise NotEvaluated(f"the rule of {alarm.name} leads back to the alarm itself")


def _followed(rule: str, others: Mapping[str, Any]) -> set[str]:
    """All alarms that a rule depends on, by way of others too."""
    found: set[str] = set()
    waiting = set(read(rule).names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        other = others.get(name)
        if other is not None and other.rule is not None:
            waiting |= read(other.rule).names - found
    return found
