"""SNS topics and subscriptions. Queues and functions get their messages; nothing leaves the machine."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.deploy.handlers.documents import json_text
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, handles

_TOPIC = {"DisplayName": "displayName", "KmsMasterKeyId": "kmsMasterKeyId", "DeliveryPolicy": "deliveryPolicy"}
_SUBSCRIPTION = {
    "RawMessageDelivery": "rawMessageDelivery",
    "FilterPolicyScope": "filterPolicyScope",
    "FilterPolicy": "filterPolicy",
    "RedrivePolicy": "redrivePolicy",
    "DeliveryPolicy": "deliveryPolicy",
    "SubscriptionRoleArn": "subscriptionRoleArn",
}

DELIVERED = ("sqs", "lambda")


@handles("aws:sns/topic:Topic")
def topic(order: Order) -> Created:
    client, is_fifo = order.client("sns"), bool(order.inputs.value("fifoTopic"))
    name = order.physical_name(limit=256, ending=".fifo" if is_fifo else "")
    attributes = {key: _text(value) for key, value in order.inputs.take(**_TOPIC).items()}
    if is_fifo:
        content_based = order.inputs.value("contentBasedDeduplication", False)
        attributes |= {"FifoTopic": "true", "ContentBasedDeduplication": _text(content_based)}
    arn = client.create_topic(Name=name, Attributes=attributes, Tags=order.tag_list())["TopicArn"]
    if "policy" in order.inputs:
        client.set_topic_attributes(
            TopicArn=arn, AttributeName="Policy", AttributeValue=json_text(order.inputs["policy"])
        )
    return Created(arn, {"name": name, "arn": arn, "owner": order.account_id})


@handles("aws:sns/topicPolicy:TopicPolicy")
def topic_policy(order: Order) -> Created:
    arn, text = order.inputs["arn"], json_text(order.inputs["policy"])
    order.client("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=text)
    return Created(arn, {"policy": text, "owner": order.account_id})


@handles("aws:sns/topicSubscription:TopicSubscription")
def topic_subscription(order: Order) -> Created:
    inputs = order.inputs
    attributes = {key: _text(value) for key, value in inputs.take(**_SUBSCRIPTION).items()}
    arn = order.client("sns").subscribe(
        TopicArn=inputs["topic"], Protocol=inputs["protocol"], Endpoint=inputs["endpoint"], Attributes=attributes,
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]  # fmt: skip
    if inputs["protocol"] not in DELIVERED:
        inputs.unheeded("endpoint", why="what goes to it is kept here, and nothing leaves the machine")
    return Created(arn, {"arn": arn, "ownerId": order.account_id})


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
