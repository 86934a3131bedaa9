"""The best name for what a request is about, from its parameters alone. For the record, not for decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Members that name what a request is about, the first one found wins; a tuple is joined by "/".
NAMES: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "s3": (("Bucket", "Key"), "Bucket"),
    "dynamodb": ("TableName",),
    "lambda": ("FunctionName", "UUID", "LayerName"),
    "glue": (("DatabaseName", "TableName"), ("DatabaseName", "Name"), "JobName", "DatabaseName", "Name"),
    "scheduler": (("GroupName", "Name"), ("groupName", "Name"), "Name"),
    "sqs": ("QueueName",),
    "sns": ("TopicArn",),
    "kms": ("KeyId",),
    "secretsmanager": ("SecretId", "Name"),
    "logs": (("logGroupName", "logStreamName"), "logGroupName"),
    "iam": (("RoleName", "PolicyName"), "RoleName", "PolicyArn", "UserName", "PolicyName"),
    "sts": ("RoleArn",),
    "events": (("EventBusName", "Name"), "Rule", "Name"),
}
ANY = ("ResourceArn", "resourceArn", "Name", "name")


def resource_of(service: str, parameters: Mapping[str, Any]) -> str:
    """``bucket/key``, ``table``, ``database/table``, a name; empty where the request names nothing."""
    if service == "sqs" and "QueueUrl" in parameters:
        return str(parameters["QueueUrl"]).rsplit("/", 1)[-1]
    if service == "dynamodb" and "TableName" not in parameters:
        return ",".join(_tables(parameters))
    if service == "glue" and isinstance(parameters.get("TableInput"), dict):
        return f"{parameters.get('DatabaseName', '')}/{parameters['TableInput'].get('Name', '')}"
    for wanted in (*NAMES.get(service, ()), *ANY):
        names = (wanted,) if isinstance(wanted, str) else wanted
        if all(parameters.get(name) for name in names):
            return "/".join(str(parameters[name]) for name in names)
    return ""


def _tables(parameters: Mapping[str, Any]) -> list[str]:
    """The tables of a batch or a transaction, each once."""
    items = parameters.get("RequestItems")
    if isinstance(items, dict):
        return sorted(items)
    parts = parameters.get("TransactItems")
    if not isinstance(parts, list):
        return []
    return sorted({str(asked.get("TableName", "")) for part in parts for asked in part.values()})
