from __future__ import annotations

import json
from datetime import datetime

import pytest

from rehearsal.hooks import ObjectDelivery


@pytest.fixture
def s3(account):
    return account.client("s3")


@pytest.fixture
def bucket(s3, unique):
    name = unique("told")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    return name


@pytest.fixture
def queue(account, unique):
    sqs, name = account.client("sqs"), unique("queue")
    let_in = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [let_in]})
    url = sqs.create_queue(QueueName=name, Attributes={"Policy": policy})["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


@pytest.fixture
def told(account, s3, bucket, queue):
    """Sends the events of the bucket to the queue; gives what reads them."""
    url, arn = queue
    sqs = account.client("sqs")
    s3.put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={
            "QueueConfigurations": [
                {
                    "Id": "to-queue",
                    "QueueArn": arn,
                    "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
                    "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}},
                }
            ]
        },
    )

    def read() -> list[dict]:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in messages]

    assert [message["Event"] for message in read()] == ["s3:TestEvent"]
    return lambda: [message["Records"][0] for message in read()]


def test_an_event_says_what_awss_says(account, s3, bucket, told):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    put = s3.put_object(Bucket=bucket, Key="in/run=1/a b+c.json", Body=b"12345")
    (record,) = told()
    assert record["eventName"] == "ObjectCreated:Put"
    assert record["awsRegion"] == "eu-north-1"
    assert abs(datetime.fromisoformat(record["eventTime"]).timestamp() - account.clock.now()) < 60
    assert record["s3"]["bucket"]["arn"] == f"arn:aws:s3:::{bucket}"
    assert record["s3"]["configurationId"] == "to-queue"
    thing = record["s3"]["object"]
    assert thing["key"] == "in/run%3D1/a+b%2Bc.json"
    assert thing["size"] == 5
    assert thing["eTag"] == put["ETag"].strip('"')
    assert thing["versionId"] == put["VersionId"]


def test_the_sequencer_grows(s3, bucket, told):
    for body in (b"1", b"2", b"3"):
        s3.put_object(Bucket=bucket, Key="in/k", Body=body)
    sequencers = [record["s3"]["object"]["sequencer"] for record in told()]
    assert len(set(sequencers)) == 3
    assert sequencers == sorted(sequencers)
    assert "versionId" not in sequencers


def test_without_versions_there_is_none_and_a_removed_object_has_no_size(s3, bucket, told):
    s3.put_object(Bucket=bucket, Key="in/k", Body=b"1")
    s3.delete_object(Bucket=bucket, Key="in/k")
    created, removed = told()
    assert set(created["s3"]["object"]) == {"key", "size", "eTag", "sequencer"}
    assert removed["eventName"] == "ObjectRemoved:Delete"
    assert set(removed["s3"]["object"]) == {"key", "sequencer"}


def test_a_delete_marker_is_told(s3, bucket, told):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=bucket, Key="in/k", Body=b"1")
    marker = s3.delete_object(Bucket=bucket, Key="in/k")["VersionId"]
    _, removed = told()
    assert removed["eventName"] == "ObjectRemoved:DeleteMarkerCreated"
    assert removed["s3"]["object"]["versionId"] == marker


def test_every_event_is_observed_whatever_the_filters(account, s3, bucket, told, monkeypatch):
    seen: list[tuple[str, str, str]] = []
    monkeypatch.setattr(account.hooks, "object_event", lambda *event: seen.append(event))
    s3.put_object(Bucket=bucket, Key="elsewhere", Body=b"1")
    s3.copy_object(Bucket=bucket, Key="in/copy", CopySource={"Bucket": bucket, "Key": "elsewhere"})
    s3.delete_object(Bucket=bucket, Key="elsewhere")
    assert seen == [
        (bucket, "elsewhere", "s3:ObjectCreated:Put"),
        (bucket, "in/copy", "s3:ObjectCreated:Copy"),
        (bucket, "elsewhere", "s3:ObjectRemoved:Delete"),
    ]
    assert [record["s3"]["object"]["key"] for record in told()] == ["in/copy"]


@pytest.mark.parametrize("times", [0, 1, 2])
def test_deliveries_can_be_lost_and_doubled(account, s3, bucket, queue, told, monkeypatch, times):
    heard: list[ObjectDelivery] = []

    def deliver(delivery: ObjectDelivery) -> list[ObjectDelivery]:
        heard.append(delivery)
        return [delivery] * times

    monkeypatch.setattr(account.hooks, "object_delivery", deliver)
    s3.put_object(Bucket=bucket, Key="in/k", Body=b"1")
    assert [(delivery.queue_arn, delivery.bucket) for delivery in heard] == [(queue[1], bucket)]
    assert len(told()) == times


def test_an_event_for_a_queue_that_is_gone_is_lost_with_a_word(account, s3, bucket, queue, told):
    account.client("sqs").delete_queue(QueueUrl=queue[0])
    s3.put_object(Bucket=bucket, Key="in/k", Body=b"1")
    lost = account.undelivered[-1]
    assert (lost.name, lost.target) == (bucket, queue[1])
    assert lost.reason.startswith(f"there is no queue {queue[1]}")


def test_a_bucket_may_send_to_the_event_bus(account, s3, bucket, unique, monkeypatch):
    matches = []
    monkeypatch.setattr(account.hooks, "rule_matched", matches.append)
    events, rule = account.client("events"), unique("rule")
    pattern = {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": {"bucket": {"name": [bucket]}}}
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=rule, Targets=[{"Id": "t", "Arn": "arn:aws:lambda:eu-north-1:123456789012:function:f"}])
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}})
    s3.put_object(Bucket=bucket, Key="a/k", Body=b"123")
    (match,) = matches
    assert match.event["detail"]["object"]["key"] == "a/k"
    assert match.event["detail"]["object"]["size"] == 3
    assert match.event["detail"]["reason"] == "PutObject"
    assert match.event["resources"] == [f"arn:aws:s3:::{bucket}"]
