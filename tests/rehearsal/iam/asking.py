"""What the tests of decisions share: one account, one bucket, one key, one role, and policies in a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rehearsal.iam import Judgement, Policies, Request, decide

HOME, ABROAD = "111122223333", "444455556666"
USER = f"arn:aws:iam::{HOME}:user/team/ana"
ROLE = f"arn:aws:iam::{HOME}:role/reader"
SESSION = f"arn:aws:sts::{HOME}:assumed-role/reader/nightly"
FEDERATED = f"arn:aws:sts::{HOME}:federated-user/ana"
ROOT = f"arn:aws:iam::{HOME}:root"
STRANGER = f"arn:aws:iam::{ABROAD}:user/eve"
SERVICE = "s3.amazonaws.com"

OBJECT = "arn:aws:s3:::lake/raw/page.json"
KEY = f"arn:aws:kms:eu-north-1:{HOME}:key/1234"
TRUSTED = f"arn:aws:iam::{HOME}:role/jobs/loader"


def statement(effect: str = "Allow", action: Any = "s3:GetObject", resource: Any = "*", **more: Any) -> dict[str, Any]:
    """A statement; None leaves an element out."""
    found = {"Effect": effect, "Action": action, "Resource": resource, **more}
    return {name: value for name, value in found.items() if value is not None}


def policy(*statements: Mapping[str, Any], version: str | None = "2012-10-17") -> dict[str, Any]:
    return {**({"Version": version} if version else {}), "Statement": list(statements)}


def allow(action: Any = "s3:GetObject", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return policy(statement("Allow", action, resource, **more))


def deny(action: Any = "s3:GetObject", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return policy(statement("Deny", action, resource, **more))


def letting_in(principal: Any, action: str = "s3:GetObject", **more: Any) -> dict[str, Any]:
    """A resource's policy that allows an action."""
    return allow(action, Principal=principal, **more)


def trusting(principal: Any, action: str = "sts:AssumeRole", **more: Any) -> dict[str, Any]:
    return allow(action, None, Principal=principal, **more)


def ask(
    principal: str = SESSION, action: str = "s3:GetObject", arn: str = OBJECT, account: str = HOME,
    context: Mapping[str, Any] | None = None, identity: Sequence[Any] = (), **sides: Any,
) -> Judgement:  # fmt: skip
    """``arn`` is what is asked for; ``resource``, ``boundary``, ``session`` and ``scps`` are policies."""
    return decide(Request(principal, action, arn, account, context or {}), Policies(tuple(identity), **sides))
