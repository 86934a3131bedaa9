"""A batch for a function, and its answer: which messages stay in the queue."""

from __future__ import annotations

import json

import pytest

from rehearsal.events.batch import batch_event, failed

QUEUE = "arn:aws:sqs:eu-north-1:123456789012:q"
MESSAGES = [{"MessageId": name} for name in ("a", "b", "c")]


def test_a_record_has_lambdas_shape():
    message = {
        "MessageId": "m",
        "ReceiptHandle": "r",
        "Body": "text",
        "MD5OfBody": "5",
        "MD5OfMessageAttributes": "6",
        "Attributes": {"ApproximateReceiveCount": "2"},
        "MessageAttributes": {
            "s": {"DataType": "String", "StringValue": "x"},
            "b": {"DataType": "Binary", "BinaryValue": b"\x00"},
        },
    }
    assert batch_event([message], QUEUE)["Records"] == [
        {
            "messageId": "m",
            "receiptHandle": "r",
            "body": "text",
            "attributes": {"ApproximateReceiveCount": "2"},
            "messageAttributes": {
                "s": {"stringValue": "x", "stringListValues": [], "binaryListValues": [], "dataType": "String"},
                "b": {"binaryValue": "AA==", "stringListValues": [], "binaryListValues": [], "dataType": "Binary"},
            },
            "md5OfBody": "5",
            "md5OfMessageAttributes": "6",
            "eventSource": "aws:sqs",
            "eventSourceARN": QUEUE,
            "awsRegion": "eu-north-1",
        }
    ]


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (None, ""),
        ({}, ""),
        ({"batchItemFailures": None}, ""),
        ({"batchItemFailures": []}, ""),
        ({"batchItemFailures": [{"itemIdentifier": "b"}]}, "b"),
        ({"batchItemFailures": [{"itemIdentifier": "b"}, {"itemIdentifier": "b"}]}, "b"),
        ({"batchItemFailures": [{"itemIdentifier": "unknown"}]}, "abc"),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, "abc"),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, "abc"),
        ({"batchItemFailures": [{"item": "b"}]}, "abc"),
        ({"batchItemFailures": "b"}, "abc"),
        ([], "abc"),
        ("ok", "abc"),
    ],
)
def test_which_messages_a_report_leaves(answer, left):
    kept = failed(MESSAGES, json.dumps(answer).encode(), has_error=False, reports_items=True)
    assert "".join(message["MessageId"] for message in kept) == left


def test_an_answer_that_is_no_json_leaves_all():
    assert failed(MESSAGES, b"<html>", has_error=False, reports_items=True) == MESSAGES


def test_without_reports_only_an_error_counts():
    answer = b'{"batchItemFailures": [{"itemIdentifier": "b"}]}'
    assert failed(MESSAGES, answer, has_error=False, reports_items=False) == []
    assert failed(MESSAGES, answer, has_error=True, reports_items=False) == MESSAGES
    assert failed(MESSAGES, b"{}", has_error=True, reports_items=True) == MESSAGES
