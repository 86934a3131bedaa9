"""Whole rehearsals of one lake, with programs that Pulumi deploys."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from rehearsal.deploy import DeployError
from rehearsal.kept import reopen
from rehearsal.session import Rehearsal

PROGRAMS = Path(__file__).parents[1] / "programs"
SECRET = "planted-secret"


def messages(account, url: str) -> int:
    attributes = account.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return int(attributes["ApproximateNumberOfMessages"])


def test_the_second_rehearsal_goes_on_where_the_first_was_left(tmp_path):
    with Rehearsal(keep=tmp_path) as first:
        outputs = first.deploy(PROGRAMS / "uploads", "dev", secrets={"token": SECRET}).outputs
        first.account.client("s3").put_object(Bucket=outputs["bucket"], Key="incoming/a.txt", Body=b"a")
        waiting = messages(first.account, outputs["queue"])
        first.kept.note("runs", "first", {})
    with pytest.raises(DeployError), Rehearsal(keep=tmp_path) as refused:
        refused.deploy(PROGRAMS / "refused", "dev")
    with Rehearsal(keep=tmp_path) as second:
        outputs = second.deploy(PROGRAMS / "uploads", "dev", secrets={"token": SECRET}).outputs
        assert second.kept.outputs == outputs
        found = second.account.client("s3").get_object(Bucket=outputs["bucket"], Key="incoming/a.txt")
        assert found["Body"].read() == b"a"
        assert messages(second.account, outputs["queue"]) == waiting
        assert list(second.kept.notes("runs")) == ["first"]
    assert not [path for path in tmp_path.iterdir() if SECRET.encode() in path.read_bytes()]


def test_all_that_was_deployed_is_there_for_a_reader(tmp_path, caplog):
    with Rehearsal(keep=tmp_path) as rehearsal:
        deployment = rehearsal.deploy(PROGRAMS / "everything", "dev")
    with caplog.at_level(logging.WARNING), reopen(tmp_path) as (account, kept):
        assert kept.outputs.keys() == deployment.outputs.keys()
        client = account.client
        found = {
            "aws:s3/bucket:Bucket": len(client("s3").list_buckets()["Buckets"]),
            "aws:dynamodb/table:Table": len(client("dynamodb").list_tables()["TableNames"]),
            "aws:sqs/queue:Queue": len(client("sqs").list_queues().get("QueueUrls", [])),
            "aws:glue/catalogDatabase:CatalogDatabase": len(client("glue").get_databases()["DatabaseList"]),
            "aws:glue/job:Job": len(client("glue").list_jobs()["JobNames"]),
            "aws:athena/workgroup:Workgroup": len(client("athena").list_work_groups()["WorkGroups"]) - 1,  # primary
            "aws:scheduler/schedule:Schedule": len(client("scheduler").list_schedules()["Schedules"]),
            "aws:cloudwatch/metricAlarm:MetricAlarm": len(client("cloudwatch").describe_alarms()["MetricAlarms"]),
        }
        assert found == {kind: len(deployment.by_type.get(kind, ())) for kind in found}
        assert min(found.values()) > 0
    assert caplog.messages == []
