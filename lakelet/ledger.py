"""The run ledger as a command reads it: plain dictionaries."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from sources.layout import RunName
from sources.runs import State

_deserialize = TypeDeserializer().deserialize


def find_run(dynamodb: Any, table: str, name: RunName) -> dict[str, Any] | None:
    """What the ledger says of one run, or None where it has not heard of it."""
    key = {"stream": {"S": f"{name.source}/{name.stream}"}, "run": {"S": name.run}}
    item = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
    return _unpacked(item) if item else None


def runs_of(
    dynamodb: Any, table: str, source: str, stream: str, limit: int | None = None, newest_first: bool = True
) -> Iterator[dict[str, Any]]:
    """The runs of a stream, by their scheduled time; at most ``limit`` of them."""
    wanted = {"KeyConditionExpression": "#stream = :stream", "ExpressionAttributeNames": {"#stream": "stream"},
              "ExpressionAttributeValues": {":stream": {"S": f"{source}/{stream}"}}}  # fmt: skip
    pages = dynamodb.get_paginator("query").paginate(
        TableName=table, ScanIndexForward=not newest_first, ConsistentRead=True,
        PaginationConfig={"MaxItems": limit} if limit else {}, **wanted,
    )  # fmt: skip
    for page in pages:
        yield from (_unpacked(item) for item in page["Items"])


def uncurated_of(dynamodb: Any, table: str, source: str, stream: str) -> Iterator[dict[str, Any]]:
    """The runs of a stream that are not in the tables, the newest first, however long ago they were."""
    pages = dynamodb.get_paginator("query").paginate(
        TableName=table, ScanIndexForward=False, ConsistentRead=True,
        KeyConditionExpression="#stream = :stream", FilterExpression="#state <> :curated",
        ExpressionAttributeNames={"#stream": "stream", "#state": "state"},
        ExpressionAttributeValues={":stream": {"S": f"{source}/{stream}"}, ":curated": {"S": State.CURATED}},
    )  # fmt: skip
    for page in pages:
        yield from (_unpacked(item) for item in page["Items"])


def _unpacked(item: dict[str, Any]) -> dict[str, Any]:
    return {field: _plain(_deserialize(value)) for field, value in item.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value
