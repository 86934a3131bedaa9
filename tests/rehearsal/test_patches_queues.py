from __future__ import annotations

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture
def sqs(account):
    return account.client("sqs")


def arn_of(sqs, url: str) -> str:
    return str(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])


def receive(sqs, url: str, **more) -> list[tuple[str, str]]:
    """Bodies and receive counts."""
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"], **more)
    return [(got["Body"], got["Attributes"]["ApproximateReceiveCount"]) for got in answer.get("Messages", [])]


def test_a_message_goes_to_the_dead_letters_once_it_was_received_too_often(account, sqs, unique):
    dead = sqs.create_queue(QueueName=unique("dead"))["QueueUrl"]
    redrive = json.dumps({"deadLetterTargetArn": arn_of(sqs, dead), "maxReceiveCount": 2})
    attributes = {"VisibilityTimeout": "60", "RedrivePolicy": redrive}
    url = sqs.create_queue(QueueName=unique("live"), Attributes=attributes)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    for count in ("1", "2"):
        assert receive(sqs, url) == [("poison", count)]
        assert receive(sqs, url) == []
        account.clock.advance(61)
    assert receive(sqs, url) == []
    assert [body for body, _ in receive(sqs, dead)] == ["poison"]


def test_an_expired_message_is_gone_and_not_in_the_way(account, sqs, unique):
    day = 86_400
    url = sqs.create_queue(QueueName=unique("short"), Attributes={"MessageRetentionPeriod": str(day)})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="old")
    account.clock.advance(day + 60)
    sqs.send_message(QueueUrl=url, MessageBody="new")
    wanted = ["ApproximateNumberOfMessages"]
    assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=wanted)["Attributes"] == {wanted[0]: "1"}
    assert receive(sqs, url) == [("new", "1")]


def test_a_delayed_message_waits_for_the_moved_clock(account, sqs, unique):
    url = sqs.create_queue(QueueName=unique("delayed"))["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=900)
    assert receive(sqs, url) == []
    account.clock.advance(901)
    assert receive(sqs, url) == [("later", "1")]


def test_a_long_poll_gets_what_is_sent_meanwhile(account, sqs, unique):
    """A long poll holds up no other call to the service."""
    url = sqs.create_queue(QueueName=unique("polled"), Attributes={"ReceiveMessageWaitTimeSeconds": "20"})["QueueUrl"]
    with ThreadPoolExecutor() as pool:
        polled = pool.submit(receive, sqs, url)
        sqs.send_message(QueueUrl=url, MessageBody="now")
        assert polled.result(timeout=15) == [("now", "1")]


def test_a_message_for_a_function_waits_in_the_queue_for_its_mapping(account, sqs, function_role, unique, monkeypatch):
    invoked: list[object] = []
    monkeypatch.setattr(account.hooks, "invoke", invoked.append)
    functions, name, code = account.client("lambda"), unique("function"), io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "")
    functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=function_role,
        Handler="app.handler",
        Code={"ZipFile": code.getvalue()},
    )
    url = sqs.create_queue(QueueName=unique("mapped"))["QueueUrl"]
    given = {"BatchSize": 5, "MaximumBatchingWindowInSeconds": 60, "FunctionResponseTypes": ["ReportBatchItemFailures"]}
    scaling = {"MaximumConcurrency": 2}
    mapping = functions.create_event_source_mapping(
        FunctionName=name, EventSourceArn=arn_of(sqs, url), ScalingConfig=scaling, **given
    )["UUID"]
    sqs.send_message(QueueUrl=url, MessageBody="x")
    assert invoked == []
    assert receive(sqs, url) == [("x", "1")]
    told = functions.get_event_source_mapping(UUID=mapping)
    assert {key: told[key] for key in (*given, "ScalingConfig")} == {**given, "ScalingConfig": scaling}
