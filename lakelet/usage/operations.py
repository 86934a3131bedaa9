"""What a call is billed as: one quantity, nothing at all, or something that nobody has written down here."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Protocol

CHUNK = 64 * 1024  # what counts as one request to SQS or SNS


class Called(Protocol):
    """As the rehearsal records a call."""

    @property
    def principal(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def operation(self) -> str: ...
    @property
    def request_bytes(self) -> int: ...
    @property
    def response_bytes(self) -> int: ...
    @property
    def units(self) -> float: ...


Billed = tuple[str, float]  # a quantity, and how much of it
Measure = Callable[[Called], float]


def one(_: Called) -> float:
    return 1


def units(call: Called) -> float:
    return call.units


def sent(call: Called) -> float:
    return call.request_bytes


def chunks(call: Called) -> float:
    """A request is billed for each 64 KB of what it carries, in the larger direction."""
    return max(1, math.ceil(max(call.request_bytes, call.response_bytes) / CHUNK))


def _are(quantity: str, measure: Measure, *operations: str) -> dict[str, tuple[str, Measure]]:
    return dict.fromkeys(operations, (quantity, measure))


# What costs, by service and operation. "*" is any operation that is not named.
BILLED: Mapping[str, Mapping[str, tuple[str, Measure]]] = {
    "s3": {
        **_are("s3_puts", one, "PutObject", "CopyObject", "PostObject", "CreateMultipartUpload", "UploadPart",
               "UploadPartCopy", "CompleteMultipartUpload", "PutObjectTagging", "ListObjects", "ListObjectsV2",
               "ListObjectVersions", "ListMultipartUploads", "ListParts", "ListBuckets"),
        **_are("s3_gets", one, "GetObject", "HeadObject", "HeadBucket", "GetObjectAttributes", "GetObjectTagging",
               "GetBucketLocation", "GetBucketVersioning"),
    },
    "dynamodb": {
        **_are("dynamodb_writes", units, "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem",
               "TransactWriteItems"),
        **_are("dynamodb_reads", units, "GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"),
    },
    "sqs": {**_are("sqs_polls", chunks, "ReceiveMessage", "GetQueueAttributes"), **_are("sqs_requests", chunks, "*")},
    "sns": _are("sns_publishes", chunks, "Publish", "PublishBatch"),
    "secretsmanager": _are("secret_calls", one, "*"),
    "logs": _are("log_bytes", sent, "PutLogEvents"),
    "cloudwatch": _are("cloudwatch_requests", one, "PutMetricData", "GetMetricData", "GetMetricStatistics",
                       "ListMetrics"),
    "glue": _are("glue_catalog_requests", one, "CreateTable", "UpdateTable", "DeleteTable", "GetTable", "GetTables",
                 "GetTableVersion", "GetTableVersions", "BatchDeleteTable", "CreateDatabase", "GetDatabase",
                 "GetDatabases", "UpdateDatabase", "DeleteDatabase", "CreatePartition", "BatchCreatePartition",
                 "GetPartition", "GetPartitions", "BatchGetPartition", "UpdatePartition", "BatchUpdatePartition",
                 "DeletePartition", "BatchDeletePartition", "SearchTables"),
    "events": _are("custom_events", one, "PutEvents"),
}  # fmt: skip

# What is billed as something else than a call, or not at all.
FREE: Mapping[str, frozenset[str]] = {
    "s3": frozenset({"DeleteObject", "DeleteObjects", "AbortMultipartUpload"}),
    "lambda": frozenset({"Invoke", "InvokeFunction", "GetPolicy", "GetFunction"}),
    "logs": frozenset({"CreateLogGroup", "CreateLogStream", "DescribeLogGroups", "DescribeLogStreams"}),
    "glue": frozenset({"StartJobRun", "GetJobRun", "GetJobRuns", "GetJob", "BatchStopJobRun"}),
    "dynamodb": frozenset({"DescribeTable", "ListTables", "DescribeTimeToLive"}),
    "sts": frozenset({"AssumeRole", "GetCallerIdentity"}),
    "cloudwatch": frozenset({"DescribeAlarms"}),
}

SCHEDULER = "scheduler"  # the name of the session in which EventBridge Scheduler acts


def billed(call: Called) -> Billed | None:
    """What a call is billed as, or None where it is free. Raises KeyError for an operation that is not known here."""
    if call.principal.endswith(f"/{SCHEDULER}"):
        return "schedule_invocations", 1
    known = BILLED.get(call.service, {})
    quantity = known.get(call.operation) or (None if is_free(call) else known.get("*"))
    if quantity is not None:
        return quantity[0], quantity[1](call)
    if is_free(call):
        return None
    raise KeyError(f"{call.service}:{call.operation}")


def is_free(call: Called) -> bool:
    return call.operation in FREE.get(call.service, ())
