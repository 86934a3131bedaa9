"""The lake in the embedded account: deployed, and with hands to play it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyiceberg.catalog.glue import GlueCatalog

import stand_ins
from lakelet.errors import UsageError
from lakelet.follow import Follower
from lakelet.ledger import find_run
from lakelet.outcome import RunOutcome
from lakelet.progress import Progress
from lakelet.request import Request
from lakelet.tables import open_catalog, rows_by
from rehearsal.session import Rehearsal
from sources.layout import RunName
from sources.model import DAY, Source, Stream, run_id
from sources.runs import State
from stand_ins import StandIn, StandInError

PROGRAM = Path(__file__).resolve().parent.parent
STACK = "dev"
PATIENCE_SECONDS = 3600.0  # how far the clock is moved for a run that stopped in good order


@contextmanager
def open_lake(request: Request, sources: tuple[Source, ...], progress: Progress) -> Iterator[Lake]:
    """The lake, deployed and ready. All that it started is gone when the block ends, however it ends."""
    with ExitStack() as stack:
        progress.step("deploy", "starting the embedded account")
        follower = Follower(progress)
        apis = {source.name: _stand_in(source, request) for source in sources if request.api is None}
        urls = {name: str(stack.enter_context(api).url) for name, api in apis.items()}
        if request.api:
            urls = {sources[0].name: request.api}
        rehearsal = stack.enter_context(Rehearsal(on_event=follower.on_event, driver=request.driver))
        deployment = rehearsal.deploy(
            PROGRAM,
            stack=STACK,
            config={
                "lakelet:sources": json.dumps([source.name for source in sources]),
                "lakelet:apiUrls": json.dumps(urls),
            },
            secrets={f"lakelet:{source.name}ApiKey": request.key for source in sources},
        )
        progress.done("deploy", f"{len(deployment.resources)} resources in the embedded account")
        follower.knows(deployment.outputs)
        yield Lake(rehearsal, deployment.outputs, follower, request, apis)


@dataclass
class Lake:
    """A deployed lake, and the hands to play with it."""

    rehearsal: Rehearsal
    outputs: dict[str, Any]
    follower: Follower
    request: Request
    apis: dict[str, StandIn]
    first: dict[str, float] = field(default_factory=dict)

    def play_day(self, source: Source, day: int) -> list[RunOutcome]:
        """All streams of a source for one day; the stand-in's data are that day's."""
        if source.name in self.apis:
            self.apis[source.name].day = day
        return [self.play(source, stream, day) for stream in source.streams]

    def play(self, source: Source, stream: Stream, day: int) -> RunOutcome:
        """Fires a stream's schedule for one day, and follows the run until it ends or waits."""
        schedule = self.outputs["schedules"][f"{source.name}/{stream.name}"]
        self.rehearsal.jobs.prepare(self.outputs["curate_jobs"][source.name])
        moment = self._moment(schedule, day)
        name = RunName(source.name, stream.name, run_id(datetime.fromtimestamp(moment, UTC).isoformat()))
        with self.follower.following(name, lambda: self.entry(name)):
            self.rehearsal.fire(schedule, at=moment)
            self.rehearsal.settle()
            self._go_on(name)
        return self.outcome(stream, name)

    def reconcile(self) -> None:
        """Moves the clock to the next time at which reconcile looks for what stopped, and lets it work."""
        due = self.outputs["reconcile_schedule"]
        self.rehearsal.advance_to(self.rehearsal.next_time(due))
        self.rehearsal.settle()

    def entry(self, name: RunName) -> dict[str, Any]:
        """What the ledger says of a run."""
        return find_run(self.rehearsal.account.client("dynamodb"), self.outputs["runs_table"], name) or {}

    def catalog(self) -> GlueCatalog:
        return open_catalog(self.rehearsal.account.credentials())

    def outcome(self, stream: Stream, name: RunName) -> RunOutcome:
        entry = self.entry(name)
        counts = {key: value for key, value in entry.get("counts", {}).items() if isinstance(value, int)}
        return RunOutcome(
            run=str(name),
            state=entry.get("state", "unknown"),
            reason=entry.get("reason", ""),
            pages=max(entry.get("page", 1) - 1, 0),
            counts=counts,
            rows_by=self._rows_by(stream) if entry.get("state") == State.CURATED else {},
            seconds={step: round(value, 2) for step, value in self.follower.progress.lap().items()},
        )

    def _moment(self, schedule: str, day: int) -> float:
        """The last time that was due, or the one asked for; later days follow as the schedule says."""
        moment = self._first_moment(schedule)
        for _ in range(day):
            moment = self.rehearsal.next_time(schedule, after=moment)
        return moment

    def _first_moment(self, schedule: str) -> float:
        if self.request.at:
            return datetime.fromisoformat(self.request.at).timestamp()
        if schedule not in self.first:  # kept, for the clock moves on from day to day
            now = self.rehearsal.account.clock.now()
            self.first[schedule] = min(self.rehearsal.next_time(schedule, after=now - DAY), now)
        return self.first[schedule]

    def _go_on(self, name: RunName) -> None:
        """A run that stopped for want of time or quota is taken up by reconcile, as long as that gets it further."""
        give_up = self.rehearsal.account.clock.now() + PATIENCE_SECONDS
        page = 0
        while (entry := self.entry(name)).get("state") == State.WAITING:
            if entry.get("page", 1) <= page or entry.get("resume_at", 0) > give_up:
                return
            page = entry.get("page", 1)
            self.reconcile()

    def _rows_by(self, stream: Stream) -> dict[str, dict[str, int]]:
        catalog = self.catalog()
        return {
            f"{table.name} by {column}": dict(rows_by(catalog, self.outputs["database"], table, column))
            for table in stream.feeds
            for column in table.partition
        }


def _stand_in(source: Source, request: Request) -> StandIn:
    try:
        return stand_ins.serve(source.name, faults=request.faults, **request.stand_in)
    except StandInError as error:
        raise UsageError(str(error)) from error
