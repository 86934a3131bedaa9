"""Looks at a lake, through boto3 and with calls that change nothing. Its parts are asked side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from lakelet.errors import UsageError
from lakelet.ledger import runs_of, uncurated_of
from lakelet.place import Place
from lakelet.status.model import (
    AlarmStatus,
    QuotaStatus,
    RunStatus,
    ScheduleStatus,
    SourceStatus,
    Status,
    StreamStatus,
    TableStatus,
)
from lakelet.status.next_steps import attention, run_step
from lakelet.status.queues import QUEUES, queue_status
from lakelet.status.reasons import CountReasons, count_reasons
from lakelet.status.tables import table_status
from lambdas.clock import iso
from rehearsal.events.expressions import Timing
from sources import SOURCES
from sources.model import Source
from sources.runs import COUNTS, State

RUNS = 5
_WORKERS = 8
_ALARMS_AT_ONCE = 100
_JOB_RUNS = 20  # the newest ones, among which those under way are
_UNDER_WAY = ("STARTING", "RUNNING", "STOPPING", "WAITING")

Entry = Mapping[str, Any]
Start = Callable[..., Future[Any]]


def chosen(place: Place, names: Sequence[str]) -> list[Source]:
    """The sources that were asked for, or all that the lake has. Raises UsageError for one that it has not."""
    known = [source for name, source in sorted(SOURCES.items()) if name in place.outputs["extract_functions"]]
    for name in names:
        if name not in {source.name for source in known}:
            there_are = ", ".join(source.name for source in known) or "none"
            raise UsageError(f"{place.title} has no source {name!r}; there are: {there_are}")
    return [source for source in known if not names or source.name in names]


def look(
    place: Place, sources: Sequence[Source], runs: int = RUNS, peeks: bool = False, count: CountReasons = count_reasons
) -> Status:
    """The lake as it is; ``runs`` is how many of each stream. ``peeks`` receives dead letters to tell what they say.

    ``count`` reads the tables of the rows that were set aside, where they have any.
    """
    with ThreadPoolExecutor(_WORKERS) as crew:
        queues = [crew.submit(queue_status, place, name, peeks) for name in QUEUES]
        alarms = crew.submit(_alarms, place)
        parts = [_Source(place, source, runs, crew.submit, count) for source in sources]
        found = [part.status() for part in parts]
        entries = [entry for part in parts for entry in part.entries()]
        waiting, ringing = [queue.result() for queue in queues], alarms.result()
    wants = tuple(attention(place, entries, waiting, ringing, found))
    return Status(place.title, iso(place.now()), place.is_busy, wants, tuple(found), tuple(waiting), tuple(ringing))


class _Source:
    """One source: everything is asked for when it is made, and waited for in ``status``."""

    def __init__(self, place: Place, source: Source, runs: int, start: Start, count: CountReasons) -> None:
        self._place, self._source, self._count = place, source, count
        self._runs = {stream.name: start(_entries, place, source.name, stream.name, runs) for stream in source.streams}
        self._tables = [start(table_status, place, name) for name in source.table_names]
        self._schedules = {stream.name: start(_schedule, place, source.name, stream.name) for stream in source.streams}
        self._quota = start(_quota, place, source)
        self._jobs = start(_jobs, place, source.name)

    def entries(self) -> list[Entry]:
        return [entry for runs in self._runs.values() for entry in runs.result()]

    def status(self) -> SourceStatus:
        source = self._source
        tables: list[TableStatus] = [found for each in self._tables if (found := each.result())]
        streams = tuple(
            StreamStatus(
                f"{source.name}/{stream.name}",
                self._schedules[stream.name].result(),
                tuple(_run(entry, self._place) for entry in self._runs[stream.name].result()),
            )
            for stream in source.streams
        )
        return SourceStatus(
            source.name, streams, self._quota.result(), tuple(tables), self._set_aside(tables), self._jobs.result()
        )

    def _set_aside(self, tables: Iterable[TableStatus]) -> dict[str, int]:
        """The table of the rows is opened only where there are any."""
        runs = [str(entry["run"]) for entry in self.entries()]
        filled = {table.table for table in tables if table.rows}
        asides = [table.set_aside for table in self._source.tables if table.set_aside in filled]
        if not (asides and runs):
            return {}
        return self._count(self._place.catalog_properties, self._place.outputs["database"], asides, runs)


def _entries(place: Place, source: str, stream: str, most: int) -> list[Entry]:
    """The newest runs of a stream, and those of the older ones that are not in the tables; the newest first."""
    dynamodb, table = place.client("dynamodb"), place.outputs["runs_table"]
    asked = dynamodb, table, source, stream
    found = {entry["run"]: entry for entry in (*runs_of(*asked, limit=most), *uncurated_of(*asked))}
    return [found[run] for run in sorted(found, reverse=True)]


def _run(entry: Entry, place: Place) -> RunStatus:
    counts = entry.get("counts", {})
    of = {name: int(counts.get(name, 0)) for name in COUNTS}
    of["rows_in"] = of["rows_in"] or int(entry.get("rows", 0))
    return RunStatus(
        run=f"{entry['stream']}/{entry['run']}",
        state=entry["state"],
        updated_at=entry.get("updated_at", ""),
        pages=max(int(entry.get("page", 1)) - 1, 0),
        attempts=int(entry.get("attempts", 0)),
        reason=entry.get("reason", ""),
        cursor=str(entry.get("cursor", "")),
        resume_at=iso(entry["resume_at"]) if entry["state"] == State.WAITING and "resume_at" in entry else "",
        next=run_step(entry, place),
        notes=tuple(entry.get("notes", ())),
        **of,
    )


def _schedule(place: Place, source: str, stream: str) -> ScheduleStatus | None:
    """A schedule that is not there any more, or stands in no group of ours, is None."""
    name, scheduler = place.outputs["schedules"].get(f"{source}/{stream}"), place.client("scheduler")
    listed = scheduler.list_schedules(NamePrefix=name)["Schedules"] if name else []
    group = next((each["GroupName"] for each in listed if each["Name"] == name), None)
    if group is None:
        return None
    told = scheduler.get_schedule(GroupName=group, Name=name)
    dates = {key: told[key].timestamp() for key in ("CreationDate", "StartDate", "EndDate") if told.get(key)}
    zone, is_enabled = told.get("ScheduleExpressionTimezone") or "UTC", told.get("State", "ENABLED") == "ENABLED"
    timing = Timing(
        told["ScheduleExpression"], zone, dates.get("CreationDate", 0.0), dates.get("StartDate"), dates.get("EndDate")
    )
    moment = timing.next_time(place.now()) if is_enabled else None
    return ScheduleStatus(name, told["ScheduleExpression"], zone, is_enabled, iso(moment) if moment else "")


def _quota(place: Place, source: Source) -> tuple[QuotaStatus, ...]:
    """What is left in the windows that are open now: extract counts each call in all of them."""
    now, dynamodb = int(place.now()), place.client("dynamodb")
    found = []
    for limit in source.api.quota:
        window = now // limit.seconds
        key = {"source": {"S": source.name}, "window": {"S": f"{limit.seconds}#{window}"}}
        item = dynamodb.get_item(TableName=place.outputs["quota_table"], Key=key).get("Item", {})
        left = max(0, limit.calls - int(item.get("used", {}).get("N", 0)))
        found.append(QuotaStatus(limit.calls, limit.seconds, left, iso((window + 1) * limit.seconds)))
    return tuple(found)


def _jobs(place: Place, source: str) -> tuple[str, ...]:
    """The runs of the source's job that have not ended, with their state."""
    job = place.outputs["curate_jobs"][source]
    runs = place.client("glue").get_job_runs(JobName=job, MaxResults=_JOB_RUNS)["JobRuns"]
    return tuple(f"{run['Id']} {run['JobRunState']}" for run in runs if run["JobRunState"] in _UNDER_WAY)


def _alarms(place: Place) -> tuple[AlarmStatus, ...]:
    """The alarms of the stack that ring."""
    names, cloudwatch = sorted(place.outputs.get("alarms", ())), place.client("cloudwatch")
    told = [
        alarm
        for first in range(0, len(names), _ALARMS_AT_ONCE)
        for alarm in cloudwatch.describe_alarms(
            AlarmNames=names[first : first + _ALARMS_AT_ONCE], StateValue="ALARM", MaxRecords=_ALARMS_AT_ONCE
        )["MetricAlarms"]
    ]
    return tuple(
        AlarmStatus(
            alarm["AlarmName"],
            iso(alarm["StateUpdatedTimestamp"].timestamp()) if "StateUpdatedTimestamp" in alarm else "",
            alarm.get("StateReason", ""),
            _here(alarm.get("AlarmDescription", ""), place),
        )
        for alarm in told
        if alarm["StateValue"] == "ALARM"
    )


def _here(text: str, place: Place) -> str:
    """The stack names itself in the commands that it tells; at home they are for the lake at home."""
    return re.sub(r" --stack \S*\w", place.option, text) if place.is_home else text
