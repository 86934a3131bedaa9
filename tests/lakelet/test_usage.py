"""What a run used, from the calls, the functions and the jobs of the rehearsal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from lakelet.usage import Meter, added
from lakelet.usage.meter import dpu_seconds
from rehearsal.account import Account
from rehearsal.identity.held import EVERYTHING
from rehearsal.runtime.outcome import Invocation
from rehearsal.spark.record import RunRecord

OUTPUTS = {"raw_bucket": "raw"}
SERVICES = ["lambda.amazonaws.com", "scheduler.amazonaws.com"]
TRUSTS = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": SERVICES}}
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [TRUSTS]})


class Rehearsed:
    """A running account with a role, and lists of what ran in it."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.functions = SimpleNamespace(invocations=list[Invocation]())
        self.jobs = SimpleNamespace(records=list[RunRecord]())
        iam = account.client("iam")
        role = iam.create_role(RoleName="sweep", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        iam.put_role_policy(RoleName="sweep", PolicyName="all", PolicyDocument=EVERYTHING)
        self.credentials = account.sessions.assume(role, "lambda.amazonaws.com", "sweep")
        self.scheduled = account.sessions.assume(role, "scheduler.amazonaws.com", "scheduler")
        account.client("s3").create_bucket(Bucket="raw", CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
        self.queue = account.client("sqs").create_queue(QueueName="q")["QueueUrl"]

    def client(self, service: str) -> Any:
        return self.account.client_for(service, self.credentials)


@pytest.fixture(scope="module")
def rehearsed() -> Iterator[Rehearsed]:
    with Account() as account:
        yield Rehearsed(account)


@pytest.fixture
def meter(rehearsed: Rehearsed) -> Meter:
    return Meter(rehearsed, OUTPUTS)


def test_calls_of_the_lakes_roles_are_counted_by_what_they_are_billed_as(rehearsed: Rehearsed, meter: Meter) -> None:
    s3, sqs = rehearsed.client("s3"), rehearsed.client("sqs")
    mark = meter.mark()
    s3.put_object(Bucket="raw", Key="raw/olympics/page=1", Body=b"x" * 70)
    s3.get_object(Bucket="raw", Key="raw/olympics/page=1")
    s3.head_object(Bucket="raw", Key="raw/olympics/page=1")
    s3.list_objects_v2(Bucket="raw")
    s3.delete_object(Bucket="raw", Key="raw/olympics/page=1")
    sqs.send_message(QueueUrl=rehearsed.queue, MessageBody="x" * 100_000)  # twice 64 KB, begun
    sqs.receive_message(QueueUrl=rehearsed.queue)
    used = meter.since(mark)
    assert used["parts"] == {"sweep": {"s3_gets": 2, "s3_puts": 2, "sqs_polls": 2, "sqs_requests": 2}}
    assert used["free"] == {"s3:DeleteObject": 1}
    assert used["unknown"] == {}
    assert (used["pages"], used["page_bytes"]) == (1, used["written_bytes"])
    assert 70 <= used["page_bytes"] < 170  # with what frames a body that is sent in chunks


def test_a_manifest_is_announced_by_a_message_that_s3_sends(rehearsed: Rehearsed, meter: Meter) -> None:
    mark = meter.mark()
    rehearsed.client("s3").put_object(Bucket="raw", Key="manifests/olympics/run=1.json", Body=b"{}")
    used = meter.since(mark)
    assert used["parts"]["events"] == {"sqs_requests": 1}
    assert used["pages"] == 0


def test_what_the_rehearsal_and_the_deployer_do_is_not_the_lakes(rehearsed: Rehearsed, meter: Meter) -> None:
    mark = meter.mark()
    rehearsed.account.client("s3").put_object(Bucket="raw", Key="raw/a", Body=b"x")
    used = meter.since(mark)
    assert (used["parts"], used["free"], used["unknown"], used["written_bytes"]) == ({}, {}, {}, 0)


def test_an_operation_that_nobody_has_written_down_is_named(rehearsed: Rehearsed, meter: Meter) -> None:
    mark = meter.mark()
    rehearsed.client("kms").list_keys()
    rehearsed.client("s3").get_bucket_acl(Bucket="raw")
    assert meter.since(mark)["unknown"] == {"kms:ListKeys": 1, "s3:GetBucketAcl": 1}


def test_what_scheduler_calls_is_an_invocation_of_its_own(rehearsed: Rehearsed, meter: Meter) -> None:
    mark = meter.mark()
    scheduled = rehearsed.account.client_for("sqs", rehearsed.scheduled)
    scheduled.send_message(QueueUrl=rehearsed.queue, MessageBody="due")
    assert meter.since(mark)["parts"] == {"sweep": {"schedule_invocations": 1}}


def test_functions_are_counted_by_memory_and_billed_milliseconds(rehearsed: Rehearsed, meter: Meter) -> None:
    mark = meter.mark()
    rehearsed.functions.invocations += [
        Invocation("sweep", "1", 999.2, 1000.0, 256, 60, None, 0.0),  # 2,000 ms with its start
        Invocation("sweep", "2", 2000.0, None, 256, 60, "ValueError", 0.0),  # one that failed costs as much
    ]
    assert meter.since(mark)["parts"]["sweep"] == {"lambda_gb_seconds": 1, "lambda_requests": 2}


@pytest.mark.parametrize(
    ("seconds", "billed"),
    [(12.0, 120.0), (60.0, 120.0), (60.2, 122.0), (0.0, 0.0)],
    ids=["short", "even", "up", "never"],
)
def test_a_job_is_billed_by_the_second_and_for_a_minute_at_least(seconds: float, billed: float) -> None:
    record = RunRecord("curate", "jr", "SUCCEEDED", "", 5.0, seconds, 2.0, False)
    assert dpu_seconds(record) == billed


def test_a_jobs_seconds_are_counted_by_the_version_of_glue(rehearsed: Rehearsed, meter: Meter) -> None:
    rehearsed.account.client("glue").create_job(
        Name="curate", Role="sweep", Command={"Name": "glueetl", "ScriptLocation": "s3://raw/x.py"}, GlueVersion="5.1"
    )
    mark = meter.mark()
    rehearsed.jobs.records.append(RunRecord("curate", "jr", "SUCCEEDED", "", 5.0, 90.5, 2.0, False))
    used = meter.since(mark)
    assert used["parts"]["curate"] == {"glue_5_dpu_seconds": 182}
    assert (used["job_seconds"], used["job_dpu"]) == (90.5, 2.0)


def test_a_custom_metric_counts_for_each_hour_in_which_it_is_sent(rehearsed: Rehearsed, meter: Meter) -> None:
    cloudwatch = rehearsed.account.client("cloudwatch")
    mark = meter.mark()
    for namespace, name, hour in (("Lakelet", "Pages", 6), ("Lakelet", "Pages", 6), ("Lakelet", "Pages", 7),
                                  ("Lakelet", "Rows", 6), ("AWS/Lambda", "Errors", 6)):  # fmt: skip
        datum = {"MetricName": name, "Value": 1.0, "Timestamp": f"2026-03-02T{hour:02}:10:00Z"}
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=[datum])
    assert meter.since(mark)["parts"]["metrics"] == {"custom_metric_hours": 3}


def test_a_run_that_goes_on_later_used_what_it_used_before_too(rehearsed: Rehearsed, meter: Meter) -> None:
    mark = meter.mark()
    rehearsed.functions.invocations.append(Invocation("sweep", "1", 500.0, None, 1024, 60, None, 0.0))
    first = meter.since(mark, {"athletes": 10})
    mark = meter.mark()
    rehearsed.client("s3").put_object(Bucket="raw", Key="raw/b", Body=b"x" * 30)
    rehearsed.client("kms").list_keys()
    second = meter.since(mark)
    both = added(first, second)
    assert both["parts"] == {"sweep": {"lambda_gb_seconds": 0.5, "lambda_requests": 1, "s3_puts": 1}}
    assert both["unknown"] == {"kms:ListKeys": 1}
    assert both["written_bytes"] == second["written_bytes"]
    assert both["table_bytes"] == {"athletes": 10}
    assert added(None, first) == first
    assert json.loads(json.dumps(both)) == both
