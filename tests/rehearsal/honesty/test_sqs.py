"""What a program declares of a queue makes a difference to who sends and receives."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.account import Account
from tests.rehearsal.honesty.conftest import Make

QUEUE = "aws:sqs/queue:Queue"


def received(account: Account, url: str) -> list[str]:
    told = account.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [message["Body"] for message in told.get("Messages", [])]


def sent_to(account: Account, make: Make, name: str, body: str = "x", **inputs: Any) -> str:
    url: str = make(QUEUE, name, name=name, **inputs).id
    account.client("sqs").send_message(QueueUrl=url, MessageBody=body)
    return url


@pytest.mark.parametrize(("seconds", "comes_again"), [(30, True), (90, False)])
def test_a_message_is_hidden_for_as_long_as_the_queue_says(
    account: Account, make: Make, seconds: int, comes_again: bool
) -> None:
    url = sent_to(account, make, f"hidden-{seconds}", visibilityTimeoutSeconds=seconds)
    assert received(account, url) == ["x"]
    account.clock.advance(60)
    assert received(account, url) == (["x"] if comes_again else [])


@pytest.mark.parametrize(("seconds", "comes"), [(0, True), (60, False)])
def test_a_message_comes_as_late_as_the_queue_says(account: Account, make: Make, seconds: int, comes: bool) -> None:
    url = sent_to(account, make, f"late-{seconds}", delaySeconds=seconds)
    assert received(account, url) == (["x"] if comes else [])
    account.clock.advance(61)
    assert comes or received(account, url) == ["x"]


def test_a_message_may_be_as_large_as_the_queue_says(account: Account, make: Make) -> None:
    assert received(account, sent_to(account, make, "large", "x" * 2000)) == ["x" * 2000]
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        sent_to(account, make, "small", "x" * 2000, maxMessageSize=1024)


@pytest.mark.parametrize("is_by_content", [True, False])
def test_an_ordered_queue_takes_the_same_message_once(account: Account, make: Make, is_by_content: bool) -> None:
    made = make(QUEUE, f"once-{is_by_content}", fifoQueue=True, contentBasedDeduplication=is_by_content)
    ids = {} if is_by_content else {"MessageDeduplicationId": "the same"}
    for body in ("x", "x" if is_by_content else "y"):
        account.client("sqs").send_message(QueueUrl=made.id, MessageBody=body, MessageGroupId="g", **ids)
    assert received(account, made.id) == ["x"]


@pytest.mark.parametrize("most", [1, 2])
def test_a_message_is_received_as_often_as_the_queue_says(account: Account, make: Make, most: int) -> None:
    letters = make(QUEUE, f"letters-{most}", name=f"letters-{most}")
    redrive = json.dumps({"deadLetterTargetArn": letters.outputs["arn"], "maxReceiveCount": most})
    url = sent_to(account, make, f"often-{most}", redrivePolicy=redrive, visibilityTimeoutSeconds=10)
    for _ in range(most):
        assert received(account, url) == ["x"]
        account.clock.advance(11)
    assert received(account, url) == []
    assert received(account, letters.id) == ["x"]
