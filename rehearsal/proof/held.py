"""The policies held: by those who act, and by what is acted on. Policies are texts, statements are found by place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rehearsal.iam.request import Policies, Request

Statement = dict[str, Any]
Texts = Mapping[str, str]


@dataclass(frozen=True, order=True)
class Place:
    """Where a statement stands. The policy of a resource has no name, and its holder is the resource's ARN."""

    holder: str
    policy: str
    index: int

    @property
    def is_of_resource(self) -> bool:
        return self.holder.startswith("arn:")

    @property
    def title(self) -> str:
        """The holder as people call it."""
        return self.holder if self.is_of_resource else self.holder.split("/")[-1]


@dataclass(frozen=True)
class Held:
    """``identities`` are the named policies of each holder (``role/NAME``, ``user/NAME``), ``resources`` those of each
    ARN, ``boundaries`` the permissions boundaries. A holder may have no policy at all. The policies of those who are
    ``given`` were written by nobody here: they decide, but what they grant is not looked at.
    """

    identities: Mapping[str, Texts] = field(default_factory=dict)
    resources: Texts = field(default_factory=dict)
    boundaries: Texts = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    def policies_for(self, request: Request) -> Policies:
        """All that has a say about a request."""
        holder = holder_of(request.principal)
        owner = self.owner_of(request.action, request.resource)
        return Policies(
            identity=tuple(self.identities.get(holder, {}).values()),
            resource=self.resources[owner] if owner else None,
            boundary=self.boundaries.get(holder),
        )

    def owner_of(self, action: str, resource: str) -> str | None:
        """The resource whose policy speaks about an ARN: itself, its bucket, or the function of a version.

        The policy of a role speaks of who may take it, and of nothing else.
        """
        if resource.split(":")[2:3] == ["iam"] and not action.lower().startswith("sts:"):
            return None
        owned = (arn for arn in self.resources if resource == arn or resource.startswith((f"{arn}/", f"{arn}:")))
        return max(owned, key=len, default=None)

    def texts(self) -> Iterator[str]:
        for policies in self.identities.values():
            yield from policies.values()
        yield from self.resources.values()
        yield from self.boundaries.values()

    def statements(self) -> Iterator[tuple[Place, Statement]]:
        """Every statement to be looked at, with its place. A boundary only limits, and grants nothing."""
        for holder, policies in self.identities.items():
            for name, text in policies.items() if holder not in self.given else ():
                yield from _placed(holder, name, text)
        for arn, text in self.resources.items():
            if arn not in self.given:
                yield from _placed(arn, "", text)

    def with_statement(self, place: Place, statement: Statement | None) -> Held:
        """The same with another statement at a place, or with none there. A policy that says nothing is gone."""
        if place.is_of_resource:
            return replace(self, resources=_changed(self.resources, place.holder, place.index, statement))
        policies = _changed(self.identities[place.holder], place.policy, place.index, statement)
        return replace(self, identities={**self.identities, place.holder: policies})

    def granting(self, place: Place, statements: Sequence[Statement]) -> Held:
        """The same, but all that the holder of a place is granted are these statements. What is denied stays."""
        holder = place.holder
        texts = [self.resources[holder]] if place.is_of_resource else list(self.identities[holder].values())
        guards = [each for text in texts for each in statements_of(text) if each.get("Effect") == "Deny"]
        own = self.resources[holder] if place.is_of_resource else self.identities[holder][place.policy]
        policy = _policy([*guards, *statements], json.loads(own).get("Version"))
        if place.is_of_resource:
            rest = {arn: text for arn, text in self.resources.items() if arn != holder}
            return replace(self, resources=rest | ({holder: policy} if policy else {}))
        return replace(self, identities={**self.identities, holder: {"granted": policy} if policy else {}})


def holder_of(principal: str) -> str:
    """``role/NAME`` for a role and its sessions, ``user/NAME`` for a user; a service and "*" are themselves."""
    kind, _, rest = principal.split(":", 5)[-1].partition("/")
    if not rest:
        return principal
    if kind == "assumed-role":
        return f"role/{rest.split('/')[0]}"
    return f"{kind}/{rest.split('/')[-1]}"


def statements_of(text: str) -> list[Statement]:
    return list(map(dict, listed(json.loads(text).get("Statement"))))


def listed(value: Any) -> list[Any]:
    """What a policy says once or as a list, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _policy(statements: Sequence[Statement], version: str | None) -> str | None:
    if not statements:
        return None
    named = [{**each, "Sid": f"S{number}"} for number, each in enumerate(statements)]
    return json.dumps(({"Version": version} if version else {}) | {"Statement": named})


def _placed(holder: str, policy: str, text: str) -> Iterator[tuple[Place, Statement]]:
    for index, statement in enumerate(statements_of(text)):
        yield Place(holder, policy, index), statement


def _changed(texts: Texts, name: str, index: int, statement: Statement | None) -> dict[str, str]:
    statements = statements_of(texts[name])
    statements[index : index + 1] = [] if statement is None else [statement]
    if not statements:
        return {held: text for held, text in texts.items() if held != name}
    return {**texts, name: json.dumps({**json.loads(texts[name]), "Statement": statements})}
