"""What is told of a lake. The field names are the keys of ``lakelet status --json``: they stay, and new ones may come.

Times are ISO texts with a zone, or empty where there is none; sizes are bytes. docs/status.md says what each one means.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Attention:
    """Something that does not come right by itself, and the command or the deed that is next."""

    what: str
    next: str


@dataclass(frozen=True)
class RunStatus:
    """One run. Counts are 0 as long as no job has counted; ``rows_in`` is then what was fetched so far."""

    run: str
    state: str
    updated_at: str = ""
    pages: int = 0
    rows_in: int = 0
    merged: int = 0
    duplicates: int = 0
    set_aside: int = 0
    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    attempts: int = 0
    reason: str = ""
    cursor: str = ""
    resume_at: str = ""
    next: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScheduleStatus:
    """``next`` is empty for a schedule that does not fire again."""

    name: str
    expression: str
    zone: str
    is_enabled: bool
    next: str


@dataclass(frozen=True)
class StreamStatus:
    stream: str
    schedule: ScheduleStatus | None
    runs: tuple[RunStatus, ...]


@dataclass(frozen=True)
class QuotaStatus:
    """At most ``calls`` in a window of ``seconds``; the window that is open now ends at ``renews_at``."""

    calls: int
    seconds: int
    left: int
    renews_at: str


@dataclass(frozen=True)
class TableStatus:
    """A table by its newest snapshot. ``newest`` is when runs last changed it, ``newest_run`` which; upkeep is no run.

    ``bytes`` are those of files and of ``delete_files``, which say which rows of the files are there no more.
    """

    table: str
    rows: int = 0
    files: int = 0
    bytes: int = 0
    snapshots: int = 0
    snapshot: str = ""
    newest: str = ""
    newest_run: str = ""
    delete_files: int = 0


@dataclass(frozen=True)
class SourceStatus:
    """``set_aside`` counts the rows of the runs that are shown, by reason. ``jobs`` are the job runs under way."""

    source: str
    streams: tuple[StreamStatus, ...]
    quota: tuple[QuotaStatus, ...]
    tables: tuple[TableStatus, ...]
    set_aside: dict[str, int]
    jobs: tuple[str, ...]


@dataclass(frozen=True)
class QueueStatus:
    """``messages`` tells of the first few, where that was asked for or costs nothing."""

    queue: str
    is_dead: bool
    waiting: int
    in_flight: int
    messages: tuple[str, ...] = ()


@dataclass(frozen=True)
class AlarmStatus:
    alarm: str
    since: str
    reason: str
    description: str


@dataclass(frozen=True)
class Status:
    place: str
    at: str
    is_busy: bool
    attention: tuple[Attention, ...]
    sources: tuple[SourceStatus, ...]
    queues: tuple[QueueStatus, ...]
    alarms: tuple[AlarmStatus, ...]
