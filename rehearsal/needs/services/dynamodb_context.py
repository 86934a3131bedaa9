"""What a policy can look at in a call to DynamoDB: the values of the partition key, and the attributes it touches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rehearsal.needs.ask import Ask

_AS_GIVEN = ("ReturnConsumedCapacity", "ReturnValues", "Select")
_EXPRESSIONS = ("ConditionExpression", "FilterExpression", "KeyConditionExpression", "ProjectionExpression",
                "UpdateExpression")  # fmt: skip
_NAMES = ("Key", "Item", "Expected", "AttributeUpdates", "KeyConditions", "QueryFilter", "ScanFilter")
_EQUALS = re.compile(r"(:?#?[\w-]+)\s*=\s*(:?#?[\w-]+)")
_WORD = re.compile(r"(?<![\w.#:\]])#?[A-Za-z_][\w-]*|#\w+")
_NOT_NAMES = frozenset(
    ("add", "and", "attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "between", "contains",
     "delete", "if_not_exists", "in", "list_append", "not", "or", "remove", "set", "size")
)  # fmt: skip


def context_of(ask: Ask, members: Mapping[str, Any]) -> dict[str, str | Sequence[str]]:
    """Of one item's part of a call, or of a whole call."""
    found: dict[str, str | Sequence[str]] = {
        f"dynamodb:{name}": str(members[name]) for name in _AS_GIVEN if members.get(name)
    }
    if table := members.get("TableName"):
        for name in ("Key", "Item"):
            if isinstance(members.get(name), Mapping) and (values := key_values(ask, table, members[name])):
                found["dynamodb:LeadingKeys"] = values
        if ("KeyConditionExpression" in members or "KeyConditions" in members) and (values := _queried(ask, members)):
            found["dynamodb:LeadingKeys"] = values
    if attributes := list(dict.fromkeys(_attributes(members))):
        found["dynamodb:Attributes"] = attributes
    return found


def key_values(ask: Ask, table: str, item: Mapping[str, Any]) -> list[str]:
    """The value of the partition key in a key or an item."""
    name = ask.facts.hash_key(table)
    return _texts(item[name]) if name and name in item else []


def _queried(ask: Ask, members: Mapping[str, Any]) -> list[str]:
    """The value of the partition key that a query asks for; an index has a key of its own."""
    key = ask.facts.hash_key(str(members["TableName"]), members.get("IndexName"))
    if old := members.get("KeyConditions", {}).get(key):
        return [text for value in old.get("AttributeValueList", ()) for text in _texts(value)]
    names, values = members.get("ExpressionAttributeNames", {}), members.get("ExpressionAttributeValues", {})
    for left, right in _EQUALS.findall(str(members.get("KeyConditionExpression", ""))):
        for name, value in ((left, right), (right, left)):
            if names.get(name, name) == key and value in values:
                return _texts(values[value])
    return []


def _texts(value: Any) -> list[str]:
    """``{"S": "a"}`` -> ``["a"]``."""
    return [str(each) for each in value.values()] if isinstance(value, Mapping) else []


def _attributes(members: Mapping[str, Any]) -> Iterator[str]:
    """The names of attributes at the top of an item, wherever the call speaks of them."""
    for name in _NAMES:
        if isinstance(members.get(name), Mapping):
            yield from members[name]
    yield from members.get("AttributesToGet", ())
    names = members.get("ExpressionAttributeNames", {})
    for expression in _EXPRESSIONS:
        for word in _WORD.findall(str(members.get(expression) or "")):
            if word.lower() not in _NOT_NAMES:
                yield names.get(word, word)
