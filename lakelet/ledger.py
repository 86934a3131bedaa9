"""The run ledger as a command reads it: plain dictionaries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lambdas.items import pack_item, unpack_item
from sources.layout import RunName
from sources.runs import State


def find_run(dynamodb: Any, table: str, name: RunName) -> dict[str, Any] | None:
    """What the ledger says of one run, or None where it has not heard of it."""
    key = pack_item({"stream": f"{name.source}/{name.stream}", "run": name.run})
    item = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
    return unpack_item(item) if item else None


def runs_of(
    dynamodb: Any, table: str, source: str, stream: str, limit: int | None = None, newest_first: bool = True
) -> Iterator[dict[str, Any]]:
    """The runs of a stream, by their scheduled time; at most ``limit`` of them."""
    most = {"MaxItems": limit} if limit else {}
    yield from _asked(dynamodb, table, source, stream, ScanIndexForward=not newest_first, PaginationConfig=most)


def uncurated_of(dynamodb: Any, table: str, source: str, stream: str) -> Iterator[dict[str, Any]]:
    """The runs of a stream that are not in the tables, the newest first, however long ago they were."""
    yield from _asked(
        dynamodb, table, source, stream, ScanIndexForward=False, FilterExpression="#state <> :curated",
        names={"#state": "state"}, values={"curated": State.CURATED},
    )  # fmt: skip


def _asked(
    dynamodb: Any, table: str, source: str, stream: str, names: dict[str, str] | None = None,
    values: dict[str, str] | None = None, **how: Any,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    having = pack_item({"stream": f"{source}/{stream}", **(values or {})})
    pages = dynamodb.get_paginator("query").paginate(
        TableName=table,
        ConsistentRead=True,
        KeyConditionExpression="#stream = :stream",
        ExpressionAttributeNames={"#stream": "stream", **(names or {})},
        ExpressionAttributeValues={f":{name}": value for name, value in having.items()},
        **how,
    )
    for page in pages:
        yield from map(unpack_item, page["Items"])
