"""DynamoDB: a transaction costs what it touches, and one that is cancelled takes back only that.

Moto copies every table that is named, whole, and puts the copies back on failure.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from moto.dynamodb.models.table import Table

from rehearsal.patches.seams import hooks


class _CopyNoTables:
    """Stands in for the module ``copy`` in moto's DynamoDB: a table is its own copy, as our rollback goes by item."""

    @staticmethod
    def deepcopy(what: Any) -> Any:
        return what if isinstance(what, Table) and hooks() else copy.deepcopy(what)


def copy_no_tables(_original: Any) -> Any:
    return _CopyNoTables


def take_back_items(original: Callable[..., None]) -> Callable[..., None]:
    """DynamoDBBackend.transact_write_items."""

    def transact_write_items(backend: Any, transact_items: list[dict[str, Any]]) -> None:
        before = [place for item in transact_items if (place := _remember(backend, item))]
        try:
            original(backend, transact_items)
        except Exception:
            for table, keys, item in reversed(before):
                _put_back(table, keys, item)
            raise

    return transact_write_items


def _remember(backend: Any, item: dict[str, Any]) -> tuple[Any, list[Any], Any] | None:
    """The table, the key values and a copy of the item that one part of a transaction is about."""
    asked = next(iter(item.values()))
    table = backend.tables.get(asked.get("TableName", "").split("/")[-1])
    if table is None:
        return None
    key = asked.get("Key") or asked.get("Item") or {}
    names = [name for name in (table.hash_key_attr, table.range_key_attr) if name]
    if any(name not in key for name in names):
        return None  # moto refuses it before anything is written
    values = [_typed(key[name]) for name in names]
    return table, values, copy.deepcopy(table.get_item(*values))


def _typed(value: dict[str, Any]) -> Any:
    from moto.dynamodb.models.dynamo_type import DynamoType

    return DynamoType(value)


def _put_back(table: Any, keys: list[Any], item: Any) -> None:
    hash_value, *range_value = keys
    held, name = (table.items[hash_value], range_value[0]) if range_value else (table.items, hash_value)
    if item is None:
        held.pop(name, None)
    else:
        held[name] = item
