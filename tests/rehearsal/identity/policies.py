"""Short ways to write policies."""

from __future__ import annotations

import json
from typing import Any

LAMBDA = "lambda.amazonaws.com"
ACCOUNT_ID = "123456789012"


def arn_of(service: str, name: str) -> str:
    return f"arn:aws:{service}:eu-north-1:{ACCOUNT_ID}:{name}"


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def trust(**principal: Any) -> str:
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})
