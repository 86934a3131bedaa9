"""A program of somebody else whose schedule starts a job, with no function in between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from rehearsal.deploy import DeployError, Deployment
from rehearsal.session import Rehearsal
from rehearsal.spark.driver import Ended
from rehearsal.spark.drivers import Drivers
from tests.rehearsal.test_jobs import FakeDriver

PROGRAM = Path(__file__).parent / "programs" / "upkeep"
SUNDAY = 1_893_898_800.0  # 2030-01-06, at three


@dataclass(frozen=True)
class Upkeep:
    """The program, deployed; ``drivers`` served its job's runs instead of Spark."""

    rehearsal: Rehearsal
    deployment: Deployment
    drivers: list[FakeDriver] = field(default_factory=list)

    @property
    def job(self) -> str:
        return str(self.deployment.outputs["job"])

    def client(self, service: str) -> Any:
        return self.rehearsal.account.client(service)

    def start(self) -> dict[str, Any]:
        run: dict[str, Any] = self.client("glue").start_job_run(JobName=self.job)
        return run

    def fire(self) -> list[Any]:
        """Fire the schedule and settle. The calls that the schedule's role has made."""
        mark = self.rehearsal.account.calls.mark()
        self.rehearsal.fire("weekly", at=SUNDAY)
        self.rehearsal.settle()
        return [call for call in self.rehearsal.account.calls.since(mark) if call.principal == "weekly/scheduler"]

    def letters(self) -> list[Any]:
        told = self.client("sqs").receive_message(
            QueueUrl=self.deployment.outputs["letters"], MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        return list(told.get("Messages", []))


@pytest.fixture(scope="module")
def deployed() -> Iterator[Upkeep]:
    with Rehearsal() as rehearsal:
        yield Upkeep(rehearsal, rehearsal.deploy(PROGRAM, "dev"))


@pytest.fixture
def upkeep(deployed: Upkeep, monkeypatch: pytest.MonkeyPatch) -> Upkeep:
    """With drivers that end at once."""
    deployed.drivers.clear()

    def new(_: Drivers, __: object) -> FakeDriver:
        deployed.drivers.append(FakeDriver(Ended(None, 1.0)))
        return deployed.drivers[-1]

    monkeypatch.setattr(Drivers, "new", new)
    return deployed


def test_an_operation_that_scheduler_does_not_call_stops_the_deployment() -> None:
    with Rehearsal() as rehearsal, pytest.raises(DeployError, match="getJobRun API is not supported for glue"):
        rehearsal.deploy(PROGRAM, "dev", {"action": "getJobRun"})


def test_nothing_that_the_program_says_is_ignored(deployed: Upkeep) -> None:
    assert deployed.deployment.ignored == []


def test_the_schedule_is_due_on_sundays(deployed: Upkeep) -> None:
    assert deployed.rehearsal.next_time("weekly", after=SUNDAY - 6 * 86_400) == SUNDAY


def test_firing_runs_the_job_with_the_time_in_its_arguments(upkeep: Upkeep) -> None:
    (call,) = upkeep.fire()
    assert (call.service, call.operation, call.decision.kind, call.status) == ("glue", "StartJobRun", "allowed", 200)
    (run,) = upkeep.client("glue").get_job_runs(JobName=upkeep.job)["JobRuns"]
    assert run["JobRunState"] == "SUCCEEDED", "settling has not waited for it"
    ((argv,),) = [driver.given for driver in upkeep.drivers]
    passed = dict(zip(argv[::2], argv[1::2], strict=True))
    assert (passed["--keep-days"], passed["--asked-at"]) == ("7", "2030-01-06T03:00:00Z")
    assert upkeep.letters() == []


def test_while_a_run_goes_on_the_next_is_tried_again(upkeep: Upkeep, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = FakeDriver(Ended(None, 1.0), until_killed=True)
    quick = FakeDriver(Ended(None, 1.0))
    drivers = iter([slow, quick])
    monkeypatch.setattr(Drivers, "new", lambda *_: next(drivers))
    hooks, counted = upkeep.rehearsal.account.hooks, upkeep.rehearsal.account.hooks.counted

    def release(namespace: str, metric: str, dimension: Any, *more: Any) -> None:
        counted(namespace, metric, dimension, *more)
        if metric == "TargetErrorCount":
            slow.killed.set()

    monkeypatch.setattr(hooks, "counted", release)
    upkeep.start()
    assert slow.ready.wait(30)
    assert [(call.operation, call.status) for call in upkeep.fire()] == [("StartJobRun", 400), ("StartJobRun", 200)]
    assert len(quick.given) == 1
    assert upkeep.letters() == []


def test_a_role_that_may_not_start_the_job_leaves_a_letter(upkeep: Upkeep) -> None:
    iam = upkeep.client("iam")
    held = iam.get_role_policy(RoleName="weekly", PolicyName="start")["PolicyDocument"]
    less = {**held, "Statement": [each for each in held["Statement"] if each["Action"] != "glue:StartJobRun"]}
    iam.put_role_policy(RoleName="weekly", PolicyName="start", PolicyDocument=json.dumps(less))
    denied, sent = upkeep.fire()
    iam.put_role_policy(RoleName="weekly", PolicyName="start", PolicyDocument=json.dumps(held))
    assert (denied.operation, denied.decision.kind, sent.operation) == ("StartJobRun", "denied", "SendMessage")
    (letter,) = upkeep.letters()
    told = {name: each["StringValue"] for name, each in letter["MessageAttributes"].items()}
    assert told["ERROR_CODE"] == "AccessDeniedException"
    assert "weekly/scheduler is not authorized to perform: glue:StartJobRun" in told["ERROR_MESSAGE"]
    assert told["TARGET_ARN"] == "arn:aws:scheduler:::aws-sdk:glue:startJobRun"
    assert (told["SCHEDULED_TIME"], told["RETRY_ATTEMPTS"]) == ("2030-01-06T03:00:00Z", "0")
    assert json.loads(letter["Body"])["Arguments"] == {"--asked-at": "2030-01-06T03:00:00Z"}
    assert upkeep.drivers == []
