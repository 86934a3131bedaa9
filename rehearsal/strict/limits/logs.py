"""CloudWatch Logs: for how long it keeps, and how much it takes at once."""

from __future__ import annotations

from rehearsal.asked import Asked
from rehearsal.strict.constraints import Violation
from rehearsal.strict.limits.limit import Limits
from rehearsal.strict.view import View
from rehearsal.strict.warnings import Warnings
from rehearsal.strict.words import Refusal, invalid

RETENTION_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
                  3653)  # fmt: skip
BATCH_BYTES = 1024 * 1024
PER_EVENT = 26  # what an event counts besides its text


def retention(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    days = asked.parameters.get("retentionInDays")
    if days in RETENTION_DAYS:
        return None
    constraint = f"Member must satisfy enum value set: [{', '.join(map(str, RETENTION_DAYS))}]"
    return invalid(asked, [Violation("retentionInDays", f"'{days}'", constraint)])


def batch(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    size = sum(len(event["message"].encode()) + PER_EVENT for event in asked.parameters["logEvents"])
    if size <= BATCH_BYTES:
        return None
    return Refusal("InvalidParameterException", f"Upload too large: {size} bytes exceeds limit of {BATCH_BYTES}")


LIMITS: Limits = {"PutRetentionPolicy": (retention,), "PutLogEvents": (batch,)}
