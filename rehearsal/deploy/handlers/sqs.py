"""SQS queues, their policies and their dead letters."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.deploy.handlers.documents import json_text
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, handles

_ATTRIBUTES = {
    "delaySeconds": "DelaySeconds",
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "kmsDataKeyReusePeriodSeconds": "KmsDataKeyReusePeriodSeconds",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
    "redrivePolicy": "RedrivePolicy",
    "redriveAllowPolicy": "RedriveAllowPolicy",
    "policy": "Policy",
}
_FIFO_ATTRIBUTES = {
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "deduplicationScope": "DeduplicationScope",
    "fifoThroughputLimit": "FifoThroughputLimit",
}


@handles("aws:sqs/queue:Queue")
def queue(order: Order) -> Created:
    inputs = order.inputs
    is_fifo = bool(inputs.value("fifoQueue"))
    known = {**_ATTRIBUTES, **(_FIFO_ATTRIBUTES if is_fifo else {})}
    attributes = {name: _text(inputs[key]) for key, name in known.items() if key in inputs}
    if is_fifo:
        attributes["FifoQueue"] = "true"
    name = order.physical_name(limit=80, ending=".fifo" if is_fifo else "")
    url = order.client("sqs").create_queue(QueueName=name, Attributes=attributes, tags=order.tags)["QueueUrl"]
    return Created(url, {"url": url, "name": name, "arn": order.arn("sqs", name), "fifoQueue": is_fifo,
                         "visibilityTimeoutSeconds": inputs.value("visibilityTimeoutSeconds", 30)})  # fmt: skip


@handles("aws:sqs/queuePolicy:QueuePolicy")
def queue_policy(order: Order) -> Created:
    return _set(order, "policy", "Policy")


@handles("aws:sqs/redrivePolicy:RedrivePolicy")
def redrive_policy(order: Order) -> Created:
    return _set(order, "redrivePolicy", "RedrivePolicy")


@handles("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy")
def redrive_allow_policy(order: Order) -> Created:
    return _set(order, "redriveAllowPolicy", "RedriveAllowPolicy")


def _set(order: Order, name: str, attribute: str) -> Created:
    url, text = order.inputs["queueUrl"], json_text(order.inputs[name])
    order.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={attribute: text})
    return Created(url, {name: text})


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool | dict) else str(value)
