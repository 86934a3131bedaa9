"""Reads from a rehearsal what a run used: the calls, the functions' time, the jobs' time."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lakelet.usage.operations import Called, billed, is_free
from rehearsal.calls import OUTSIDE
from sources.layout import MANIFESTS, RAW

LEAST_JOB_SECONDS = 60  # Glue bills no run for less
EVENTS = "events"  # the part of what S3 itself sends
METRICS = "metrics"  # the part of what CloudWatch takes out of the logs
PLACES = 9  # of a second, a unit: what is left of binary fractions is cut off here

Usage = dict[str, Any]


class Rehearsed(Protocol):
    """What is read of a rehearsal."""

    account: Any
    functions: Any

    @property
    def jobs(self) -> Any: ...


@dataclass(frozen=True)
class Mark:
    calls: int
    invocations: int
    jobs: int
    metrics: int


class Meter:
    """``mark()`` before a run, ``since(mark)`` after it."""

    def __init__(self, rehearsal: Rehearsed, outputs: Mapping[str, Any]) -> None:
        self._rehearsal, self._outputs = rehearsal, outputs

    def mark(self) -> Mark:
        has = self._rehearsal
        return Mark(len(has.account.calls), len(has.functions.invocations), len(has.jobs.records), len(self._metrics()))

    def since(self, mark: Mark, table_bytes: Mapping[str, int] | None = None) -> Usage:
        """What the lake used since the mark, as a plain dictionary.

        ``parts`` has the quantities by who used them: each function, job and schedule by its name. ``table_bytes`` are
        the sizes of the tables as they are now, where the caller knows them.
        """
        has, raw_bucket = self._rehearsal, str(self._outputs["raw_bucket"])
        calls = [call for call in has.account.calls.since(mark.calls) if is_of_the_lake(call)]
        parts, free, unknown = _parts(calls)
        for ran in has.functions.invocations[mark.invocations :]:
            parts[ran.function]["lambda_requests"] += 1
            parts[ran.function]["lambda_gb_seconds"] += ran.billed_ms / 1000 * ran.memory_mb / 1024
        jobs = has.jobs.records[mark.jobs :]
        for record in jobs:
            parts[record.job_name][self._kind_of_job(record.job_name)] += dpu_seconds(record)
        if metric_hours := self._metric_hours(mark.metrics):
            parts[METRICS]["custom_metric_hours"] += metric_hours
        announced = [call for call in _puts(calls) if call.resource.startswith(f"{raw_bucket}/{MANIFESTS}")]
        if announced:
            parts[EVENTS]["sqs_requests"] += len(announced)
        pages = [call for call in _puts(calls) if call.resource.startswith(f"{raw_bucket}/{RAW}")]
        return {
            "region": has.account.region,
            "parts": {name: _rounded(quantities) for name, quantities in sorted(parts.items()) if quantities},
            "free": dict(sorted(free.items())),
            "unknown": dict(sorted(unknown.items())),
            "pages": len(pages),
            "page_bytes": sum(call.request_bytes for call in pages),
            "job_seconds": round(sum(record.seconds_running for record in jobs), 3),
            "job_dpu": max((float(record.dpu) for record in jobs), default=0.0),
            "written_bytes": sum(call.request_bytes for call in _puts(calls)),
            "table_bytes": dict(table_bytes or {}),
        }

    def _metrics(self) -> Sequence[Any]:
        from rehearsal.metrics.store import backend_of

        account = self._rehearsal.account
        return backend_of(account.account_id, account.region).metric_data  # type: ignore[no-any-return]

    def _metric_hours(self, mark: int) -> int:
        """Each custom metric counts for the hours in which it was sent."""
        return len({
            (datum.namespace, datum.name, tuple(sorted((each.name, each.value) for each in datum.dimensions)),
             datum.timestamp.strftime("%Y%m%d%H"))
            for datum in self._metrics()[mark:]
            if not datum.namespace.startswith("AWS/")
        })  # fmt: skip

    def _kind_of_job(self, job: str) -> str:
        version = self._rehearsal.account.client("glue").get_job(JobName=job)["Job"].get("GlueVersion", "0")
        return glue_quantity(version)


def is_of_the_lake(call: Any) -> bool:
    """Whether the lake's own roles made the call, and AWS itself did not break down over it."""
    acts_for_itself = call.principal.endswith(".amazonaws.com")
    return call.principal not in OUTSIDE and not acts_for_itself and call.status < 500


def dpu_seconds(record: Any) -> float:
    """What Glue bills of a run: nothing before it runs, then by the second, and a minute at least."""
    seconds: float = record.seconds_running
    return max(LEAST_JOB_SECONDS, math.ceil(seconds)) * float(record.dpu) if seconds > 0 else 0.0


def glue_quantity(version: str) -> str:
    """Glue's price hangs on its version."""
    return f"glue_{version.split('.')[0]}_dpu_seconds"


def glue_kind_of(used: Mapping[str, float]) -> str:
    """The quantity of the jobs of a run; empty where none ran."""
    return next((name for name in used if name.startswith("glue_") and name.endswith("_dpu_seconds")), "")


def added(earlier: Usage | None, later: Usage) -> Usage:
    """Both together: a run that was cut off and went on used what it used before, too."""
    if not earlier:
        return later
    names = sorted({*earlier["parts"], *later["parts"]})
    return {
        **later,
        "parts": {name: _summed([earlier["parts"].get(name, {}), later["parts"].get(name, {})]) for name in names},
        "free": _summed([earlier["free"], later["free"]]),
        "unknown": _summed([earlier["unknown"], later["unknown"]]),
        **{name: earlier[name] + later[name] for name in ("pages", "page_bytes", "job_seconds", "written_bytes")},
        "job_dpu": max(earlier["job_dpu"], later["job_dpu"]),
        "table_bytes": later["table_bytes"] or earlier["table_bytes"],
    }


def quantities(usage: Usage, leave_out: Iterable[str] = ()) -> dict[str, float]:
    """What all parts used together, apart from those to leave out."""
    skipped = set(leave_out)
    return _summed([used for name, used in usage["parts"].items() if name not in skipped])


Part = defaultdict[str, float]


def _parts(calls: Iterable[Called]) -> tuple[defaultdict[str, Part], Counter[str], Counter[str]]:
    parts: defaultdict[str, Part] = defaultdict(lambda: defaultdict(float))
    free: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for call in calls:
        try:
            found = billed(call)
        except KeyError:
            unknown[f"{call.service}:{call.operation}"] += 1
            continue
        if found is not None:
            parts[call.principal.split("/")[0]][found[0]] += found[1]
        if is_free(call):
            free[f"{call.service}:{call.operation}"] += 1
    return parts, free, unknown


def _puts(calls: Iterable[Any]) -> list[Any]:
    return [call for call in calls if call.service == "s3" and call.operation == "PutObject" and call.status == 200]


def _summed(many: Iterable[Mapping[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for each in many:
        for name, value in each.items():
            total[name] = total.get(name, 0) + value
    return _rounded(total)


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    """Whole numbers as such, so that they read well in JSON."""
    rounded = {name: round(value, PLACES) for name, value in sorted(values.items())}
    return {name: int(value) if value == int(value) else value for name, value in rounded.items()}
