"""A call as the rules see it: its members by name, and ARNs and needs made from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from rehearsal.asked import Asked
from rehearsal.needs.members import members_of
from rehearsal.needs.need import Facts, Need, NotMapped
from rehearsal.needs.reference import Action, UnknownAction, action
from rehearsal.needs.tags import tags_given, tags_taken

# The prefix of actions, where the service signs by another name.
PREFIXES = {"cloudcontrolapi": "cloudformation"}
ANYTHING = "*"
_RESOURCE_TAG = "aws:ResourceTag/${TagKey}"
_REQUEST_TAG = "aws:RequestTag/${TagKey}"

Context = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Ask:
    """One call, and what the account knows."""

    asked: Asked
    facts: Facts

    @property
    def prefix(self) -> str:
        return PREFIXES.get(self.asked.service, self.asked.service)

    @property
    def operation(self) -> str:
        return self.asked.operation

    @property
    def name(self) -> str:
        return f"{self.asked.service}:{self.operation}"

    @cached_property
    def members(self) -> Mapping[str, Any]:
        """As the service's model nests them, where the parameters of the call are flat."""
        found = members_of(self.asked)
        if found is None:
            raise self.refusal("comes in a form that cannot be read")
        return found

    @cached_property
    def tags(self) -> dict[str, str]:
        """The tags that the call gives."""
        return tags_given(self.members)

    def every(self, path: str) -> list[str]:
        """All values at the first of the paths "A.B|C" that is there; lists count each, "*" is any member.

        A path that begins with "=" is a value itself.
        """
        for way in path.split("|"):
            if way.startswith("="):
                return [way[1:]]
            if found := [str(value) for value in _at(self.members, way.split(".")) if value not in (None, "")]:
                return found
        return []

    def one(self, path: str) -> str | None:
        found = self.every(path)
        return found[0] if found else None

    def needed(self, path: str) -> str:
        """A member without which nobody can tell what the call is about. Raises NotMapped."""
        found = self.one(path)
        if found is None:
            raise self.refusal(f"names no {path.split('|')[0]}")
        return found

    def query(self, name: str) -> list[str]:
        """A parameter of the query string, as often as it stands there."""
        said = parse_qsl(str(self.asked.environ.get("QUERY_STRING", "")), keep_blank_values=True)
        return [value for key, value in said if key == name]

    def arn(self, resource: str, service: str | None = None, is_global: bool = False) -> str:
        """``resource`` in the account, such as "table/runs"; a global one has no region."""
        region = "" if is_global else self.facts.region
        return f"arn:{self.facts.partition}:{service or self.prefix}:{region}:{self.facts.account_id}:{resource}"

    def need(self, action_name: str, resource: str, context: Context | None = None, via: str = "") -> Need:
        """With the tags of the call and of the resource, where the action looks at them."""
        try:
            known = action(action_name)
        except UnknownAction as error:
            raise self.refusal(f"needs {action_name}, which AWS does not have") from error
        found = {**self._tag_context(known, resource), **(context or {})}
        return Need(known.name, resource, found, self._owner(resource), via)

    def refusal(self, why: str) -> NotMapped:
        return NotMapped(
            f"NotMapped: {self.name} {why}; until rehearsal/needs says what the call needs, nobody may make it"
        )

    def _owner(self, resource: str) -> str:
        parts = resource.split(":")
        account = parts[4] if len(parts) > 5 else ""
        return account if re.fullmatch(r"\d{12}", account) and account != self.facts.account_id else ""

    def _tag_context(self, known: Action, resource: str) -> dict[str, str | Sequence[str]]:
        found: dict[str, str | Sequence[str]] = {}
        keys = known.all_keys
        if "aws:TagKeys" in keys and (names := [*self.tags, *tags_taken(self.members), *self.query("tagKeys")]):
            found["aws:TagKeys"] = names
        if _REQUEST_TAG in keys:
            found.update({f"aws:RequestTag/{name}": value for name, value in self.tags.items()})
        if _RESOURCE_TAG in keys and resource != ANYTHING and not known.name.startswith("s3:"):
            held = self.facts.tags(resource)  # S3 looks at tags of buckets only where that has been switched on
            for prefix in ("aws", *_older(keys)):
                found.update({f"{prefix}:ResourceTag/{name}": value for name, value in held.items()})
        return found


def _older(keys: frozenset[str]) -> list[str]:
    """Some services had a key of their own for tags before AWS had one for all, such as ``iam:ResourceTag``."""
    return [key.partition(":")[0] for key in keys if ":resourcetag/" in key.lower() and not key.startswith("aws:")]


def _at(value: Any, path: Sequence[str]) -> Iterator[Any]:
    """What stands at a path; a list on the way counts each of its elements."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from _at(each, path)
    elif not path:
        if not isinstance(value, Mapping):
            yield value
    elif isinstance(value, Mapping):
        inner = list(value.values()) if path[0] == "*" else [value[path[0]]] if path[0] in value else []
        for each in inner:
            yield from _at(each, path[1:])
