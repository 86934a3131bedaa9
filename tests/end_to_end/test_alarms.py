"""Every alarm of the deployed lake goes off, on metrics that its functions really put. The tests go on in one lake.

No Spark here: the first job's end is told by the test, and from then on the job's script is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import stand_ins
from rehearsal.errors import RehearsalError
from rehearsal.progress import Event
from rehearsal.session import Rehearsal
from rehearsal.spark.record import RunRecord, state_change
from sources.layout import result_key
from stand_ins import DEFAULT_KEY

ROOT = Path(__file__).resolve().parents[2]
MINUTE, HOUR = 60, 3600
FUNCTIONS = ("extract-olympics", "start", "record", "reconcile")
SCHEDULE = "lakelet-dev-olympics-athletes"
JOB = "lakelet-dev-curate-olympics"
NO_SUCCESS = "no-success-olympics-athletes"
CURATED, ARTIFACTS = (f"lakelet-dev-{stage}-123456789012" for stage in ("curated", "artifacts"))


class Watched:
    """A lake, and the alarms that went off in it."""

    def __init__(self, rehearsal: Rehearsal, told: list[Event]) -> None:
        self.rehearsal, self.account, self._told, self._seen = rehearsal, rehearsal.account, told, 0

    def client(self, service: str) -> Any:
        return self.account.client(service)

    def raised(self) -> set[str]:
        """The alarms that went off since this was last asked, whether or not they are over."""
        new, self._seen = self._told[self._seen :], len(self._told)
        changes = [each for each in new if each.kind == "alarm-changed" and each.detail["state"] == "ALARM"]
        return {each.name.removeprefix("lakelet-dev-alarm-") for each in changes}

    def passes(self, seconds: float) -> set[str]:
        self.rehearsal.advance(seconds)
        return self.raised()

    def in_alarm(self) -> set[str]:
        states = self.rehearsal.alarms.states()
        return {name.removeprefix("lakelet-dev-alarm-") for name, state in states.items() if state != "OK"}

    def day(self) -> None:
        """The next scheduled run, as far as it gets."""
        self.rehearsal.fire(SCHEDULE)
        self.rehearsal.settle()

    def job_ends_well(self, job: str, run_id: str) -> None:
        """Glue says that a job run, which nobody works at, has ended; of a thousand rows it has set 35 aside."""
        told = self.client("glue").get_job_run(JobName=job, RunId=run_id)["JobRun"]["Arguments"]
        counts = {"rows_in": 1000, "merged": 900, "duplicates": 65, "set_aside": 35}
        table = {"inserted": 900, "updated": 0, "deleted": 0, "unchanged": 0}
        by_run = {f"olympics/{run}": counts for run in told["--runs"].split(",")}
        result = {"tables": {"athletes": counts | table}, "by_run": by_run, "seconds": {"session": 8, "curate": 4.5}}
        key = result_key("olympics", told["--batch"])
        self.client("s3").put_object(Bucket=CURATED, Key=key, Body=json.dumps(result).encode())
        self.account.set_job_run_state(job, run_id, "SUCCEEDED")
        self.account.hooks.event_put(state_change(RunRecord(job, run_id, "SUCCEEDED", "", 0.0, 12.5, 2.0, False)))

    def limit(self, function: str, concurrency: int | None) -> None:
        client = self.client("lambda")
        if concurrency is None:
            client.delete_function_concurrency(FunctionName=function)
        else:
            client.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=concurrency)

    def queue(self, name: str) -> str:
        url: str = self.client("sqs").get_queue_url(QueueName=f"lakelet-dev-{name}")["QueueUrl"]
        return url

    def runs(self) -> dict[str, dict[str, Any]]:
        """The runs as Athena reads them."""
        s3 = self.client("s3")
        keys = [each["Key"] for each in s3.list_objects_v2(Bucket=CURATED, Prefix="ledger/").get("Contents", [])]
        rows = [json.loads(s3.get_object(Bucket=CURATED, Key=key)["Body"].read()) for key in keys]
        return {row["run"]: row for row in rows}

    def states(self) -> list[str]:
        return [row["state"] for _, row in sorted(self.runs().items())]

    def lines(self, function: str) -> list[dict[str, Any]]:
        """What a function has logged, without the lines of the runtime."""
        client = self.client("logs")
        events = client.filter_log_events(logGroupName=f"/aws/lambda/lakelet-dev-{function}")["events"]
        return [json.loads(each["message"]) for each in events if each["message"].startswith("{")]


@pytest.fixture(scope="module")
def lake() -> Iterator[Watched]:
    told: list[Event] = []
    with (
        stand_ins.serve("olympics", athletes=400, page_size=200) as api,
        Rehearsal(on_event=told.append) as rehearsal,
    ):
        config = {
            "lakelet:alarmEmail": "ops@example.org",
            "lakelet:sources": '["olympics"]',
            "lakelet:spotify": "{}",
            "lakelet:apiUrls": json.dumps({"olympics": str(api.url)}),
        }
        rehearsal.deploy(ROOT, "dev", config, secrets={"lakelet:olympicsApiKey": DEFAULT_KEY})
        rehearsal.settle()  # S3 has sent its test message
        yield Watched(rehearsal, told)


def test_a_new_stack_has_nothing_to_tell(lake) -> None:
    assert lake.passes(HOUR) == set()
    assert lake.in_alarm() == {NO_SUCCESS}, "of no success nothing is known yet"


def test_a_run_with_many_bad_rows_raises_an_alarm(lake) -> None:
    start, lake.account.hooks.job_run_started = lake.account.hooks.job_run_started, lake.job_ends_well
    lake.day()
    lake.account.hooks.job_run_started = start
    assert lake.passes(HOUR) == {"rows-set-aside-olympics"}
    assert NO_SUCCESS not in lake.in_alarm()
    (mail,) = [each for each in lake.rehearsal.alarms.mails if "rows-set-aside" in (each.subject or "")]
    assert mail.endpoint == "ops@example.org"
    assert "lakelet status --stack dev olympics" in json.loads(mail.message)["AlarmDescription"]


def test_athena_finds_the_run_as_the_ledger_has_it(lake) -> None:
    (row,) = lake.runs().values()
    assert (row["source"], row["stream"], row["state"], row["reason"]) == ("olympics", "athletes", "curated", "")
    assert (row["rows_in"], row["merged"], row["set_aside"], row["inserted"]) == (1000, 900, 35, 900)
    assert (row["pages"], row["attempts"], row["seconds"]) == (3, 0, 12.5)


def test_an_hour_later_all_is_well(lake) -> None:
    lake.passes(HOUR)
    assert lake.in_alarm() == set()
    assert len(lake.rehearsal.alarms.states()) == 15
    assert (lake.rehearsal.alarms.unevaluated(), lake.rehearsal.metrics.unmetered) == ({}, [])
    assert lake.rehearsal.functions.unlogged == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_that_fails_raises_its_alarm(lake, function) -> None:
    key = {"stream": {"S": "olympics/athletes"}, "run": {"S": "x"}}
    broken = key | {"unfinished": {"S": "yes"}, "state": {"S": "no such state"}}
    if function == "reconcile":  # it looks at no event: what it finds must be broken
        lake.client("dynamodb").put_item(TableName="lakelet-dev-runs", Item=broken)
    answer = lake.rehearsal.invoke(f"lakelet-dev-{function}", b"[]")
    lake.client("dynamodb").delete_item(TableName="lakelet-dev-runs", Key=key)
    assert answer.function_error
    assert lake.passes(HOUR) == {f"function-errors-{function}"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_that_is_turned_away_raises_its_alarm(lake, function) -> None:
    lake.limit(f"lakelet-dev-{function}", 0)
    with pytest.raises(RehearsalError, match="Rate Exceeded"):
        lake.rehearsal.invoke(f"lakelet-dev-{function}")
    lake.limit(f"lakelet-dev-{function}", None)
    assert lake.passes(HOUR) == {f"function-throttles-{function}"}, "once it is forgotten, or it may be raised again"


def test_a_call_that_is_given_up_raises_an_alarm(lake) -> None:
    lake.client("lambda").invoke(FunctionName="lakelet-dev-extract-olympics", InvocationType="Event", Payload=b"{}")
    assert lake.passes(20 * MINUTE) == {"given-up-calls", "function-errors-extract-olympics"}
    lake.client("sqs").purge_queue(QueueUrl=lake.queue("given-up"))
    lake.passes(HOUR)
    assert lake.in_alarm() == set()


def test_a_job_that_fails_raises_an_alarm(lake) -> None:
    script = lake.client("glue").get_job(JobName=JOB)["Job"]["Command"]["ScriptLocation"]
    lake.client("s3").delete_object(Bucket=ARTIFACTS, Key=script.removeprefix(f"s3://{ARTIFACTS}/"))
    lake.day()
    assert lake.passes(10 * MINUTE) == {"failed-jobs"}
    assert lake.states() == ["curated", "failed"]


def test_a_run_that_broke_three_times_raises_an_alarm(lake) -> None:
    assert "parked-runs" in lake.passes(HOUR)
    assert lake.states() == ["curated", "parked"]


def test_a_manifest_that_nobody_takes_raises_alarms_until_it_is_a_dead_letter(lake) -> None:
    lake.limit("lakelet-dev-start", 0)
    lake.day()
    raised = lake.passes(HOUR)
    lake.limit("lakelet-dev-start", None)
    assert {"function-throttles-start", "old-messages", "dead-letters"} <= raised
    attributes = ["ApproximateNumberOfMessages"]
    found = lake.client("sqs").get_queue_attributes(QueueUrl=lake.queue("manifests-dead"), AttributeNames=attributes)
    assert found["Attributes"] == {"ApproximateNumberOfMessages": "1"}


def test_two_days_without_success_raise_an_alarm(lake) -> None:
    start, lake.account.hooks.job_run_started = lake.account.hooks.job_run_started, lake.job_ends_well
    due = lake.rehearsal.fire(SCHEDULE, at=lake.account.clock.now() - 49 * HOUR)
    lake.rehearsal.settle()
    lake.account.hooks.job_run_started = start
    lake.passes(10 * MINUTE)
    assert NO_SUCCESS not in lake.in_alarm()
    assert NO_SUCCESS in lake.passes(3 * HOUR)
    (alarm,) = lake.client("cloudwatch").describe_alarms(AlarmNames=[f"lakelet-dev-alarm-{NO_SUCCESS}"])["MetricAlarms"]
    assert 51 * HOUR <= alarm["StateUpdatedTimestamp"].timestamp() - due <= 53 * HOUR


NOT_OF_RUNS = ("dropped", "reconciled", "upkeep ended")  # the last where its day of the week comes by


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_line_about_a_run_says_which(lake, function) -> None:
    """A line about several says which, too."""
    lines = [line for line in lake.lines(function) if line["event"] not in NOT_OF_RUNS]
    about = {"stack", "source", "stream", "run"} | ({"page"} if function.startswith("extract") else set())
    assert lines
    assert [line for line in lines if not (about <= set(line) or {"stack", "source", "runs"} <= set(line))] == []
    assert DEFAULT_KEY not in json.dumps(lines)
