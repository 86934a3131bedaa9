"""A batch of SQS messages as Lambda hands it to a function, and what the function says of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

Message = Mapping[str, Any]  # as ReceiveMessage gives it


def batch_event(messages: Sequence[Message], queue_arn: str) -> dict[str, Any]:
    return {"Records": [_record(message, queue_arn) for message in messages]}


def failed(messages: Sequence[Message], payload: bytes, has_error: bool, reports_items: bool) -> list[Message]:
    """The messages that stay in the queue.

    All, if the function failed. Else none, unless the function reports items: then those that it names;
    all, if what it says cannot be read or names a message that it was not given.
    """
    if has_error:
        return list(messages)
    if not reports_items:
        return []
    named = _named_items(payload)
    if named is None or not named <= {message["MessageId"] for message in messages}:
        return list(messages)
    return [message for message in messages if message["MessageId"] in named]


def _named_items(payload: bytes) -> set[str] | None:
    """The identifiers in ``batchItemFailures``; None where the answer is not of that form."""
    try:
        answer = json.loads(payload or b"null")
    except ValueError:
        return None
    if answer is None:
        return set()
    items = answer.get("batchItemFailures", []) if isinstance(answer, dict) else None
    if items is None and isinstance(answer, dict):
        return set()
    if not isinstance(items, list):
        return None
    names = [item.get("itemIdentifier") if isinstance(item, dict) else None for item in items]
    given = {name for name in names if isinstance(name, str) and name}
    return given if all(name in given for name in names) else None


def _record(message: Message, queue_arn: str) -> dict[str, Any]:
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {name: _attribute(told) for name, told in message.get("MessageAttributes", {}).items()},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }
    if "MD5OfMessageAttributes" in message:
        record["md5OfMessageAttributes"] = message["MD5OfMessageAttributes"]
    return record


def _attribute(told: Mapping[str, Any]) -> dict[str, Any]:
    attribute: dict[str, Any] = {"stringListValues": [], "binaryListValues": [], "dataType": told["DataType"]}
    if "StringValue" in told:
        attribute["stringValue"] = told["StringValue"]
    if "BinaryValue" in told:
        attribute["binaryValue"] = base64.b64encode(told["BinaryValue"]).decode()
    return attribute
