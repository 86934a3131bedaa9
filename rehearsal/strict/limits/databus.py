"""EventBridge: how large events may be, and when rules and schedules may be due."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rehearsal.asked import Asked
from rehearsal.events.cron import ExpressionRefused
from rehearsal.events.expressions import Timing
from rehearsal.strict.limits.limit import Limits
from rehearsal.strict.view import View
from rehearsal.strict.warnings import Warnings
from rehearsal.strict.words import Refusal

EVENTS_BYTES = 1024 * 1024
A_TIME = 14  # bytes that a time counts
RECENTLY = 1.7e9  # whether an expression is due at all does not matter, only that it can be read
_RATE = re.compile(r"rate\((\d+) (minutes?|hours?|days?)\)")


def size(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    if sum(map(_size, asked.parameters["Entries"])) <= EVENTS_BYTES:
        return None
    return Refusal("ValidationException", "Total size of the entries in the request is over the limit.")


def rule_expression(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    """A rule knows no ``at``, and of one day no plural."""
    text = asked.parameters.get("ScheduleExpression")
    if not text or (not text.startswith("at(") and _is_expression(text, "UTC") and _has_right_plural(text)):
        return None
    return Refusal("ValidationException", "Parameter ScheduleExpression is not valid.")


def schedule_expression(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    text, zone = asked.parameters["ScheduleExpression"], asked.parameters.get("ScheduleExpressionTimezone") or "UTC"
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return Refusal("ValidationException", f"Invalid Schedule Expression Timezone {zone}.")
    if _is_expression(text, zone):
        return None
    return Refusal("ValidationException", f"Invalid Schedule Expression {text}.")


def _size(entry: Mapping[str, Any]) -> int:
    texts = [entry.get(name) or "" for name in ("Source", "DetailType", "Detail")] + list(entry.get("Resources") or [])
    return sum(len(text.encode()) for text in texts) + (A_TIME if entry.get("Time") else 0)


def _is_expression(text: str, zone: str) -> bool:
    try:
        Timing(text, zone).next_time(RECENTLY)
    except ExpressionRefused:
        return False
    return True


def _has_right_plural(text: str) -> bool:
    rate = _RATE.fullmatch(text)
    return text.startswith("cron(") or (rate is not None and (rate[1] == "1") is not rate[2].endswith("s"))


EVENTS: Limits = {"PutEvents": (size,), "PutRule": (rule_expression,)}
SCHEDULER: Limits = {"CreateSchedule": (schedule_expression,), "UpdateSchedule": (schedule_expression,)}
