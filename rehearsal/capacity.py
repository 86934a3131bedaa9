"""What a call to DynamoDB consumes: read units of 4 KB, write units of 1 KB, by the sizes of the items it touched.

A transaction consumes twice, an eventually consistent read half. A write whose condition does not hold consumes too.
What the account cannot tell afterwards is not counted: how large an item was before it was made smaller or deleted.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType

from rehearsal.answers import Answer
from rehearsal.asked import Asked

READ_UNIT = 4096
WRITE_UNIT = 1024
IN_A_CONTAINER = 1  # for each value in a list or map
A_CONTAINER = 3
CONSUMES_WHEN_REFUSED = ("ConditionalCheckFailedException", "TransactionCanceledException")

Item = Mapping[str, Any]  # as on the wire: {"name": {"S": "Ana"}}


class Tables(Protocol):
    """The tables as they are after the call."""

    def item(self, table: str, key: Item) -> Item:
        """The item with a key, or nothing."""

    def index_keys(self, table: str) -> list[str]:
        """The hash key of each global index: an item with that attribute is in the index too."""


def units(asked: Asked, answer: Answer, tables: Tables) -> float:
    """0 for a call to another service, one that reads and writes no items, and one that was refused as it stood."""
    if asked.service != "dynamodb" or asked.operation not in _UNITS:
        return 0.0
    told = _object(answer.body)
    if answer.code != 200 and not str(told.get("__type", "")).endswith(CONSUMES_WHEN_REFUSED):
        return 0.0
    return float(_UNITS[asked.operation](asked.parameters, told, tables))


def item_size(item: Item) -> int:
    """Bytes of an item as DynamoDB counts them: names and values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def read_units(size: int, consistent: bool) -> float:
    """An item that is not there is read as well."""
    return max(1, math.ceil(size / READ_UNIT)) * (1.0 if consistent else 0.5)


def write_units(size: int) -> int:
    return max(1, math.ceil(size / WRITE_UNIT))


def _value_size(value: Mapping[str, Any]) -> int:
    kind, held = next(iter(value.items()))
    if kind in ("NULL", "BOOL"):
        return 1
    if kind == "N":
        return _number_size(held)
    if kind == "B":
        return len(held) * 3 // 4
    if kind == "M":
        return A_CONTAINER + item_size(held) + IN_A_CONTAINER * len(held)
    if kind == "L":
        return A_CONTAINER + sum(_value_size(each) + IN_A_CONTAINER for each in held)
    if kind in ("SS", "NS", "BS"):
        return sum(_value_size({kind[0]: each}) for each in held)
    return len(str(held).encode())


def _number_size(text: str) -> int:
    """One byte for two significant digits, and one."""
    digits = "".join(filter(str.isdigit, str(text).lower().partition("e")[0])).strip("0")
    return math.ceil(len(digits) / 2) + 1


# How much each operation consumes, from what was asked, what was told, and the tables.


def _get(asked: Mapping[str, Any], told: Mapping[str, Any], _: Tables) -> float:
    return read_units(item_size(told.get("Item", {})), bool(asked.get("ConsistentRead")))


def _search(asked: Mapping[str, Any], told: Mapping[str, Any], _: Tables) -> float:
    """What a filter left out was read as well; it is taken to be as large as what came."""
    size = sum(item_size(item) for item in told.get("Items", []))
    came, read = told.get("Count", 0), told.get("ScannedCount", 0)
    if read > came:
        size = round(size * read / came) if came else WRITE_UNIT * read
    return read_units(size, bool(asked.get("ConsistentRead")))


def _batch_get(asked: Mapping[str, Any], told: Mapping[str, Any], _: Tables) -> float:
    total = 0.0
    for table, wanted in asked.get("RequestItems", {}).items():
        consistent, found = bool(wanted.get("ConsistentRead")), told.get("Responses", {}).get(table, [])
        missing = len(wanted.get("Keys", [])) - len(found)
        total += sum(read_units(item_size(item), consistent) for item in found) + missing * read_units(0, consistent)
    return total


def _transact_get(_: Mapping[str, Any], told: Mapping[str, Any], __: Tables) -> float:
    return sum(2 * read_units(item_size(each.get("Item", {})), True) for each in told.get("Responses", []))


def _put(asked: Mapping[str, Any], _: Mapping[str, Any], tables: Tables) -> float:
    return _write(asked, asked.get("Item", {}), tables)


def _update(asked: Mapping[str, Any], _: Mapping[str, Any], tables: Tables) -> float:
    return _write(asked, tables.item(asked["TableName"], asked.get("Key", {})), tables)


def _delete(asked: Mapping[str, Any], told: Mapping[str, Any], tables: Tables) -> float:
    return _write(asked, told.get("Attributes", {}), tables)


def _batch_write(asked: Mapping[str, Any], _: Mapping[str, Any], tables: Tables) -> float:
    return sum(
        _write({"TableName": table}, change.get("PutRequest", {}).get("Item", {}), tables)
        for table, changes in asked.get("RequestItems", {}).items()
        for change in changes
    )


def _transact_write(asked: Mapping[str, Any], _: Mapping[str, Any], tables: Tables) -> float:
    total = 0.0
    for part in asked.get("TransactItems", []):
        kind, change = next(iter(part.items()))
        total += 2 * _IN_TRANSACTION[kind](change, {}, tables)
    return total


def _check(asked: Mapping[str, Any], _: Mapping[str, Any], tables: Tables) -> float:
    return write_units(item_size(tables.item(asked["TableName"], asked.get("Key", {}))))


def _write(asked: Mapping[str, Any], item: Item, tables: Tables) -> float:
    """The item, and once more for each index that it is in or leaves."""
    named = set(asked.get("ExpressionAttributeNames", {}).values())
    indexes = [key for key in tables.index_keys(asked["TableName"]) if key in item or key in named]
    return write_units(item_size(item)) * (1 + len(indexes))


_IN_TRANSACTION = {"Put": _put, "Update": _update, "Delete": _delete, "ConditionCheck": _check}
_UNITS = {
    "GetItem": _get,
    "Query": _search,
    "Scan": _search,
    "BatchGetItem": _batch_get,
    "TransactGetItems": _transact_get,
    "PutItem": _put,
    "UpdateItem": _update,
    "DeleteItem": _delete,
    "BatchWriteItem": _batch_write,
    "TransactWriteItems": _transact_write,
}


class AccountTables:
    """The tables of an embedded account, read without a call."""

    def __init__(self, account_id: str, region: str) -> None:
        self._place = (account_id, region)

    def item(self, table: str, key: Item) -> Item:
        found = self._table(table)
        if found is None:
            return {}
        held = found.get_item(*(DynamoType(key[name]) for name in found.table_key_attrs))
        return {} if held is None else dict(held.to_json()["Attributes"])

    def index_keys(self, table: str) -> list[str]:
        found = self._table(table)
        return [] if found is None else [_hash_key(index.schema) for index in found.global_indexes]

    def _table(self, name: str) -> Any:
        account_id, region = self._place
        return dynamodb_backends[account_id][region].tables.get(name.rsplit("/", 1)[-1])


def _hash_key(schema: Iterable[Mapping[str, str]]) -> str:
    return next(key["AttributeName"] for key in schema if key["KeyType"] == "HASH")


def _object(body: bytes) -> dict[str, Any]:
    found = json.loads(body) if body else {}
    return found if isinstance(found, dict) else {}
