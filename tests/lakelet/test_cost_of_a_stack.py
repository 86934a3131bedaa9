"""What a stack in a real account costs: the calls as they were rehearsed, the seconds that its own jobs took."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from lakelet.cost.measured import as_of_stack, last_job
from lakelet.cost.standing import stack_of
from lakelet.place import Place
from rehearsal.account import Account

JOB = "lakelet-prod-curate-olympics"
HOME = {
    "reconcile_function": "lakelet-dev-reconcile",
    "reconcile_schedule": "lakelet-dev-reconcile",
    "extract_functions": {"olympics": "lakelet-dev-extract-olympics"},
    "curate_jobs": {"olympics": "lakelet-dev-curate-olympics"},
}
STACK = {
    "region": "eu-north-1",
    "reconcile_function": "lakelet-prod-reconcile",
    "reconcile_schedule": "lakelet-prod-reconcile",
    "extract_functions": {"olympics": "lakelet-prod-extract-olympics"},
    "curate_jobs": {"olympics": JOB},
    "schedules": {"olympics/athletes": "lakelet-prod-olympics-athletes"},
    "manifests_queue": "https://sqs/q",
    "workgroup": "lakelet-prod",
    "alarms": ["dead-letters", "share"],
    "dashboard": "lakelet-prod",
}
USAGE: dict[str, Any] = {
    "parts": {
        "lakelet-dev-curate-olympics": {"glue_6_dpu_seconds": 120, "s3_puts": 7},
        "lakelet-dev-reconcile": {"lambda_requests": 1},
        "lakelet-dev-reconcile-schedule": {"schedule_invocations": 1},
    },
    "job_seconds": 20.0,
    "job_dpu": 2.0,
}


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """An account in which a stack stands; its job runs for 200 seconds on four workers."""
    with Account() as account:
        made = {"Role": "role", "Command": {"Name": "glueetl", "ScriptLocation": "s3://b/curate.py"}}
        glue = account.client("glue")
        glue.create_job(Name=JOB, **made, GlueVersion="5.1", WorkerType="G.1X", NumberOfWorkers=4)
        run = glue.start_job_run(JobName=JOB)["JobRunId"]
        account.set_job_run_state(JOB, run, "RUNNING")
        account.clock.advance(200)
        account.set_job_run_state(JOB, run, "SUCCEEDED")
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "scheduler.amazonaws.com"}}
        role = account.client("iam").create_role(
            RoleName="r", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        )["Role"]["Arn"]
        scheduler = account.client("scheduler")
        scheduler.create_schedule_group(Name="lakelet-prod")
        for name, expression in (("reconcile", "rate(30 minutes)"), ("olympics-athletes", "cron(0 6 * * ? *)")):
            scheduler.create_schedule(
                Name=f"lakelet-prod-{name}",
                GroupName="lakelet-prod",
                ScheduleExpression=expression,
                FlexibleTimeWindow={"Mode": "OFF"},
                Target={
                    "Arn": "arn:aws:lambda:eu-north-1:123456789012:function:x",
                    "RoleArn": role,
                },
            )
        cloudwatch = account.client("cloudwatch")
        plain = {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Threshold": 0}
        cloudwatch.put_metric_alarm(
            AlarmName="dead-letters", **plain, Namespace="N", MetricName="M", Period=60, Statistic="Sum"
        )
        metrics = [
            {"Id": name, "MetricStat": {"Metric": {"Namespace": "N", "MetricName": name}, "Period": 60, "Stat": "Sum"},
             "ReturnData": False} for name in ("aside", "rows")
        ]  # fmt: skip
        share = {"Id": "share", "Expression": "aside / rows", "ReturnData": True}
        cloudwatch.put_metric_alarm(AlarmName="share", **plain, Metrics=[*metrics, share])
        athena = account.client("athena")
        athena.create_work_group(Name="lakelet-prod")
        for name in ("one", "two"):
            athena.create_named_query(Name=name, Database="d", QueryString="SELECT 1", WorkGroup="lakelet-prod")
        yield account


@pytest.fixture
def place(account: Account) -> Place:
    return Place("stack prod", STACK, account.client, account.clock.now)


def test_schedules_alarms_and_queries_are_those_that_stand_in_the_stack(place: Place) -> None:
    stack = stack_of(place)
    assert stack.ticks == 1460
    assert float(stack.runs["olympics/athletes"]) == pytest.approx(365 / 12, abs=0.1)
    assert stack.alarm_metrics == 3  # one, and the two that a share is made of
    assert (stack.dashboards, stack.polled_queues, stack.queries_a_day) == (1, 1, 2)
    assert stack.secrets == {"olympics": 1}
    assert stack_of(place, queries_a_day=0).queries_a_day == 0


def test_a_stacks_own_jobs_tell_their_seconds(place: Place) -> None:
    assert last_job(place, JOB) == ("glue_5_dpu_seconds", 4.0, 200.0)
    told = as_of_stack({"olympics/athletes/1": USAGE}, HOME, place)["olympics/athletes/1"]
    assert told["parts"][JOB] == {"glue_5_dpu_seconds": 800, "s3_puts": 7}
    assert (told["job_seconds"], told["job_dpu"]) == (200.0, 4.0)


def test_what_was_rehearsed_gets_the_names_that_the_stack_has(place: Place) -> None:
    told = as_of_stack({"olympics/athletes/1": USAGE}, HOME, place)["olympics/athletes/1"]
    assert set(stack_of(place).shared) < set(told["parts"])
    assert "lakelet-dev" not in json.dumps(told)


def test_a_stack_whose_job_never_ran_costs_as_rehearsed(account: Account, place: Place) -> None:
    account.client("glue").create_job(
        Name="new", Role="role", Command={"Name": "glueetl", "ScriptLocation": "s3://b/x.py"}
    )
    fresh = Place("stack new", {**STACK, "curate_jobs": {"olympics": "new"}}, account.client)
    told = as_of_stack({"olympics/athletes/1": USAGE}, HOME, fresh)["olympics/athletes/1"]
    assert told["parts"]["new"] == {"glue_6_dpu_seconds": 120, "s3_puts": 7}
    assert told["job_seconds"] == 20.0
