"""The elements of a statement, one by one: checked as IAM checks them, and made ready."""

from __future__ import annotations

import re
from typing import Any, NoReturn

from rehearsal.iam.conditions import Condition, NoCondition, condition
from rehearsal.iam.document import Malformed, Patterns
from rehearsal.iam.operators import globbed
from rehearsal.iam.patterns import glob, resource_glob
from rehearsal.iam.principals import EVERYBODY, Principals
from rehearsal.iam.reading import short
from rehearsal.iam.variables import NoVariable, template

_ACTION = re.compile(r"\*|(\*|[A-Za-z0-9.-]+):[A-Za-z0-9_.*?-]+", re.ASCII)
_PARTITION = re.compile(r"aws[a-z*?-]*|[a-z*?-]*[*?][a-z*?-]*", re.ASCII)
_SERVICE = re.compile(r"[A-Za-z0-9-]+", re.ASCII)
_KEY = re.compile(r"[^:\s]+:\S(.*\S)?", re.DOTALL)
_ACCOUNT = re.compile(r"\d{12}|arn:[a-z-]+:iam::\d+:root", re.ASCII)
_PRINCIPAL = re.compile(r"arn:[a-z-]+:(iam|sts)::[^:*?\s]*:[^*?]+", re.ASCII)
_UNIQUE_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,124}", re.ASCII)
_CANONICAL = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NAME = re.compile(r"[^*?\s]+")


def refuse(element: str, value: object, expected: str) -> NoReturn:
    raise Malformed(f"{element} is {short(value)}, expected {expected}")


def texts(element: str, value: Any) -> tuple[str, ...]:
    """A text, or a list of at least one."""
    found = tuple(value) if isinstance(value, list) else (value,)
    if not found or not all(isinstance(each, str) and each for each in found):
        refuse(element, value, "a text or a list of texts, neither of them empty")
    return found


def actions(element: str, value: Any) -> Patterns:
    found = texts(element, value)
    for each in found:
        if not _ACTION.fullmatch(each):
            refuse(element, each, '"*" or a service and an action, such as "s3:GetObject"')
    tests = tuple(globbed(template(each.lower(), False, True), glob) for each in found)
    return Patterns(found, element.endswith("NotAction"), tests)


def resources(element: str, value: Any, has_variables: bool) -> Patterns:
    found = texts(element, value)
    for each in found:
        _check_resource(element, each)
    try:
        tests = tuple(globbed(template(each, has_variables, True), resource_glob) for each in found)
    except NoVariable as unknown:
        refuse(element, str(unknown), "a variable such as ${aws:username} behind each ${")
    return Patterns(found, element.endswith("NotResource"), tests)


def _check_resource(element: str, value: str) -> None:
    """A star that ends a part of an ARN may stand for the parts that follow, so that fewer than six do."""
    if value == "*":
        return
    parts = value.split(":", 5)
    rest = parts[3:]
    if parts[0] != "arn" or not rest:
        refuse(element, value, '"*" or an ARN such as "arn:aws:s3:::bucket/key"')
    if not _PARTITION.fullmatch(parts[1]):
        refuse(element, value, 'a partition such as "aws" behind "arn:"')
    if not _SERVICE.fullmatch(parts[2]):
        refuse(element, value, "the name of one service in the third part, without wildcards")
    if len(rest) < 3 and ("::" in value or not any(part.endswith("*") for part in rest)):
        refuse(element, value, "an ARN of six parts")


def principals(element: str, value: Any) -> Principals:
    is_negated = element.endswith("NotPrincipal")
    if value == EVERYBODY:
        return Principals(is_negated, True, frozenset(), frozenset(), frozenset())
    if not isinstance(value, dict) or not value:
        refuse(element, value, '"*" or an object such as {"AWS": "arn:aws:iam::123456789012:root"}')
    found: dict[str, set[str]] = {"named": set(), "accounts": set(), "canonical": set()}
    is_everybody = False
    for kind, wanted in value.items():
        for each in texts(f"{element}.{kind}", wanted):
            is_everybody = is_everybody or (kind == "AWS" and each == EVERYBODY)
            if not (kind == "AWS" and each == EVERYBODY):
                sort, name = _principal(element, kind, each)
                found[sort].add(name)
    return Principals(
        is_negated, is_everybody, *(frozenset(found[sort]) for sort in ("named", "accounts", "canonical"))
    )


def _principal(element: str, kind: str, value: str) -> tuple[str, str]:
    """Where it belongs, and by what name."""
    place = f"{element}.{kind}"
    if kind == "AWS":
        if _ACCOUNT.fullmatch(value):
            return "accounts", value.removesuffix(":root").rpartition(":")[2]
        if not _PRINCIPAL.fullmatch(value) and not _UNIQUE_ID.fullmatch(value):
            refuse(
                place,
                value,
                '"*", the id of an account, or the ARN of an account, user, role or session without wildcards',
            )
        return "named", value
    if kind == "CanonicalUser":
        if not _CANONICAL.fullmatch(value):
            refuse(place, value, "a canonical user id of 64 digits")
        return "canonical", value
    if kind not in ("Service", "Federated"):
        refuse(element, {kind: value}, "AWS, Service, Federated or CanonicalUser")
    if not _NAME.fullmatch(value):
        refuse(place, value, "a name without wildcards")
    return "named", value


def conditions(element: str, value: Any, has_variables: bool) -> tuple[Condition, ...]:
    if not isinstance(value, dict):
        refuse(element, value, 'an object such as {"StringEquals": {"aws:SourceAccount": "123456789012"}}')
    found: list[Condition] = []
    for operator, keys in value.items():
        place = f"{element}.{operator}"
        if not isinstance(keys, dict) or not keys:
            refuse(place, keys, "an object of keys and values")
        if len({key.lower() for key in keys}) < len(keys):
            refuse(place, list(keys), "each key once, in whatever case")
        found += [_condition(place, operator, key, wanted, has_variables) for key, wanted in keys.items()]
    return tuple(found)


def _condition(place: str, operator: str, key: str, wanted: Any, has_variables: bool) -> Condition:
    if not _KEY.fullmatch(key):
        refuse(place, key, "a key with its service, such as aws:SourceArn")
    each = wanted if isinstance(wanted, list) else [wanted]
    if not each or not all(isinstance(value, str | bool | int | float) for value in each):
        refuse(f"{place}.{key}", wanted, "a text, number or boolean, or a list of them that is not empty")
    try:
        return condition(operator, key, [plain(value) for value in each], has_variables)
    except NoCondition as unknown:
        refuse(f"{place}.{key}", wanted, str(unknown))


def plain(value: str | bool | int | float) -> str:
    """A value of JSON as the text that IAM compares."""
    return str(value).lower() if isinstance(value, bool) else str(value)
