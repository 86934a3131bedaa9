"""IAM: how long policies may be, without their white space, and how many somebody may have."""

from __future__ import annotations

from functools import partial

from rehearsal.asked import Asked
from rehearsal.strict.limits.limit import Limits
from rehearsal.strict.view import Holder, View
from rehearsal.strict.warnings import Warnings
from rehearsal.strict.words import Refusal

INLINE: dict[Holder, int] = {"role": 10_240, "user": 2_048, "group": 5_120}  # of all inline policies together
MANAGED = 6_144
TRUST = 2_048  # up to 4,096 on request
ATTACHED = 10  # up to 25 on request


def inline(kind: Holder, asked: Asked, view: View, _: Warnings) -> Refusal | None:
    """A policy takes the place of the one that had its name."""
    holder = str(asked.parameters.get(f"{kind.capitalize()}Name"))
    policies = {**view.inline_policies(kind, holder), str(asked.parameters.get("PolicyName")): _document(asked)}
    if sum(map(length, policies.values())) <= INLINE[kind]:
        return None
    return _exceeded(f"Maximum policy size of {INLINE[kind]} bytes exceeded for {kind} {holder}")


def managed(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    return _exceeded(f"Cannot exceed quota for PolicySize: {MANAGED}") if length(_document(asked)) > MANAGED else None


def trust(name: str, asked: Asked, _: View, __: Warnings) -> Refusal | None:
    document = str(asked.parameters.get(name, ""))
    return _exceeded(f"Cannot exceed quota for ACLSizePerRole: {TRUST}") if length(document) > TRUST else None


def attached(kind: Holder, asked: Asked, view: View, _: Warnings) -> Refusal | None:
    held = set(view.attached_policies(kind, str(asked.parameters.get(f"{kind.capitalize()}Name"))))
    if len(held | {asked.parameters.get("PolicyArn")}) <= ATTACHED:
        return None
    return _exceeded(f"Cannot exceed quota for PoliciesPer{kind.capitalize()}: {ATTACHED}")


def length(document: str) -> int:
    return len("".join(document.split()))


def _document(asked: Asked) -> str:
    return str(asked.parameters.get("PolicyDocument", ""))


def _exceeded(message: str) -> Refusal:
    return Refusal("LimitExceeded", message, 409)


LIMITS: Limits = {
    "PutRolePolicy": (partial(inline, "role"),),
    "PutUserPolicy": (partial(inline, "user"),),
    "PutGroupPolicy": (partial(inline, "group"),),
    "CreatePolicy": (managed,),
    "CreatePolicyVersion": (managed,),
    "CreateRole": (partial(trust, "AssumeRolePolicyDocument"),),
    "UpdateAssumeRolePolicy": (partial(trust, "PolicyDocument"),),
    "AttachRolePolicy": (partial(attached, "role"),),
    "AttachUserPolicy": (partial(attached, "user"),),
    "AttachGroupPolicy": (partial(attached, "group"),),
}
