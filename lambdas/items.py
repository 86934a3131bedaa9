"""DynamoDB's way of writing things: values, expressions, and what a refused condition looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from lambdas.clock import Clock
from lambdas.errors import Lost

Item = dict[str, Any]

CONFLICT_TRIES = 6
CONFLICT_SECONDS = 0.1


def pack(value: Any) -> dict[str, Any]:
    """A Python value as DynamoDB takes it."""
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {"N": str(value)}
    if isinstance(value, Mapping):
        return {"M": {name: pack(part) for name, part in value.items()}}
    if isinstance(value, (list, tuple)):
        return {"L": [pack(part) for part in value]}
    raise TypeError(f"a ledger holds texts, numbers, and maps and lists of them, not {value!r}")


def unpack(value: Mapping[str, Any]) -> Any:
    """The other way round of :func:`pack`; whole numbers come back as ``int``."""
    ((kind, content),) = value.items()
    if kind == "N":
        return int(content) if re.fullmatch(r"-?\d+", content) else float(content)
    if kind == "M":
        return {name: unpack(part) for name, part in content.items()}
    if kind == "L":
        return [unpack(part) for part in content]
    return content


def pack_item(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: pack(value) for name, value in item.items()}


def unpack_item(item: Mapping[str, Any]) -> Item:
    return {name: unpack(value) for name, value in item.items()}


def change(
    *,
    when: str,
    having: Mapping[str, Any] | None = None,
    put: Mapping[str, Any] | None = None,
    first: Mapping[str, Any] | None = None,
    add: Mapping[str, int] | None = None,
    drop: Sequence[str] = (),
) -> dict[str, Any]:
    """The expressions of one conditional update.

    ``put`` sets attributes, ``first`` sets those that are not there yet, ``add`` counts up, ``drop`` removes.
    In ``when`` attributes are written ``#name`` (many of our names are DynamoDB's own words), and the values that
    ``having`` gives ``:name``.
    """
    sets = [f"#{name} = :put_{name}" for name in put or {}]
    sets += [f"#{name} = if_not_exists(#{name}, :first_{name})" for name in first or {}]
    adds = [f"#{name} :add_{name}" for name in add or {}]
    clauses = [("SET ", sets), ("ADD ", adds), ("REMOVE ", [f"#{name}" for name in drop])]
    update = " ".join(verb + ", ".join(parts) for verb, parts in clauses if parts)
    values = {
        **{f":put_{name}": pack(value) for name, value in (put or {}).items()},
        **{f":first_{name}": pack(value) for name, value in (first or {}).items()},
        **{f":add_{name}": pack(value) for name, value in (add or {}).items()},
        **{f":{name}": pack(value) for name, value in (having or {}).items()},
    }
    names = {f"#{name}": name for name in re.findall(r"#(\w+)", f"{update} {when}")}
    expressions = {
        "UpdateExpression": update,
        "ConditionExpression": when,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }
    return {name: expression for name, expression in expressions.items() if expression}


class Refused(Lost):
    """A condition did not hold. ``places`` are the positions of the writes it was about."""

    def __init__(self, message: str, places: Sequence[int], item: Item | None = None) -> None:
        super().__init__(message)
        self.places = tuple(places)
        self.item = item


def update(client: Any, request: Mapping[str, Any]) -> Item:
    """Do one conditional update and give the item as it is then; Refused brings the item as it was found."""
    try:
        answer = client.update_item(**request, ReturnValues="ALL_NEW", ReturnValuesOnConditionCheckFailure="ALL_OLD")
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        found = error.response.get("Item")
        raise Refused("the condition of a write does not hold", [0], unpack_item(found) if found else None) from error
    return unpack_item(answer["Attributes"])


def transact(client: Any, writes: Sequence[Mapping[str, Any]], clock: Clock) -> None:
    """Do all the writes or none. Where another transaction is in the way, wait for it."""
    for attempt in range(1, CONFLICT_TRIES + 1):
        try:
            client.transact_write_items(TransactItems=list(writes))
            return
        except ClientError as error:
            if error.response["Error"]["Code"] != "TransactionCanceledException":
                raise
            reasons = [reason.get("Code", "None") for reason in error.response.get("CancellationReasons", [])]
            refused = [place for place, code in enumerate(reasons) if code == "ConditionalCheckFailed"]
            if refused:
                raise Refused("the condition of a transaction does not hold", refused) from error
            if "TransactionConflict" not in reasons or attempt == CONFLICT_TRIES:
                raise
            clock.sleep(CONFLICT_SECONDS * 2**attempt)
