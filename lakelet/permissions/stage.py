"""A lake to be thrown away, and hands to make good and bad days in it."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import stand_ins
from lakelet.lake import STACK, Lake, open_lake
from lakelet.progress import Progress
from lakelet.request import Request
from rehearsal.asked import Asked
from rehearsal.calls import Decision
from rehearsal.deploy import Deployment
from rehearsal.events.crew import Entry
from rehearsal.hooks import ObjectDelivery
from rehearsal.identity.held import EVERYTHING
from rehearsal.session import Rehearsal
from sources.layout import RunName
from sources.model import MINUTE, Source, run_id
from stand_ins import StandIn
from stand_ins.faults import Faults

__all__ = ["SMALL", "STACK", "TAKEN_UP_SECONDS", "Stage", "open_stages"]

BEGIN = datetime.fromisoformat("2026-03-02T00:00:00+01:00").timestamp()  # a Monday, before anything is due
SMALL: dict[str, Any] = {"athletes": 300, "page_size": 100, "playlists": 2, "tracks": 120, "found": 60,
                         "bad_per_thousand": 30}  # fmt: skip
TAKEN_UP_SECONDS = 20 * MINUTE  # after so long reconcile takes up whatever stopped


@dataclass
class Stage:
    """One source of the lake. A scenario begins where the one before has left it.

    ``days`` counts the days that were played, by stream. What goes wrong is noted in one list for all stages.
    """

    lake: Lake
    source: Source
    trouble: list[str]
    days: Counter[str] = field(default_factory=Counter)

    @property
    def rehearsal(self) -> Rehearsal:
        return self.lake.rehearsal

    @property
    def deployment(self) -> Deployment:
        return self.lake.deployment

    @property
    def outputs(self) -> Mapping[str, Any]:
        return self.lake.outputs

    @property
    def stream(self) -> str:
        """The stream that most scenarios are about."""
        return self.source.streams[0].name

    @property
    def api(self) -> StandIn:
        return self.lake.apis[self.source.name]

    @property
    def job(self) -> str:
        return str(self.outputs["curate_jobs"][self.source.name])

    @property
    def extract(self) -> str:
        return str(self.outputs["extract_functions"][self.source.name])

    def client(self, service: str) -> Any:
        return self.rehearsal.account.client(service)

    # Days

    def serve(self, *faults: str, **options: Any) -> None:
        """From here on the API serves this."""
        source = self.source.name
        self.api.api, self.api.faults = stand_ins.START[source](**{**_small(source), **options}), Faults(faults)

    def next_day(self, stream: str | None = None) -> RunName:
        """The run of the next day; nothing is played by asking."""
        moment = datetime.fromtimestamp(self._moment(stream or self.stream), UTC)
        return RunName(self.source.name, stream or self.stream, run_id(moment.isoformat()))

    def day(self) -> RunName:
        """Fires the schedule of the next day, and lets all that follows happen."""
        run = self.fire()
        self.rehearsal.settle()
        return run

    def fire(self, stream: str | None = None) -> RunName:
        run, moment = self.next_day(stream), self._moment(stream or self.stream)
        self.days[run.stream] += 1
        self.rehearsal.account.clock.advance(MINUTE)  # no quota of calls per minute is met
        self.rehearsal.fire(self._schedule(run.stream), at=moment)
        return run

    def fire_all(self) -> list[RunName]:
        return [self.fire(stream.name) for stream in self.source.streams]

    def _schedule(self, stream: str) -> str:
        return str(self.outputs["schedules"][f"{self.source.name}/{stream}"])

    def _moment(self, stream: str) -> float:
        """When the schedule of a stream is due on its next day."""
        moment = BEGIN
        for _ in range(self.days[stream] + 1):
            moment = self.rehearsal.next_time(self._schedule(stream), after=moment)
        return moment

    def reconcile(self, after_seconds: float = TAKEN_UP_SECONDS) -> None:
        """Lets reconcile look once, some time later; what else would have been due by then is left out."""
        clock = self.rehearsal.account.clock
        clock.advance(after_seconds)
        self.rehearsal.fire(self.outputs["reconcile_schedule"], at=clock.now())
        self.rehearsal.settle()

    def expect(self, run: RunName, *states: str) -> None:
        """A scenario that does not come to what it is about proves nothing: that is noted, and fails the proof."""
        state = self.lake.entry(run).get("state", "not in the ledger")
        if state not in states:
            self.trouble.append(f"run {run} is {state}, and should be {' or '.join(states)}")

    # What may happen

    @contextmanager
    def notices(self, change: Callable[[ObjectDelivery], list[ObjectDelivery]]) -> Iterator[None]:
        """While the block runs, S3's notifications are lost or doubled."""
        hooks = self.rehearsal.account.hooks
        before, hooks.object_delivery = hooks.object_delivery, change
        try:
            yield
        finally:
            hooks.object_delivery = before

    @contextmanager
    def deaf_to_jobs(self) -> Iterator[None]:
        """While the block runs, nobody hears of a job that has ended."""
        agenda, rule = self.rehearsal.agenda, f"rule {self.outputs['job_ended_rule']}"
        before = agenda.arrange

        def arrange(entry: Entry) -> list[Entry]:
            return [] if entry.label == rule else list(before(entry))

        agenda.arrange = arrange
        try:
            yield
        finally:
            agenda.arrange = before

    @contextmanager
    def commit_in_between(self) -> Iterator[None]:
        """Just before the job first commits to a table, somebody else does."""
        record, waiting = self.rehearsal.account.calls, [True]
        before = record.decide

        def decide(asked: Asked) -> Decision:
            if waiting and asked.operation == "UpdateTable" and asked.principal.startswith(f"{self.job}/"):
                waiting.clear()
                self._touch(str(asked.parameters["TableInput"]["Name"]))
            return before(asked)

        record.decide = decide
        try:
            yield
        finally:
            record.decide = before
        if waiting:
            self.trouble.append("no job has committed to a table, and so nobody came in between")

    def _touch(self, name: str) -> None:
        """A commit that changes nothing, but that there has been one."""
        glue, database = self.client("glue"), self.outputs["database"]
        table = glue.get_table(DatabaseName=database, Name=name)["Table"]
        taken = ("Name", "Parameters", "TableType", "StorageDescriptor", "PartitionKeys", "Owner", "Description")
        glue.update_table(DatabaseName=database, TableInput={key: table[key] for key in taken if key in table})

    @contextmanager
    def without(self, role: str, action: str) -> Iterator[None]:
        """While the block runs, a role lacks the statements with an action. What is denied meanwhile is no gap."""
        iam = self.client("iam")
        (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
        held = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        less = [each for each in held["Statement"] if action not in each["Action"]]
        self.put_policy(role, name, {**held, "Statement": less})
        try:
            yield
        finally:
            self.put_policy(role, name, held)

    def put_policy(self, role: str, name: str, document: Mapping[str, Any]) -> None:
        self.client("iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))

    def call_later(self, function: str, payload: bytes) -> None:
        """Calls a function without waiting for its answer."""
        self.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=payload)


@contextmanager
def open_stages(deployer_policy: str = EVERYTHING) -> Iterator[list[Stage]]:
    """The program as it stands, deployed into an account of its own, with small stand-ins behind it: by source."""
    small = {name: value for source in stand_ins.START for name, value in _small(source).items()}
    request, trouble = Request(stand_in=small), list[str]()
    sources = request.chosen()
    with (
        Progress(io.StringIO()) as quiet,  # what a scenario does is told as one step
        open_lake(request, sources, quiet, deployer_policy=deployer_policy) as lake,
    ):
        yield [Stage(lake, source, trouble) for source in sources]


def _small(source: str) -> dict[str, Any]:
    """Of what makes stand-ins small, what this one knows."""
    return {name: value for name, value in SMALL.items() if name in stand_ins.options(source)}
