"""A status as text for people, 80 columns wide, or as JSON for programs. Nothing here looks at a lake."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Sequence, Set
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from lakelet.cells import cut, size
from lakelet.status.model import QuotaStatus, ScheduleStatus, SourceStatus, Status, StreamStatus

WIDTH = 80
_SPANS = {60: "a minute", 3600: "an hour", 86_400: "a day"}
_COMMAND, _STAYS = re.compile(r"(?<=: )(lakelet|aws) .*$"), "\0"
_RUNS = "  {:<16}  {:<10} {:>5} {:>10} {:>10} {:>9} {:>9}"
_TABLES = "  {:<20} {:>11} {:>6} {:>9} {:>9}  {:<17}"
_QUEUES = "{:<22} {:>11} {:>10}"


def as_json(status: Status) -> str:
    return json.dumps(asdict(status), ensure_ascii=False, indent=2)


def as_text(status: Status) -> str:
    told = {wants.next for wants in status.attention}
    parts = [_head(status), *(_source(source, told) for source in status.sources), _queues(status)]
    return "\n\n".join("\n".join(lines) for lines in map(list, parts) if lines)


def _head(status: Status) -> Iterator[str]:
    """Whether all is well is seen in the first line."""
    count = len(status.attention)
    well = "all well" if not count else f"{count} thing{' wants' if count == 1 else 's want'} attention"
    yield f"{well}{'; a command is at work' if status.is_busy else ''}"
    yield f"{status.place}, {_minute(status.at)}"
    for number, wants in enumerate(status.attention, 1):
        yield ""
        yield from _wrapped(wants.what, f"{number:>2} ", "   ")
        yield from _wrapped(wants.next, "   -> ", "      ")


def _source(source: SourceStatus, told: Set[str]) -> Iterator[str]:
    yield f"{source.source}{_quota(source.quota)}"
    for stream in source.streams:
        yield from _stream(stream, told)
    for job in source.jobs:
        yield f"  job run {job}"
    if source.tables:
        yield ""
        yield _TABLES.format("table", "rows", "files", "size", "snapshots", "newest").rstrip()
    for table in source.tables:
        taken, newest = size(table.bytes, "B"), _minute(table.newest)
        name = cut(table.table, 20)
        yield _TABLES.format(
            name, f"{table.rows:,}", f"{table.files:,}", taken, f"{table.snapshots:,}", newest
        ).rstrip()
        if table.delete_files:
            yield f"    with {table.delete_files:,} delete file{'' if table.delete_files == 1 else 's'} to fold in"
    if source.set_aside:
        reasons = " · ".join(f"{reason} {count:,}" for reason, count in source.set_aside.items())
        yield from _wrapped(f"set aside in these runs: {reasons}", "  ", "    ")


def _stream(stream: StreamStatus, told: Set[str]) -> Iterator[str]:
    """``told`` are the next steps that stand above already."""
    yield from _wrapped(f"{stream.stream.split('/')[-1]}: {_due(stream.schedule)}", "  ", "    ")
    if not stream.runs:
        yield "  no run yet"
        return
    yield ""
    yield _RUNS.format("run", "state", "pages", "rows in", "merged", "duplicate", "set aside")
    for run in stream.runs:
        counts = (f"{count:,}" for count in (run.pages, run.rows_in, run.merged, run.duplicates, run.set_aside))
        yield _RUNS.format(run.run.split("/")[-1], run.state, *counts)
        if run.cursor and run.state in ("extracting", "waiting", "failed"):
            yield f"    reads on at page {run.pages + 1}, {_place(run.cursor)}"
        for note in run.notes:
            yield from _wrapped(f"note: {note}", "    ", "      ")
        if run.next and run.next not in told:
            yield from _wrapped(run.reason, "    ", "    ")
            yield from _wrapped(f"-> {run.next}", "    ", "       ")


def _place(cursor: str) -> str:
    """Where a run goes on: the part and the cursor in it, where its stream has parts."""
    mark = _json(cursor)
    if isinstance(mark, dict) and "part" in mark:
        return cut(f"part {mark['part']}, cursor {mark.get('at') or 'at its beginning'}", 60)
    return f"cursor {cut(cursor, 40)}"


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _due(schedule: ScheduleStatus | None) -> str:
    if schedule is None:
        return "its schedule is not there; bring the stack up again"
    if not schedule.is_enabled:
        return f"the schedule {schedule.name} is switched off ({schedule.expression})"
    if not schedule.next:
        return f"not due again ({schedule.expression})"
    local = datetime.fromisoformat(schedule.next).astimezone(ZoneInfo(schedule.zone))
    return f"next due {local:%Y-%m-%d %H:%M} {schedule.zone}, {schedule.expression}"


def _quota(limits: Sequence[QuotaStatus]) -> str:
    each = (
        f"{limit.left:,} of {limit.calls:,} {_SPANS.get(limit.seconds, f'in {limit.seconds} s')}" for limit in limits
    )
    return f", calls left: {', '.join(each)}" if limits else ""


def _queues(status: Status) -> Iterator[str]:
    yield _QUEUES.format("queues", "waiting", "in flight")
    for queue in status.queues:
        yield _QUEUES.format(f"  {queue.queue}", f"{queue.waiting:,}", f"{queue.in_flight:,}")
        for message in queue.messages:
            yield from _wrapped(message, "    ", "      ")


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    """A command at the end of a text stays on one line, however long, so that it can be copied."""
    whole = _COMMAND.sub(lambda found: found[0].replace(" ", _STAYS), text)
    lines = textwrap.wrap(
        whole, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return [line.replace(_STAYS, " ") for line in lines]


def _minute(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M}Z" if moment else "-"
