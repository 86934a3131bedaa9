"""The run ledger as a command reads it: plain dictionaries, the newest run first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from sources.layout import RunName

_deserialize = TypeDeserializer().deserialize


def find_run(dynamodb: Any, table: str, name: RunName) -> dict[str, Any] | None:
    """What the ledger says of one run, or None where it has not heard of it."""
    key = {"stream": {"S": f"{name.source}/{name.stream}"}, "run": {"S": name.run}}
    item = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
    return {field: _plain(_deserialize(value)) for field, value in item.items()} if item else None


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value
