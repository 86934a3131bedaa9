"""Items of DynamoDB tables."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item

from rehearsal.asked import Asked
from rehearsal.kept.parts.part import Part
from rehearsal.kept.store import Batch, Name, Store

READS = ("Get", "BatchGet", "TransactGet", "Query", "Scan", "Describe", "List")
BY_STATEMENT = frozenset({"ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"})
EVERY = ""  # in the place of a key: all items of the table, or of all tables


class Items(Part):
    service = "dynamodb"
    names = ("item",)

    def __init__(self, account_id: str, region: str) -> None:
        self._backend = dynamodb_backends[account_id][region]
        self._filled: set[str] = set()

    def touched(self, asked: Asked, _answer: bytes) -> Iterable[Name]:
        if asked.operation.startswith(READS):
            return ()
        if asked.operation in BY_STATEMENT:  # which items, only a reader of PartiQL could tell
            return [Name("item", EVERY, EVERY)]
        return [
            Name("item", table, _key_text(held, given))
            for named, given in _written(asked.operation, asked.parameters)
            if (table := named.split("/")[-1]) and (held := self._backend.tables.get(table))
        ]

    def gather(self, name: Name, batch: Batch) -> None:
        if name.place == EVERY:
            for table in self._filled & set(self._backend.tables):
                batch.drop_place("item", table)
                for item in _all(self._backend.tables[table]):
                    self._put(table, item, batch)
            return
        table = self._backend.tables.get(name.place)
        item = None if table is None else _find(table, name.name)
        if item is None:
            batch.drop(name)
        else:
            batch.put(name, _plain(item.attrs))

    def restore(self, store: Store, _cut_off: bool) -> None:
        for name, table in self._backend.tables.items():
            if name in self._filled:
                continue
            self._filled.add(name)
            for _, _, attributes in store.rows("item", name):
                _put_back(table, attributes)

    def _put(self, table: str, item: Any, batch: Batch) -> None:
        attributes = _plain(item.attrs)
        batch.put(Name("item", table, _key_text(self._backend.tables[table], attributes)), attributes)


def _written(operation: str, asked: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Table and item, or table and key, of each write in a request."""
    if operation == "BatchWriteItem":
        for table, requests in asked.get("RequestItems", {}).items():
            for request in requests:
                put, delete = request.get("PutRequest"), request.get("DeleteRequest")
                yield table, put["Item"] if put else delete["Key"]
    elif operation == "TransactWriteItems":
        for item in asked.get("TransactItems", []):
            for kind, part in item.items():
                if kind != "ConditionCheck":
                    yield part["TableName"], part.get("Item") or part.get("Key")
    elif "Item" in asked or "Key" in asked:
        yield asked["TableName"], asked.get("Item") or asked.get("Key", {})


def _key_text(table: Any, given: Mapping[str, Any]) -> str:
    """The key of an item, or of what is to be one, as the name of its row."""
    return json.dumps([given[name] for name in _key_names(table)], separators=(",", ":"))


def _key_names(table: Any) -> list[str]:
    return [name for name in (table.hash_key_attr, table.range_key_attr) if name]


def _find(table: Any, key_text: str) -> Any:
    key = [DynamoType(value) for value in json.loads(key_text)]
    held = table.items.get(key[0])  # by get: asking a defaultdict would add an empty hash
    if held is None or len(key) == 1:
        return held
    return held.get(key[1])


def _all(table: Any) -> Iterator[Any]:
    for held in list(table.items.values()):
        if isinstance(held, Item):
            yield held
        else:
            yield from list(held.values())


def _put_back(table: Any, attributes: dict[str, Any]) -> None:
    key = [DynamoType(attributes[name]) for name in _key_names(table)]
    item = Item(key[0], key[1] if len(key) > 1 else None, attributes)
    if len(key) > 1:
        table.items[key[0]][key[1]] = item
    else:
        table.items[key[0]] = item


def _plain(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """DynamoDB's own form in JSON: binary values are base64, as in a request."""
    return {name: _plain_value(value) for name, value in attributes.items()}


def _plain_value(value: Any) -> dict[str, Any]:
    if value.is_list():
        return {value.type: [_plain_value(each) for each in value.value]}
    if value.is_map():
        return {value.type: _plain(value.value)}
    if value.is_set():
        return {value.type: [_text(each) for each in value.value]}
    return {value.type: _text(value.value)}


def _text(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
