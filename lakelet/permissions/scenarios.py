"""The good day and the bad ones. Each is played in the lake as the one before has left it.

What is about one source is played for each of them, since each has roles of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from lakelet import redrive
from lakelet.permissions.acted import acted
from lakelet.permissions.stage import STACK, TAKEN_UP_SECONDS, Stage
from lakelet.retry import unpark
from lambdas.items import pack_item
from sources import SOURCES
from sources.layout import RunName, page_key
from sources.model import DAY, MINUTE
from sources.runs import MAX_ATTEMPTS

ORDINARY = "an ordinary day"
INVOKE = "lambda:InvokeFunction"
HOUR = 60 * MINUTE


@dataclass(frozen=True)
class Scenario:
    """``play`` is given the stage of each source in turn. What is about the lake as a whole gets the first of them."""

    name: str
    play: Callable[[Stage], None]
    of_each: bool = True


def ordinary(stage: Stage) -> None:
    """All of it for the first time, on Spark; some rows are set aside."""
    stage.serve()
    stage.rehearsal.jobs.prepare(stage.job)
    runs = stage.fire_all()
    stage.rehearsal.settle()
    for run in runs:
        stage.expect(run, "curated")


def changed(stage: Stage) -> None:
    """Rows have changed; the API throttles and breaks off once; somebody commits before the job does."""
    stage.serve("429=1@1", "down@2x1", day=1)
    stage.rehearsal.jobs.prepare(stage.job)
    with stage.commit_in_between(), stage.deaf_to_jobs():
        stage.expect(stage.day(), "curating")


def nobody_heard(stage: Stage) -> None:
    """The end of the job before was told to nobody: reconcile asks."""
    stage.reconcile()
    stage.expect(_last(stage), "curated")


def out_of_quota(stage: Stage) -> None:
    """The calls of the day are used up after two pages; a day later the run goes on. Shorter waits are sat out."""
    if not any(limit.seconds >= DAY for limit in stage.source.api.quota):
        return
    stage.serve()
    _spend_all_but(stage, 2)
    run = stage.day()
    stage.expect(run, "waiting")
    with acted(stage):
        stage.reconcile(DAY)
    stage.expect(run, "curated")


def api_down(stage: Stage) -> None:
    """It says when to come again, and then it does not even answer."""
    stage.serve("429=3600@2")
    run = stage.day()
    stage.serve("down")
    stage.reconcile(2 * TAKEN_UP_SECONDS + 3600)
    stage.expect(run, "waiting")
    stage.serve()
    with acted(stage):
        stage.reconcile()
    stage.expect(run, "curated")


def cut_off(stage: Stage) -> None:
    """A call had stored a page, and was cut off before it could say so: that object is the page."""
    stage.serve()
    s3, raw, run = stage.client("s3"), stage.outputs["raw_bucket"], stage.next_day()
    s3.copy_object(Bucket=raw, Key=page_key(run, 1), CopySource={"Bucket": raw, "Key": page_key(_last(stage), 1)})
    with acted(stage):
        stage.day()
    stage.expect(run, "curated")


def notice_lost(stage: Stage) -> None:
    """S3 tells nobody of the manifest: reconcile finds it."""
    with acted(stage):
        with stage.notices(lambda _: []):
            run = stage.day()
        stage.expect(run, "extracted")
        stage.reconcile()
    stage.expect(run, "curated")


def notice_doubled(stage: Stage) -> None:
    """S3 tells twice, and so do the schedule and the end of the job."""
    with acted(stage), stage.notices(lambda notice: [notice, notice]):
        run = stage.fire()
        stage.days[stage.stream] -= 1
        stage.fire()
        stage.rehearsal.settle()
    stage.expect(run, "curated")


def job_fails(stage: Stage) -> None:
    """Until the run is parked; a person has it tried again."""
    with acted(stage, "FAILED"):
        run = stage.day()
        for _ in range(MAX_ATTEMPTS):
            stage.reconcile()
    stage.expect(run, "parked")
    unpark(stage.client("dynamodb"), stage.outputs["runs_table"], run)
    with acted(stage):
        stage.reconcile()
    stage.expect(run, "curated")


def job_busy(stage: Stage) -> None:
    """The next manifest comes while the job still works at the one before."""
    rehearsal = stage.rehearsal
    with acted(stage, seconds=15 * MINUTE):
        runs = [stage.fire()]
        later = rehearsal.account.clock.now() + 5 * MINUTE
        rehearsal.agenda.add(later, "the next day", lambda: runs.append(stage.fire()))
        rehearsal.settle()
    for run in runs:
        stage.expect(run, "curated")


def given_up(stage: Stage) -> None:
    """Calls without an answer that fail as often as they may; a person sends them on again."""
    broken = {"stream": f"{stage.source.name}/none", "run": "x", "unfinished": "yes", "state": "no such state"}
    key = {name: broken[name] for name in ("stream", "run")}
    table = {"TableName": stage.outputs["runs_table"]}
    stage.client("dynamodb").put_item(**table, Item=pack_item(broken))
    for function in (stage.extract, stage.outputs["record_function"], stage.outputs["reconcile_function"]):
        stage.call_later(function, b"[]")
    stage.rehearsal.settle()
    stage.client("dynamodb").delete_item(**table, Key=pack_item(key))
    _expect_letters(stage, 3)
    _redrive(stage)


def not_delivered(stage: Stage) -> None:
    """Neither the schedules nor the rule reach their functions; what they had to say is kept."""
    with ExitStack() as broken:
        calls = dict.fromkeys((*stage.outputs["schedules"].values(), stage.outputs["reconcile_schedule"]), INVOKE)
        calls[stage.outputs["upkeep_schedule"]] = "glue:StartJobRun"
        for schedule, action in calls.items():
            broken.enter_context(stage.without(f"{schedule}-schedule", action))
        broken.enter_context(_closed_to_events(stage))
        for schedule in calls:
            stage.rehearsal.fire(schedule, at=stage.rehearsal.account.clock.now())
        detail = {"jobName": stage.job, "jobRunId": "none", "state": "FAILED"}
        event = {"source": "aws.glue", "detail-type": "Glue Job State Change", "detail": detail}
        stage.rehearsal.account.hooks.event_put(event)
        stage.rehearsal.settle()
    _expect_letters(stage, len(calls) + 1)
    with acted(stage):
        _redrive(stage)


def upkeep(stage: Stage) -> None:
    """Files that changes have left are folded; one that no table knows has lain about for days. The job's grants are
    for all tables alike, so some of each kind show them: the others are gone by then, which takes less time."""
    glue, job, table = stage.client("glue"), stage.outputs["upkeep_job"], stage.source.tables[0]
    database = {"DatabaseName": stage.outputs["database"]}
    merged_on_read = {each.name for source in SOURCES.values() for each in source.tables if each.merged_on_read}
    looked_at = {table.name, table.set_aside, *merged_on_read}
    for page in glue.get_paginator("get_tables").paginate(**database):
        for other in page["TableList"]:
            if other["Name"] not in looked_at and other["Parameters"].get("table_type") == "ICEBERG":
                glue.delete_table(**database, Name=other["Name"])
    known = glue.get_table(**database, Name=table.name)["Table"]["StorageDescriptor"]
    bucket, _, folder = known["Location"].removeprefix("s3://").partition("/")
    stray = f"{folder}/data/stray.parquet"
    stage.client("s3").put_object(Bucket=bucket, Key=stray, Body=b"")
    stage.rehearsal.account.age_object(bucket, stray, 4 * DAY + stage.rehearsal.account.clock.offset)
    stage.rehearsal.fire(stage.outputs["upkeep_schedule"], at=stage.rehearsal.account.clock.now())
    stage.rehearsal.settle()
    (ended,) = glue.get_job_runs(JobName=job)["JobRuns"]
    if ended["JobRunState"] != "SUCCEEDED":
        stage.trouble.append(f"{job} ended as {ended['JobRunState']}: {ended.get('ErrorMessage', 'no reason given')}")


def alarm(stage: Stage) -> None:
    """Letters wait, and an alarm says so. What else is due by then is left out: a day would begin now and then."""
    url = stage.outputs["given_up_queue"]
    stage.client("sqs").send_message(QueueUrl=url, MessageBody="{}")
    stage.rehearsal.advance(TAKEN_UP_SECONDS, firing=False)
    stage.client("sqs").purge_queue(QueueUrl=url)
    stage.rehearsal.advance(TAKEN_UP_SECONDS, firing=False)


def money_spent(stage: Stage) -> None:
    """Nothing is billed here, so what Budgets would say is only asked for: may it?"""
    account, topic = stage.rehearsal.account, stage.outputs["alarms_topic"]
    budget = f"arn:aws:budgets::{account.account_id}:budget/{STACK}"
    if reason := account.services.may("budgets.amazonaws.com", "sns:Publish", topic, budget):
        stage.trouble.append(f"a budget could tell nobody: {reason}")


SCENARIOS = (
    Scenario(ORDINARY, ordinary),
    Scenario("changed rows, 429, a commit in between", changed),
    Scenario("nobody heard that the job ended", nobody_heard),
    Scenario("out of quota", out_of_quota),
    Scenario("the API is down", api_down),
    Scenario("cut off in the middle of a page", cut_off),
    Scenario("a notice of S3 is lost", notice_lost),
    Scenario("everything comes twice", notice_doubled, of_each=False),
    Scenario("a job fails until its run is parked", job_fails, of_each=False),
    Scenario("the job is busy", job_busy, of_each=False),
    Scenario("calls are given up", given_up),
    Scenario("a rule and schedules cannot deliver", not_delivered, of_each=False),
    Scenario("the week's upkeep", upkeep, of_each=False),
    Scenario("an alarm goes off", alarm, of_each=False),
    Scenario("the budget is nearly spent", money_spent, of_each=False),
)


def _last(stage: Stage) -> RunName:
    stage.days[stage.stream] -= 1
    run = stage.next_day()
    stage.days[stage.stream] += 1
    return run


def _spend_all_but(stage: Stage, calls: int) -> None:
    """Of the longest window, so that it ends where the next day begins."""
    longest, clock = max(stage.source.api.quota, key=lambda limit: limit.seconds), stage.rehearsal.account.clock
    left = longest.seconds - clock.now() % longest.seconds
    clock.advance(left if left < HOUR else 0)  # or the next window would begin under our hands
    now = int(clock.now())
    window = f"{longest.seconds}#{now // longest.seconds}"
    item = {"source": stage.source.name, "window": window, "used": longest.calls - calls}
    stage.client("dynamodb").put_item(TableName=stage.outputs["quota_table"], Item=pack_item(item))


@contextmanager
def _closed_to_events(stage: Stage) -> Iterator[None]:
    """While the block runs, the record function does not let EventBridge in."""
    function, client = stage.outputs["record_function"], stage.client("lambda")
    (held,) = json.loads(client.get_policy(FunctionName=function)["Policy"])["Statement"]
    client.remove_permission(FunctionName=function, StatementId=held["Sid"])
    try:
        yield
    finally:
        (source,) = held["Condition"]["ArnLike"].values()
        client.add_permission(
            FunctionName=function, StatementId=held["Sid"], Action=held["Action"],
            Principal=held["Principal"]["Service"], SourceArn=source,
        )  # fmt: skip


def _expect_letters(stage: Stage, count: int) -> None:
    asked = ["ApproximateNumberOfMessages"]
    told = stage.client("sqs").get_queue_attributes(QueueUrl=stage.outputs["given_up_queue"], AttributeNames=asked)
    found = int(told["Attributes"][asked[0]])
    if found != count:
        stage.trouble.append(f"{found} calls were given up, and there should be {count}")


def _redrive(stage: Stage) -> None:
    redrive.send_on(stage.client, stage.outputs, "given-up", stage.rehearsal.account.clock.now())
    stage.rehearsal.settle()
    stage.client("sqs").purge_queue(QueueUrl=stage.outputs["given_up_queue"])
