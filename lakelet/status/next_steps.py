"""What is to be done about what a lake shows: at home a command takes things up, on AWS most of them go on alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from lakelet.next_step import next_step
from lakelet.place import Place
from lakelet.status.model import AlarmStatus, Attention, QueueStatus, SourceStatus
from lakelet.status.queues import DEAD
from sources.model import MINUTE
from sources.runs import UNFINISHED, State

LATE_SECONDS = 45 * MINUTE  # reconcile looks every 15 minutes: what it has passed over twice is stuck
REDRIVEN = {dead: name for name, dead in DEAD.items()}


def run_step(entry: Mapping[str, Any], place: Place) -> str:
    """What is next for a run, by its entry in the ledger; empty where nothing is."""
    if place.is_home:
        again = f"lakelet run {str(entry['stream']).split('/')[0]}{place.option}"
        return next_step(entry, again, place.is_live) or ""
    state, run = entry.get("state"), f"{entry['stream']}/{entry['run']}"
    if state == State.PARKED:
        return f"mend its cause, then: lakelet retry {run}{place.option}"
    if state == State.WAITING:
        at = datetime.fromtimestamp(entry.get("resume_at", 0), UTC)
        return f"goes on by itself at the first quarter after {at:%Y-%m-%d %H:%M}Z"
    if state == State.FAILED:
        return "is tried again by itself within 15 minutes"
    return "goes on by itself" if state in UNFINISHED else ""


def is_late(entry: Mapping[str, Any], now: float) -> bool:
    """Whether a run should have got further by now: nothing that takes it up has done so."""
    if entry.get("state") not in UNFINISHED or entry.get("state") == State.CURATING:
        return False  # how long a job runs is for its alarm to judge
    holds = [datetime.fromisoformat(entry["updated_at"]).timestamp() if entry.get("updated_at") else 0.0]
    holds += [float(entry[name]) for name in ("lease_until", "resume_at") if name in entry]
    return now > max(holds) + LATE_SECONDS


def attention(
    place: Place, entries: Sequence[Mapping[str, Any]], queues: Sequence[QueueStatus], alarms: Sequence[AlarmStatus],
    sources: Sequence[SourceStatus],
) -> Iterator[Attention]:  # fmt: skip
    """Everything that does not come right by itself, the most urgent first."""
    for entry in entries:
        if wants := _of_run(entry, place):
            yield wants
    for queue in queues:
        if queue.is_dead and queue.waiting:
            what = f"dead letters in {queue.queue}: {queue.waiting}"
            yield Attention(what, f"mend the cause, then: lakelet redrive {REDRIVEN[queue.queue]}{place.option}")
    for alarm in alarms:
        since = f" since {alarm.since}" if alarm.since else ""
        yield Attention(f"alarm {alarm.alarm} rings{since}", alarm.description or "see docs/operations.md")
    for source in sources:
        if not place.is_home:
            continue
        for stream in source.streams:
            if not stream.runs:
                yield Attention(f"no run of {stream.stream} yet", f"lakelet run {source.source}{place.option}")


def _of_run(entry: Mapping[str, Any], place: Place) -> Attention | None:
    state, run = str(entry["state"]), f"{entry['stream']}/{entry['run']}"
    is_stuck = not place.is_home and is_late(entry, place.now())
    is_left = place.is_home and not place.is_busy and state in UNFINISHED
    if not (is_stuck or is_left or state in (State.PARKED, State.FAILED)):
        return None
    tries = entry.get("attempts", 0)
    after = f" after {tries} attempts" if tries > 1 else ""
    reason = f": {entry['reason']}" if entry.get("reason") else ""
    if not is_stuck:
        return Attention(f"run {run} is {state}{after}{reason}", run_step(entry, place))
    log = f"aws logs tail /aws/lambda/{place.outputs['reconcile_function']} --since 1h"
    return Attention(f"run {run} is {state}, and nothing takes it up{reason}", f"see why: {log}")
