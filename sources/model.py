"""The words a source is declared in. Nothing here does anything: the other rooms read these declarations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar, Literal

from sources.options import Option
from sources.paging import Paging
from sources.schedules import DAY, MINUTE, Daily, Schedule, Weekly
from sources.shape import Shape

__all__ = ["DAY", "MINUTE", "Daily", "Option", "Schedule", "Weekly"]  # a source is declared from this module alone


@dataclass(frozen=True)
class HeaderKey:
    """The API key goes into this request header, read from the source's secret. Keys have the ``form``."""

    header: str
    form: ClassVar[str] = "KEY"


@dataclass(frozen=True)
class ClientCredentials:
    """A token of ``token_url`` goes into the Authorization header.

    It is given for the source's secret, which is ``ID:SECRET``, and taken anew when it runs out or is refused.
    """

    token_url: str
    form: ClassVar[str] = "ID:SECRET"


@dataclass(frozen=True)
class Limit:
    """At most ``calls`` in each window of ``seconds``: windows counted from the Unix epoch, or any that ``rolls``."""

    calls: int
    seconds: int
    rolls: bool = False


@dataclass(frozen=True)
class Api:
    """Where a source is read, how it knows us, and how often it may be asked."""

    url: str
    auth: HeaderKey | ClientCredentials
    quota: tuple[Limit, ...] = ()
    headers: dict[str, str] = field(default_factory=dict, hash=False)
    timeout_seconds: float = 20.0


@dataclass(frozen=True)
class Column:
    """A column of a table. ``type`` is an Iceberg primitive. A row without a required value is set aside."""

    name: str
    type: str
    required: bool = False


@dataclass(frozen=True)
class Fallback:
    """A row without ``column`` stands under ``value`` for as long as no row with the same ``within`` has one.

    It is taken back once one arrives, from whichever run, and does not return.
    """

    column: str
    value: str
    within: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of the lake: one row per key. Of several rows with one key the newest wins.

    "Newest" is decided by the place a row came from (run, page, position), and within a record by the row itself.
    A run in which more than ``at_most_bad`` of the rows break a rule fails, and the table stays as it was.
    ``expects`` are reasons to set a record aside that are no fault: they do not count as bad.
    ``on_new_field`` says what becomes of a page with a field that its stream does not declare: it is noted with the
    run, or it stops the stream. A field that is gone, or has another type, always stops it.
    A table that is ``merged_on_read`` has changes written beside its files, for upkeep to fold in: for large tables of
    which little changes. The files of others are rewritten.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    partition: tuple[str, ...] = ()
    fallback: Fallback | None = None
    at_most_bad: float = 0.05
    expects: tuple[str, ...] = ()
    on_new_field: Literal["note", "stop"] = "note"
    merged_on_read: bool = False

    @property
    def set_aside(self) -> str:
        """The name of the table with the rows that broke a rule."""
        return f"{self.name}_set_aside"

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)


@dataclass(frozen=True)
class Stream:
    """One endpoint of a source, read page by page when its schedule fires.

    ``records`` says where an answer holds the list of records, with dots: ``tracks.items``. The object that holds it
    may have the ``fields``, and each record has the shape of ``record``.
    Where there is an ``over``, the pages of each value of that option are read, one value after the other: ``path``
    and ``params`` have it as ``{part}``. They may name other options too, each by its name. ``parts`` are the values,
    once the source is configured.
    """

    name: str
    path: str
    records: str
    fields: tuple[str, ...]
    record: dict[str, Shape] = field(hash=False)
    paging: Paging
    feeds: tuple[Table, ...]
    schedule: Schedule
    params: dict[str, str] = field(default_factory=dict, hash=False)
    over: str | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A source of the lake: an API, its streams, and what a stack may choose."""

    name: str
    api: Api
    streams: tuple[Stream, ...]
    options: tuple[Option, ...] = ()

    def stream(self, name: str) -> Stream:
        for stream in self.streams:
            if stream.name == name:
                return stream
        known = ", ".join(stream.name for stream in self.streams)
        raise KeyError(f"source {self.name} has no stream {name!r}; it has: {known}")

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(dict.fromkeys(table for stream in self.streams for table in stream.feeds))

    @property
    def table_names(self) -> tuple[str, ...]:
        """All that the source fills: each table, and the one with the rows of it that were set aside."""
        return tuple(name for table in self.tables for name in (table.name, table.set_aside))


RUN_FORMAT = "%Y%m%dT%H%M%SZ"


def run_id(scheduled_at: str) -> str:
    """The run that a scheduled time stands for: ``2026-11-21T06:00:00+01:00`` is run ``20261121T050000Z``."""
    moment = datetime.fromisoformat(scheduled_at)
    if moment.tzinfo is None:
        raise ValueError(f"scheduled_at {scheduled_at!r} has no time zone; give one, such as {scheduled_at}Z")
    return moment.astimezone(UTC).strftime(RUN_FORMAT)


def scheduled_at(run: str) -> str:
    """The scheduled time of a run, in ISO form: the other way round of :func:`run_id`."""
    return datetime.strptime(run, RUN_FORMAT).replace(tzinfo=UTC).isoformat()
