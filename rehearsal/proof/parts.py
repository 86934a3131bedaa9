"""A statement taken apart: what it would be with one of its parts alone, or without one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from rehearsal.proof.held import Statement, listed

Kind = Literal["statement", "action", "resource", "value", "principal"]

# Elements that say what is meant, and for each the one that says what is not: that one is never taken apart.
ACTION, RESOURCE = "Action", "Resource"
NEGATED = {ACTION: "NotAction", RESOURCE: "NotResource"}


def is_grant(statement: Statement) -> bool:
    return bool(statement.get("Effect") == "Allow")


def said(statement: Statement, element: str) -> list[str]:
    """The patterns of an element. One that is negated stands as one piece, and one that is left out as "*"."""
    if element in statement:
        return [str(pattern) for pattern in listed(statement[element])]
    negated = NEGATED[element]
    if negated in statement:
        return [f"{negated} {', '.join(map(str, listed(statement[negated])))}"]
    return ["*"]


def only(statement: Statement, action: str, resource: str) -> Statement:
    """The statement with one of its actions and one of its resources."""
    narrowed = dict(statement)
    for element, pattern in ((ACTION, action), (RESOURCE, resource)):
        if element in statement:
            narrowed[element] = pattern
    return narrowed


def lessened(statement: Statement) -> Iterator[tuple[Kind, str, Statement | None]]:
    """The statement without each of its parts in turn: the kind of part, the part, and what is left."""
    yield "statement", "", None
    for kind, element in (("action", ACTION), ("resource", RESOURCE)):
        for pattern, rest in _without_each(statement.get(element)):
            yield kind, pattern, {**statement, element: rest}  # type: ignore[misc]
    yield from _less_principals(statement)
    yield from _less_values(statement)


def _less_principals(statement: Statement) -> Iterator[tuple[Kind, str, Statement]]:
    principal = statement.get("Principal")
    if not isinstance(principal, dict):
        return
    for kind, names in principal.items():
        for name, rest in _without_each(names):
            yield "principal", name, {**statement, "Principal": {**principal, kind: rest}}
        if len(principal) > 1 and len(listed(names)) == 1:
            left = {other: held for other, held in principal.items() if other != kind}
            yield "principal", str(listed(names)[0]), {**statement, "Principal": left}


def _less_values(statement: Statement) -> Iterator[tuple[Kind, str, Statement]]:
    """Only values that let more through: those of a negated operator keep out."""
    conditions = statement.get("Condition") or {}
    for operator, keys in conditions.items():
        if "not" in operator.lower() or operator.lower() == "null":
            continue
        for key, values in keys.items():
            for value, rest in _without_each(values):
                changed = {**conditions, operator: {**keys, key: rest}}
                yield "value", f"{key} {value}", {**statement, "Condition": changed}


def _without_each(values: Any) -> Iterator[tuple[str, list[Any]]]:
    """Each of several values, with the others. A single one is the statement itself."""
    several = listed(values)
    if len(several) > 1:
        for at, value in enumerate(several):
            yield str(value), several[:at] + several[at + 1 :]
