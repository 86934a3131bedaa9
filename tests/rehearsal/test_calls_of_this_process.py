"""Calls of a process to an account of its own: they go straight in, and are answered as over a connection."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from rehearsal import shortcut
from rehearsal.account import Account
from tests.rehearsal.processes import soon

WAYS = (True, False)


@pytest.fixture
def account() -> Any:
    with Account() as started:
        yield started


def connections(account: Account) -> int:
    return len(account._server._server._open)


@pytest.mark.parametrize(("is_here", "opened"), [(True, 0), (False, 1)])
def test_a_connection_is_made_only_where_the_main_thread_may_be_cut_off(account, monkeypatch, is_here, opened):
    monkeypatch.setattr(shortcut, "main_thread_too", is_here)
    account.client("sqs").list_queues()
    assert connections(account) == opened


def test_other_threads_need_none_in_any_case(account, monkeypatch):
    monkeypatch.setattr(shortcut, "main_thread_too", False)
    thread = threading.Thread(target=account.client("sqs").list_queues)
    thread.start()
    thread.join()
    assert [call.operation for call in account.calls.since()] == ["ListQueues"]
    assert connections(account) == 0


def told(account: Account) -> list[Any]:
    """What depends on how a request is sent: names of headers, bodies of any kind, paths, answers without a body."""
    s3 = account.client("s3")
    s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    key = "a folder/ü?#%20&+.json"
    stored = s3.put_object(
        Bucket="lake", Key=key, Body=b"\x00\xff" * 70_000, Metadata={"with_underscore": "x", "with-dash": "y"}
    )
    head, found = s3.head_object(Bucket="lake", Key=key), s3.get_object(Bucket="lake", Key=key, Range="bytes=1-3")
    with pytest.raises(ClientError) as missing:
        s3.head_object(Bucket="lake", Key="none")
    with pytest.raises(ClientError) as refused:
        account.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="no json")
    rest = [*iter(s3.get_object(Bucket="lake", Key=key)["Body"].iter_chunks(50_000))]
    codes = [error.value.response["Error"] for error in (missing, refused)]
    listed = [each["Key"] for each in s3.list_objects_v2(Bucket="lake")["Contents"]]
    s3.delete_object(Bucket="lake", Key=key)
    s3.delete_bucket(Bucket="lake")
    return [
        stored["ETag"],
        head["Metadata"],
        head["ContentLength"],
        found["Body"].read(),
        list(map(len, rest)),
        codes,
        listed,
    ]


def test_it_is_answered_as_over_a_connection(account, monkeypatch):
    answers, calls = [], []
    for way in WAYS:
        monkeypatch.setattr(shortcut, "main_thread_too", way)
        mark = account.calls.mark()
        answers.append(told(account))
        calls.append(
            [(call.operation, call.resource, call.status, call.request_bytes) for call in account.calls.since(mark)]
        )
    assert answers[0] == answers[1]
    assert calls[0] == calls[1]
    assert answers[0][1:4] == [{"with_underscore": "x", "with-dash": "y"}, 140_000, b"\xff\x00\xff"]


def test_a_call_within_a_call_leaves_the_outer_one_as_it_is(account, monkeypatch):
    """What is to be told of the outer one is told once it has been carried out, when nothing is locked any more."""
    client, queue = account.client("sqs"), account.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    locked: list[bool] = []
    monkeypatch.setattr(account.hooks, "changed", lambda _: locked.append(account.gate._locks["sqs"].locked()))

    def refusal(asked: Any) -> None:  # asked as a part of carrying it out
        if asked.service == "sqs":
            account.client("sns").list_topics()

    monkeypatch.setattr(account.gate.strict, "refusal", refusal)
    client.send_message(QueueUrl=queue, MessageBody="m")
    assert [call.operation for call in account.calls.since()] == ["CreateQueue", "ListTopics", "SendMessage"]
    assert locked == [False]


def test_what_breaks_down_is_an_answer_too(account, monkeypatch):
    def broken(*_: Any) -> None:
        raise LookupError

    monkeypatch.setattr(account._server._server, "app", broken)
    monkeypatch.setattr(account._server._server, "log", lambda *_: None)
    for way in WAYS:
        monkeypatch.setattr(shortcut, "main_thread_too", way)
        with pytest.raises(ClientError) as found:
            account.client("s3").list_buckets()
        assert found.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500


def test_an_account_that_stops_carries_out_what_was_begun_and_takes_no_more(account):
    queue = account.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    answers: list[Any] = []
    client = account.client_for("sqs", account.credentials())
    lock = account.gate.alone("sqs")
    with lock:  # so that the call cannot end
        caller = threading.Thread(target=lambda: answers.append(client.send_message(QueueUrl=queue, MessageBody="m")))
        caller.start()
        assert soon(lambda: account._server._open_calls == 1)
        stopper = threading.Thread(target=account.stop)
        stopper.start()
        stopper.join(0.3)
        assert stopper.is_alive()
    stopper.join()
    caller.join()
    assert answers[0]["MessageId"]
    with pytest.raises(EndpointConnectionError):
        client.list_queues()
