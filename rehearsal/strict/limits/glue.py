"""Glue: the workers and the time of a job, and how long its arguments may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.asked import Asked
from rehearsal.strict.limits.limit import Limits
from rehearsal.strict.view import View
from rehearsal.strict.warnings import Warnings
from rehearsal.strict.words import Refusal

MOST_MINUTES = 10_080  # seven days
MOST_WORKERS = {"Standard": 299, "G.1X": 299, "G.2X": 149}
# Not documented: users have measured that calls of 180 to 190 thousand bytes begin to fail.
MOST_BYTES = 180_000
LEAST_WORKERS = 2  # one of them drives
ONE_WILL_DO = ("G.025X", "Z.2X", "Standard")


def created(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    return _size(asked) or _job(asked.parameters)


def updated(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    return _size(asked) or _job(asked.parameters.get("JobUpdate") or {})


def started(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    return _size(asked) or _capacity(asked.parameters) or _time(asked.parameters)


def _size(asked: Asked) -> Refusal | None:
    return _wrong("Request size limit exceeded") if len(asked.body) > MOST_BYTES else None


def _job(job: Mapping[str, Any]) -> Refusal | None:
    kind, number = job.get("WorkerType"), job.get("NumberOfWorkers")
    if (kind is None) is not (number is None):
        return _wrong("Please set both Worker Type and Number of Workers.")
    return _capacity(job) or _time(job)


def _capacity(job: Mapping[str, Any]) -> Refusal | None:
    kind, number = job.get("WorkerType"), job.get("NumberOfWorkers")
    if kind and job.get("MaxCapacity") is not None:
        return _wrong("Please do not set Max Capacity if using Worker Type and Number of Workers.")
    if kind and number is not None and kind not in ONE_WILL_DO and number < LEAST_WORKERS:
        return _wrong(f"To use Worker Type {kind}, minimum allowed value of Number of Workers is {LEAST_WORKERS}.")
    most = MOST_WORKERS.get(kind or "")
    if most is not None and number is not None and number > most:
        return _wrong(f"To use Worker Type {kind}, maximum allowed value of Number of Workers is {most}.")
    return None


def _time(job: Mapping[str, Any]) -> Refusal | None:
    minutes = job.get("Timeout")
    if minutes is None or minutes <= MOST_MINUTES:
        return None
    return _wrong(f"Timeout must be at most {MOST_MINUTES} minutes, it is {minutes}.")


def _wrong(message: str) -> Refusal:
    return Refusal("InvalidInputException", message)


LIMITS: Limits = {"CreateJob": (created,), "UpdateJob": (updated,), "StartJobRun": (started,)}
