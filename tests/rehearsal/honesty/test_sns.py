"""What a program declares of a subscription makes a difference to what is delivered."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.account import Account
from tests.rehearsal.honesty.conftest import Make


def bodies(account: Account, make: Make, name: str, publish: dict[str, Any], **inputs: Any) -> list[str]:
    """What a queue that subscribes gets of one publication."""
    topic = make("aws:sns/topic:Topic", name, name=name).id
    queue = make("aws:sqs/queue:Queue", name, name=name).outputs
    allow = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage",
             "Resource": queue["arn"]}  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    make("aws:sqs/queuePolicy:QueuePolicy", name, queueUrl=queue["url"], policy=policy)
    make("aws:sns/topicSubscription:TopicSubscription", name, topic=topic, protocol="sqs", endpoint=queue["arn"],
         **inputs)  # fmt: skip
    account.client("sns").publish(TopicArn=topic, **publish)
    told = account.client("sqs").receive_message(QueueUrl=queue["url"], MaxNumberOfMessages=10)
    return [message["Body"] for message in told.get("Messages", [])]


@pytest.mark.parametrize("is_raw", [True, False])
def test_a_subscriber_gets_what_is_published(account: Account, make: Make, is_raw: bool) -> None:
    (body,) = bodies(account, make, f"raw-{is_raw}", {"Message": "news"}, rawMessageDelivery=is_raw)
    assert body == "news" if is_raw else json.loads(body)["Message"] == "news"


@pytest.mark.parametrize("scope", ["MessageAttributes", "MessageBody"])
@pytest.mark.parametrize("kind", ["new", "old"])
def test_a_subscriber_gets_only_what_its_filter_lets_through(
    account: Account, make: Make, scope: str, kind: str
) -> None:
    said = {"Message": json.dumps({"kind": kind} if scope == "MessageBody" else {})}
    if scope == "MessageAttributes":
        said["MessageAttributes"] = {"kind": {"DataType": "String", "StringValue": kind}}  # type: ignore[assignment]
    told = bodies(
        account, make, f"{scope}-{kind}", said, filterPolicy=json.dumps({"kind": ["new"]}), filterPolicyScope=scope
    )
    assert len(told) == (kind == "new")
