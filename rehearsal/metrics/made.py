"""Which metrics of AWS's own the rehearsal makes. On any other no alarm can be judged, and that is said."""

from __future__ import annotations

from collections.abc import Iterable

MADE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "AWS/Lambda": (("FunctionName",), ("Invocations", "Errors", "Throttles", "Duration")),
    "AWS/SQS": (
        ("QueueName",),
        ("ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessagesNotVisible",
         "ApproximateAgeOfOldestMessage", "NumberOfMessagesSent"),
    ),
    "AWS/Scheduler": (
        ("ScheduleGroup",), ("InvocationAttemptCount", "TargetErrorCount", "InvocationDroppedCount"),
    ),
    "AWS/Events": (("RuleName",), ("Invocations", "FailedInvocations")),
}  # fmt: skip
"""By namespace: the dimensions that go with each metric, and the metrics."""

# Glue's job metrics exist only for jobs that ask for them, and none of them is made here.
_OF_SERVICES = ("AWS/", "Glue")


def never_made(namespace: str, name: str, dimensions: Iterable[str]) -> str | None:
    """Why a metric will never have data in the rehearsal; None for one that is made, or that a program may put."""
    if not namespace.startswith(_OF_SERVICES[0]) and namespace != _OF_SERVICES[1]:
        return None
    by, names = MADE.get(namespace, ((), ()))
    if name not in names:
        return f"the rehearsal never makes the metric {namespace} {name}; alarms on it are not evaluated"
    if tuple(dimensions) != by:
        return f"the rehearsal makes {namespace} {name} by {', '.join(by)} only; alarms on others are not evaluated"
    return None
