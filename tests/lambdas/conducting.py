"""Hands to conduct runs by: the three functions over one ledger, with a Glue that does what a test says."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from lambdas.conduct.jobs import Starter
from lambdas.conduct.notices import read_notices
from lambdas.conduct.outcome import Settler
from lambdas.conduct.reconcile import Reconciler
from lambdas.conduct.record import Jobs, record
from lambdas.conduct.rows import Rows
from lambdas.conduct.start import start
from lambdas.conduct.success import Successes
from lambdas.ledger import Ledger
from lambdas.logs import Log
from lambdas.run import PageEntry, Run
from sources import find_source
from sources.layout import RunName, ledger_key, manifest_key, result_key
from tests.lambdas.conftest import StillClock

EVENTS = Path(__file__).parents[1] / "events"
MINUTE = 60
MONDAY, TUESDAY = (RunName("olympics", "athletes", f"202611{day}T050000Z") for day in (23, 24))
PREFIX = "lakelet-test-curate-"
JOB = f"{PREFIX}olympics"
UPKEEP_JOB = "lakelet-test-upkeep"


def event(name: str) -> Any:
    return json.loads((EVENTS / f"{name}.json").read_text())


def glue_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "StartJobRun")


@dataclass
class FakeGlue:
    """Starts what it is asked to, or answers with the next of ``errors``; ``ends`` says how a job run ended."""

    errors: list[Exception] = field(default_factory=list)
    runs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def start_job_run(self, JobName: str, Arguments: dict[str, str]) -> dict[str, str]:  # noqa: N803
        if self.errors:
            raise self.errors.pop(0)
        job_run_id = f"jr_{len(self.runs) + 1}"
        merged = {"--job-language": "python", **Arguments}
        self.runs[job_run_id] = {"JobName": JobName, "JobRunState": "RUNNING", "Arguments": merged}
        return {"JobRunId": job_run_id}

    def get_job_run(self, JobName: str, RunId: str) -> dict[str, Any]:  # noqa: N803
        if RunId not in self.runs:
            raise glue_error("EntityNotFoundException")
        return {"JobRun": self.runs[RunId]}

    def ends(self, job_run_id: str, state: str, message: str = "") -> dict[str, Any]:
        self.runs[job_run_id] |= {"JobRunState": state, "ErrorMessage": message}
        job = self.runs[job_run_id].get("JobName", JOB)
        detail = {"jobName": job, "jobRunId": job_run_id, "state": state, "message": message}
        return {"detail-type": "Glue Job State Change", "source": "aws.glue", "detail": detail}

    @property
    def told(self) -> list[str]:
        return [run["Arguments"]["--runs"] for run in self.runs.values()]


@dataclass
class FakeFunctions:
    """The Lambda client: keeps what it was asked to invoke, unless the function is ``broken``."""

    invoked: list[tuple[str, Any]] = field(default_factory=list)
    broken: bool = False

    def invoke(self, FunctionName: str, InvocationType: str, Payload: bytes) -> dict[str, int]:  # noqa: N803
        if self.broken:
            raise glue_error("TooManyRequestsException")
        assert InvocationType == "Event"
        self.invoked.append((FunctionName, json.loads(Payload)))
        return {"StatusCode": 202}


@dataclass
class Conductor:
    ledger: Ledger
    clock: StillClock
    s3: Any
    bucket: str
    dynamodb: Any
    runs_table: str
    glue: FakeGlue = field(default_factory=FakeGlue)
    functions: FakeFunctions = field(default_factory=FakeFunctions)
    lines: list[str] = field(default_factory=list)
    streams: tuple[str, ...] = ("olympics/athletes",)

    def __post_init__(self) -> None:
        self.log = Log({"stack": "test"}, self.lines.append, clock=self.clock)
        self.starter = Starter(self.ledger, self.glue, PREFIX, self.log)
        self.rows = Rows(self.ledger, self.s3, self.bucket)
        self.settler = Settler(self.ledger, self.rows, self.s3, self.bucket, self.log, self.clock)

    @property
    def successes(self) -> Successes:
        return Successes(self.dynamodb, self.runs_table, self.streams, self.log, self.clock)

    # Runs in the states that a test begins with

    def extracting(self, name: RunName, seconds: int = 60) -> Run:
        return self.ledger.take_lease(name, "2026", "reader", int(self.clock.now()) + seconds)

    def extracted(self, *names: RunName) -> None:
        for name in names:
            run = self.extracting(name)
            entry = PageEntry(1, "key", 7, 70, "sha", "digest")
            self.ledger.extracted(self.ledger.turn_page(run, entry, None, "the end"), manifest_key(name))

    # The three functions

    def start(self, *bodies: Any) -> list[int]:
        """Which of these messages SQS is to bring again."""
        messages = [{"messageId": str(n), "body": body} for n, body in enumerate(bodies)]
        answer = start(read_notices({"Records": messages}, "raw"), self.starter, self.log)
        return [int(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]

    def record(self, change: Any) -> dict[str, Any]:
        return record(change, self.glue, Jobs(PREFIX, UPKEEP_JOB), self.settler, self.log)

    def reconcile(self) -> dict[str, str]:
        parts = (self.starter, self.settler, self.rows, self.successes, self.clock, self.log)
        return Reconciler(self.ledger, self.glue, self.functions, "lakelet-test-extract-", *parts).reconcile()

    def job_writes_result(self, batch: str, *names: RunName, bad: int = 1) -> None:
        counts = {"rows_in": 7, "merged": 4, "duplicates": 2, "set_aside": 1}
        table = counts | {"inserted": 3, "updated": 1, "deleted": 0, "unchanged": 5, "snapshot": "123"}
        source = find_source(names[0].source)
        tables = {each.name: table for name in names for each in source.stream(name.stream).feeds}
        by_run = {str(name): counts | {"bad": bad} for name in names}
        body = {"tables": tables, "by_run": by_run, "seconds": {"merge": 1.25}}
        self.s3.put_object(Bucket=self.bucket, Key=result_key(source.name, batch), Body=json.dumps(body).encode())

    def copy(self, name: RunName) -> bytes | None:
        """What Athena would read of a run."""
        found = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=ledger_key(name)).get("Contents", [])
        return self.s3.get_object(Bucket=self.bucket, Key=found[0]["Key"])["Body"].read() if found else None

    @property
    def open(self) -> set[RunName]:
        return {run.name for run in self.ledger.unfinished()}

    def run(self, name: RunName) -> Run:
        run = self.ledger.find(name)
        assert run is not None
        return run

    def item(self, name: RunName) -> dict[str, Any]:
        key = {"stream": {"S": f"{name.source}/{name.stream}"}, "run": {"S": name.run}}
        found: dict[str, Any] = self.dynamodb.get_item(TableName=self.runs_table, Key=key)["Item"]
        return {name: value for name, value in found.items() if name != "updated_at"}


def notice(*names: RunName, bucket: str = "raw") -> str:
    keys = [manifest_key(name).replace("=", "%3D").replace("/", "%2F") for name in names]
    records = [
        {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": bucket}, "object": {"key": key}}} for key in keys
    ]
    return json.dumps({"Records": records})
