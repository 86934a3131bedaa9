"""A deployed lake, and the hands to play it: fire, follow, take up what stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pyiceberg.catalog.glue import GlueCatalog

from lakelet import moments, takeover
from lakelet.first_page import at_the_first_page
from lakelet.follow import Follower
from lakelet.ledger import find_run, runs_of
from lakelet.next_step import next_step
from lakelet.outcome import RunOutcome
from lakelet.rehearsed.notes import keep_executed
from lakelet.request import Request
from lakelet.run_log import keep_log, lines_since
from lakelet.tables import open_catalog, properties_of, rows_by
from lakelet.usage import Meter
from lakelet.usage.notes import keep_usage, table_bytes
from rehearsal.deploy.model import Deployment
from rehearsal.honesty.executed import Heard, Tally
from rehearsal.honesty.machine import versions
from rehearsal.session import Rehearsal
from sources import SOURCES
from sources.layout import RunName
from sources.model import Source, Stream, run_id
from sources.runs import UNFINISHED, State
from stand_ins import StandIn

PATIENCE_SECONDS = 3600.0  # how far the clock is moved for a run that stopped in good order
LIVE_PATIENCE_SECONDS = 90.0  # how long the real API is waited for in good order
BROKEN = (None, State.FAILED, State.PARKED)  # one that is not in the ledger broke before it could write there
TAKE_UPS = 4  # how often reconcile may look at a run that was left, until it must have got on


@dataclass
class Lake:
    """A deployed lake, and the hands to play with it."""

    rehearsal: Rehearsal
    deployment: Deployment
    follower: Follower
    request: Request
    apis: dict[str, StandIn]
    heard: Heard  # the listener of the rehearsal
    first_days: dict[str, int] = field(init=False)  # the day of the stand-in's data on the first day of the lake

    def __post_init__(self) -> None:
        self.first_days = {name: api.day for name, api in self.apis.items()}

    @property
    def outputs(self) -> dict[str, Any]:
        return self.deployment.outputs

    def play_day(self, source: Source, day: int) -> list[RunOutcome]:
        """What a source reads on one day, of which 0 is the first of this command; on that one it reads all streams.

        Later a day is what comes round most often, and what is due by then.
        """
        outcomes, by = [], 0.0
        often = min(stream.schedule.every_seconds for stream in source.streams)
        for stream in sorted(source.streams, key=lambda stream: stream.schedule.every_seconds):
            moment = self._moment(source, stream, day)
            if day == 0 or stream.schedule.every_seconds == often or moment <= by:
                by = max(by, moment)
                self._serve_day_of(source, moment)
                outcomes.append(self.play(source, stream, moment))
        return outcomes

    def play(self, source: Source, stream: Stream, moment: float) -> RunOutcome:
        """Fires a stream's schedule for a scheduled time, and follows that run until it ends or waits."""
        name = RunName(source.name, stream.name, run_id(datetime.fromtimestamp(moment, UTC).isoformat()))
        with self._java_ahead(source), self._following(name) as began:
            before = self.entry(name)
            self.rehearsal.fire(self._schedule(source, stream), at=moment)
            self.rehearsal.settle()
            self._to_its_end(name, before)
        return self.outcome(stream, name, began)

    def resume(self, source: Source, stream: Stream, name: RunName) -> RunOutcome:
        """Has a run that is unfinished taken up, and follows it until it ends or waits."""
        self.rehearsal.jobs.prepare(self.outputs["curate_jobs"][source.name])
        self._serve_day_of(source, moments.moment_of({"run": name.run}))
        with self._following(name) as began:
            self._to_its_end(name, self.entry(name))
        return self.outcome(stream, name, began)

    def reconcile(self) -> None:
        """Lets reconcile look for what stopped: at its next time, to which the clock is moved, or live at once."""
        due = self.outputs["reconcile_schedule"]
        if self.request.live:
            self.rehearsal.fire(due, at=self.rehearsal.account.clock.now())
        else:
            self.rehearsal.advance_to(self.rehearsal.next_time(due))
        self.rehearsal.settle()

    def set_free(self, sources: tuple[Source, ...]) -> None:
        """What an earlier command held when it was cut off goes on."""
        left = takeover.set_free(self.rehearsal.account.client("dynamodb"), self.outputs["runs_table"], sources)
        for run in left:
            self.follower.progress.note(f"run {run.name} was left {run.state}; it goes on")

    def entry(self, name: RunName) -> dict[str, Any]:
        """What the ledger says of a run."""
        return find_run(self.rehearsal.account.client("dynamodb"), self.outputs["runs_table"], name) or {}

    def catalog(self) -> GlueCatalog:
        account = self.rehearsal.account
        return open_catalog(properties_of(account.credentials()), account.client("glue"))

    def outcome(self, stream: Stream, name: RunName, began: float = 0.0) -> RunOutcome:
        """What came of a run; if it broke, with all that was written since it began."""
        entry = self.entry(name)
        return RunOutcome.of(
            name,
            entry,
            rows_by=self._rows_by(stream) if entry.get("state") == State.CURATED else {},
            seconds={step: round(value, 2) for step, value in self.follower.progress.lap().items()},
            next_step=next_step(entry, self.request.command(name.source), self.request.live) or "",
            log=self._log(name, began) if entry.get("state") in BROKEN else "",
        )

    @contextmanager
    def _java_ahead(self, source: Source) -> Iterator[None]:
        """Java is started once there is something to curate: for a run that finds nothing it would be wasted."""
        job = self.outputs["curate_jobs"][source.name]

        def prepare() -> None:
            threading.Thread(target=self.rehearsal.jobs.prepare, args=(job,), daemon=True).start()

        with at_the_first_page(self.rehearsal.account.hooks, source.name, prepare):
            yield

    def _serve_day_of(self, source: Source, moment: float) -> None:
        """Days are counted from the first run of the stream that comes round most often."""
        if source.name in self.apis:
            runs = self._runs(source, min(source.streams, key=lambda stream: stream.schedule.every_seconds))
            self.apis[source.name].day = self.first_days[source.name] + moments.day_of(runs, moment)

    def _log(self, name: RunName, began: float) -> str:
        if self.rehearsal.kept is None:
            return ""
        lines = lines_since(self.rehearsal.account.client("logs"), began)
        secrets = [part for source in SOURCES for part in self.request.key_of(source).split(":")]
        return keep_log(self.rehearsal.kept.folder, name, lines, secrets)

    @contextmanager
    def _following(self, name: RunName) -> Iterator[float]:
        """The run is shown as it goes, and what it uses and shows is kept with the lake, where the lake is kept.

        Gives the moment at which it begins.
        """
        meter, tally = Meter(self.rehearsal, self.outputs), Tally(self.rehearsal, self.heard)
        mark, begin = meter.mark(), tally.mark()
        try:
            with self.follower.following(name, lambda: self.entry(name)):
                yield self.rehearsal.account.clock.now()
        finally:
            if self.rehearsal.kept is not None:
                sizes = table_bytes(self.catalog(), self.outputs["database"], SOURCES[name.source].table_names)
                keep_usage(self.rehearsal.kept, str(name), meter.since(mark, sizes))
                keep_executed(self.rehearsal.kept, str(name), tally.since(begin), versions(), tally.undelivered(begin))

    def _to_its_end(self, name: RunName, before: dict[str, Any]) -> None:
        self._take_up(name, before)
        self._go_on(name)

    def _moment(self, source: Source, stream: Stream, day: int) -> float:
        def next_time(after: float) -> float:
            return self.rehearsal.next_time(self._schedule(source, stream), after=after)

        now = self.rehearsal.account.clock.now()
        if self.request.at is None:
            every = stream.schedule.every_seconds
            if self.request.live:
                return moments.last_due(next_time, now, every)
            return moments.next_moment(self._runs(source, stream), next_time, now, every)
        moment = datetime.fromisoformat(self.request.at).timestamp()
        for _ in range(day):
            moment = next_time(moment)
        return moment

    def _schedule(self, source: Source, stream: Stream) -> str:
        return str(self.outputs["schedules"][f"{source.name}/{stream.name}"])

    def _runs(self, source: Source, stream: Stream) -> list[dict[str, Any]]:
        client, table = self.rehearsal.account.client("dynamodb"), self.outputs["runs_table"]
        return list(runs_of(client, table, source.name, stream.name, newest_first=False))

    def _take_up(self, name: RunName, before: dict[str, Any]) -> None:
        """A run that an earlier command left unfinished is taken up by reconcile; until it gets on, or breaks anew."""
        if before.get("state") not in UNFINISHED:
            return
        if before["state"] == State.WAITING and not self.request.live:
            self.rehearsal.advance_to(max(self.rehearsal.account.clock.now(), before.get("resume_at", 0)))
        # To have been cut off counts as an attempt; to break after that is news.
        most = before["attempts"] + (before["state"] in takeover.HOLDS)
        for _ in range(TAKE_UPS):
            entry = self.entry(name)
            is_over = entry["state"] not in UNFINISHED or entry["state"] == State.WAITING
            if is_over or (entry["state"] == State.FAILED and entry["attempts"] > most):
                return
            self.reconcile()

    def _go_on(self, name: RunName) -> None:
        """A run that stopped for want of time or quota is taken up by reconcile, as long as that gets it further."""
        patience = LIVE_PATIENCE_SECONDS if self.request.live else PATIENCE_SECONDS
        give_up = self.rehearsal.account.clock.now() + patience
        page = 1
        while (entry := self.entry(name)).get("state") == State.WAITING:
            if entry.get("page", 1) <= page or entry.get("resume_at", 0) > give_up:
                return
            page = entry.get("page", 1)
            self._wait_until(entry.get("resume_at", 0))
            self.reconcile()

    def _wait_until(self, moment: float) -> None:
        """The clock of a real API cannot be moved."""
        if not self.request.live:
            return
        while (left := moment - self.rehearsal.account.clock.now()) > 0:
            self.follower.progress.step("wait", f"{left:.0f} s for the API")
            time.sleep(min(left, 1.0))

    def _rows_by(self, stream: Stream) -> dict[str, dict[str, int]]:
        catalog = self.catalog()
        return {
            f"{table.name} by {column}": dict(rows_by(catalog, self.outputs["database"], table.name, column))
            for table in stream.feeds
            for column in table.partition
        }
