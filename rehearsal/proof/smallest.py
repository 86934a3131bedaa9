"""The smallest policy under which a record would have been the same, in names that outlast it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from rehearsal.proof.held import Statement
from rehearsal.proof.patterns import covers, generalised, like
from rehearsal.proof.record import SHAPING, Recorded

# The operators under which keys that name what a call is about are compared.
COMPARED = {
    "s3:prefix": "StringLike",
    "dynamodb:leadingkeys": "ForAllValues:StringLike",
    "iam:passedtoservice": "StringEquals",
    "lambda:functionarn": "ArnLike",
}

Shape = tuple[tuple[str, str], ...]  # the conditions of a statement: pairs of key and value


def smallest(
    record: Iterable[Recorded], stems: Sequence[str] = (), keys: Collection[str] = tuple(COMPARED)
) -> list[Statement]:
    """Statements for these requests, which somebody was allowed. Resources that need the same actions share one.

    ``stems`` are names of which whatever begins so may be used, ``keys`` those on which there may be conditions.
    """
    actions: dict[tuple[str, Shape], set[str]] = {}
    for action, asked in _by_action(record).items():
        for resource, shape in _shaped(asked, stems, keys):
            actions.setdefault((resource, shape), set()).add(action)
    resources: dict[tuple[tuple[str, ...], Shape], set[str]] = {}
    for (resource, shape), wanted in actions.items():
        resources.setdefault((tuple(sorted(wanted)), shape), set()).add(resource)
    statements = [_statement(wanted, found, shape) for (wanted, shape), found in resources.items()]
    return sorted(statements, key=lambda each: (each["Action"], each["Resource"]))


def _by_action(record: Iterable[Recorded]) -> Mapping[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = {}
    for one in record:
        found.setdefault(one.request.action, []).append(one)
    return found


def _shaped(asked: Sequence[Recorded], stems: Sequence[str], keys: Collection[str]) -> list[tuple[str, Shape]]:
    """The resources of one action, each with the conditions that all its requests meet."""
    patterns: dict[str, list[Recorded]] = {}
    for arn, requests in _by_resource(asked).items():
        (pattern,) = generalised([arn], stems)
        patterns.setdefault(pattern, []).extend(requests)
    covering = generalised((one.request.resource for one in asked), stems)
    found: list[tuple[str, Shape]] = []
    for pattern in covering:
        requests = [one for narrow, ones in patterns.items() if covers(pattern, narrow) for one in ones]
        found.append((pattern, _shape(requests, stems, keys)))
    return found


def _by_resource(asked: Sequence[Recorded]) -> Mapping[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = {}
    for one in asked:
        found.setdefault(one.request.resource, []).append(one)
    return found


def _shape(requests: Sequence[Recorded], stems: Sequence[str], keys: Collection[str]) -> Shape:
    """Conditions on the keys that every one of the requests has, where their values have something in common."""
    shape: list[tuple[str, str]] = []
    for key in keys:
        told = [_values(one, key) for one in requests]
        if all(told):
            shape += [(key, each) for each in _patterns(key, {each for one in told for each in one}, stems)]
    return tuple(shape)


def _patterns(key: str, values: set[str], stems: Sequence[str]) -> list[str]:
    match COMPARED[key]:
        case "StringEquals":
            return sorted(values)
        case "ArnLike":
            return generalised(values, stems)
    return _grouped(values)


def _grouped(values: Iterable[str]) -> list[str]:
    """Patterns by the first folder of the values; none where a value has no folder and is of one run."""
    groups: dict[str, set[str]] = {}
    for value in values:
        groups.setdefault(value.split("/")[0], set()).add(value)
    found = [like(group) for group in groups.values()]
    return [] if None in found else sorted(str(pattern) for pattern in found)


def _values(one: Recorded, wanted: str) -> list[str]:
    for key, value in one.request.context.items():
        if key.lower() == wanted:
            return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
    return []


def _statement(actions: Sequence[str], resources: Iterable[str], shape: Shape) -> Statement:
    conditions: dict[str, dict[str, list[str]]] = {}
    for key, value in shape:
        conditions.setdefault(COMPARED[key], {}).setdefault(SHAPING[key], []).append(value)
    statement: dict[str, Any] = {"Effect": "Allow", "Action": list(actions), "Resource": sorted(resources)}
    return statement | ({"Condition": conditions} if conditions else {})
