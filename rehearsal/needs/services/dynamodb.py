"""DynamoDB: tables and their indexes; a batch or a transaction needs its parts, each on its own table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.needs.ask import Ask
from rehearsal.needs.general import action_of, generally
from rehearsal.needs.need import Need
from rehearsal.needs.service import Service
from rehearsal.needs.services.dynamodb_context import context_of, key_values

TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
ON_INDEX = ("Query", "Scan")
ON_ITEM = ("DeleteItem", "GetItem", "PutItem", "UpdateItem")
PARTIQL = ("BatchExecuteStatement", "ExecuteStatement", "ExecuteTransaction")


def item(ask: Ask) -> list[Need]:
    """On the table, or on the index alone where the call names one."""
    table, index = _table(ask, ask.needed("TableName")), ask.one("IndexName")
    resource = f"{table}/index/{index}" if index and ask.operation in ON_INDEX else table
    return [ask.need(f"dynamodb:{ask.operation}", resource, context_of(ask, ask.members))]


def batch(ask: Ask) -> list[Need]:
    """One need for each table, with the partition keys of all its items."""
    asked = ask.members.get("RequestItems")
    if not isinstance(asked, Mapping) or not asked:
        raise ask.refusal("names no tables")
    return [_of_batch(ask, str(table), parts) for table, parts in asked.items()]


def transaction(ask: Ask) -> list[Need]:
    """One need for each item, by what is done to it."""
    parts = ask.members.get("TransactItems")
    if not isinstance(parts, list) or not parts:
        raise ask.refusal("names no items")
    needs = []
    for part in parts:
        for kind, members in part.items():
            action = "GetItem" if kind == "Get" else TRANSACTED.get(kind)
            if action is None:
                raise ask.refusal(f"does {kind!r} to an item, which is not known")
            context = {**context_of(ask, members), "dynamodb:EnclosingOperation": ask.operation}
            needs.append(ask.need(f"dynamodb:{action}", _table(ask, str(members.get("TableName"))), context))
    return needs


def statement(ask: Ask) -> list[Need]:
    raise ask.refusal("is PartiQL, whose statements are not read here; call GetItem, Query or PutItem")


def rule(ask: Ask) -> list[Need]:
    """Any other call on a table, whose name may be an ARN."""
    action = action_of(ask, SERVICE)
    kinds = [kind.name for kind in action.resource_types if kind.is_required]
    if kinds == ["table"] and ask.one("TableName"):
        index = ask.one("IndexName")
        table = _table(ask, ask.needed("TableName"))
        return [ask.need(action.name, f"{table}/index/{index}" if index else table)]
    return generally(ask, SERVICE)


def _of_batch(ask: Ask, table: str, parts: Any) -> Need:
    requests = parts if isinstance(parts, list) else [parts]
    inner = [each for request in requests for each in _items(request)]
    values = [value for members in inner for value in key_values(ask, table, members)]
    context = dict(context_of(ask, parts if isinstance(parts, Mapping) else {}))
    if values:
        context["dynamodb:LeadingKeys"] = list(dict.fromkeys(values))
    names = {name: None for members in inner for name in members}
    if names:
        context["dynamodb:Attributes"] = list(dict.fromkeys([*context.get("dynamodb:Attributes", ()), *names]))
    if consumed := ask.one("ReturnConsumedCapacity"):
        context["dynamodb:ReturnConsumedCapacity"] = consumed
    return ask.need(f"dynamodb:{ask.operation}", _table(ask, table), context)


def _items(request: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The keys or items of one part: of a read, of a put, of a deletion."""
    if isinstance(request.get("Keys"), list):
        return [key for key in request["Keys"] if isinstance(key, Mapping)]
    found = [request.get("PutRequest", {}).get("Item"), request.get("DeleteRequest", {}).get("Key")]
    return [each for each in found if isinstance(each, Mapping)]


def _table(ask: Ask, name: str) -> str:
    return name if name.startswith("arn:") else ask.arn(f"table/{name}")


SERVICE = Service(
    model="dynamodb",
    places={
        "table": ("TableName|SourceTableArn|SourceTableName|TargetTableName|TableArn|GlobalTableName",),
        "RestoreTableFromBackup:table": ("TargetTableName",),
        "ImportTable:table": ("TableCreationParameters.TableName",),
        "global-table": ("GlobalTableName",),
    },
    rules={
        **dict.fromkeys((*ON_ITEM, *ON_INDEX), item),
        **dict.fromkeys(("BatchGetItem", "BatchWriteItem"), batch),
        **dict.fromkeys(("TransactGetItems", "TransactWriteItems"), transaction),
        **dict.fromkeys(PARTIQL, statement),
    },
    rule=rule,
)
