"""The policies that roles and users hold, by their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from rehearsal.identity.home import Home
from rehearsal.identity.principals import Principal, managed_document, role_of

EVERYTHING = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'


@dataclass(frozen=True)
class Held:
    """``identity`` holds the texts by name: the name of an inline policy, the ARN of a managed one."""

    identity: Mapping[str, str]
    boundary: str | None = None


@dataclass(frozen=True)
class RolePolicies:
    """A role of the account with all that is written of it."""

    arn: str
    name: str
    held: Held
    trust: str


NOTHING = Held({})


def held_by(home: Home, principal: Principal, deployer_policy: str = EVERYTHING) -> Held:
    """What a principal holds now. A session holds what its role does; whoever is not of the account holds nothing."""
    if principal.kind == "deployer":
        return Held({"deployer": deployer_policy})
    if principal.kind == "session":
        role = role_of(home, principal.role_arn)
        return _of_role(home, role) if role else NOTHING
    if principal.kind == "user":
        return _of_user(home, principal.name)
    return NOTHING


def roles(home: Home) -> list[RolePolicies]:
    """Every role of the account, in the order of their names."""
    found = list(home.global_backend("iam").roles.values())
    return sorted(
        (RolePolicies(str(role.arn), str(role.name), _of_role(home, role), trust_of(role)) for role in found),
        key=lambda role: role.name,
    )


def trust_of(role: Any) -> str:
    """Moto keeps it as it was sent: as text, which may still be encoded for a URL."""
    text = str(role.assume_role_policy_document or "")
    return unquote(text) if text.startswith("%") else text


def _of_role(home: Home, role: Any) -> Held:
    boundary = role.permissions_boundary_arn
    return Held(_named(home, role), managed_document(home, boundary) if boundary else None)


def _of_user(home: Home, name: str) -> Held:
    """Its own and those of its groups."""
    iam = home.global_backend("iam")
    held = _named(home, iam.users[name])
    for group in iam.get_groups_for_user(name):
        held |= {f"{group.name}/{policy}": text for policy, text in _named(home, group).items()}
    return Held(held)


def _named(home: Home, holder: Any) -> dict[str, str]:
    attached = {arn: managed_document(home, arn) for arn in list(holder.managed_policies)}
    return {**{name: _text(document) for name, document in list(holder.policies.items())}, **attached}


def _text(document: str) -> str:
    return unquote(document) if document.startswith("%") else document
