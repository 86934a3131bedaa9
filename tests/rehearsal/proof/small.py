"""A small world: a reader of one bucket, and what it has asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rehearsal.iam import Request
from rehearsal.proof import Held, Proof, Seen, prove

ACCOUNT = "123456789012"
READER = f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/one"
QUEUE = f"arn:aws:sqs:eu-north-1:{ACCOUNT}:news"


def allow(action: Any, resource: Any, condition: dict[str, Any] | None = None) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return statement | ({"Condition": condition} if condition else {})


def text(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def asked(action: str, resource: str, principal: str = READER, during: str = "", **context: Any) -> Seen:
    """``asked("s3:ListBucket", arn, s3__prefix="a/")``: two underscores stand for the colon of a key."""
    keys = {name.replace("__", ":"): value for name, value in context.items()}
    return Seen(Request(principal, action, resource, ACCOUNT, keys), True, during)


def proved(seen: Sequence[Seen], *statements: dict[str, Any], **more: Any) -> Proof:
    """The reader holds these statements."""
    return prove(seen, Held({"role/reader": {"own": text(*statements)}}, **more))
