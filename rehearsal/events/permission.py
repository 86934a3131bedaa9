"""Whether a resource policy lets a service of AWS do something for one of its resources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.account import Account


def function_lets_in(account: Account, function: str, service: str, source_arn: str) -> bool:
    """Whether the function's policy has a statement for a service such as ``events.amazonaws.com`` and this source."""
    try:
        policy = json.loads(account.client("lambda").get_policy(FunctionName=function)["Policy"])
    except ClientError:
        return False
    return any(_lets_in(statement, service, source_arn) for statement in policy["Statement"])


def _lets_in(statement: Mapping[str, Any], service: str, source_arn: str) -> bool:
    principal = statement.get("Principal")
    named = principal.get("Service") if isinstance(principal, dict) else principal
    is_named = service in _several(named) or "*" in _several(named)
    conditions = statement.get("Condition") or {}
    sources = [
        pattern
        for wanted in conditions.values()
        for key, patterns in wanted.items()
        if key.lower() == "aws:sourcearn"
        for pattern in _several(patterns)
    ]
    is_source = not sources or any(fnmatchcase(source_arn, pattern) for pattern in sources)
    return statement.get("Effect") == "Allow" and is_named and is_source


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
