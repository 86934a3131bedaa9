"""Whether a resource policy lets a service of AWS do something for one of its resources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from botocore.exceptions import ClientError
from moto.sns.models import sns_backends

from rehearsal.account import Account

AWS_OWN_KEY = "alias/aws/sns"


def function_lets_in(account: Account, function: str, service: str, source_arn: str) -> bool:
    """Whether the function's policy has a statement for a service such as ``events.amazonaws.com`` and this source."""
    try:
        policy = json.loads(account.client("lambda").get_policy(FunctionName=function)["Policy"])
    except ClientError:
        return False
    return any(_lets_in(statement, service, source_arn) for statement in policy["Statement"])


def topic_lets_in(account: Account, topic_arn: str, service: str, source_arn: str) -> str | None:
    """Why a topic does not take a message from a service such as ``cloudwatch.amazonaws.com``; None when it does.

    The policy that a topic is made with lets the services of its own account in.
    """
    topic = sns_backends[account.account_id][topic_arn.split(":")[3]].topics.get(topic_arn)
    if topic is None:
        return f"there is no topic {topic_arn}; make it, or take it off the alarm"
    if topic.kms_master_key_id == AWS_OWN_KEY:
        return f"topic {topic.name} is encrypted with {AWS_OWN_KEY}, which {service} cannot use; give it a key of yours"
    statements = _several(json.loads(topic.policy)["Statement"])
    allowed = [each for each in statements if _lets_publish(each, account.account_id, topic_arn, service, source_arn)]
    if any(each.get("Effect") == "Deny" for each in allowed) or not allowed:
        return f"topic {topic.name} does not let {service} publish for {source_arn}; add a statement to its policy"
    return None


def _lets_publish(statement: Mapping[str, Any], account_id: str, topic_arn: str, service: str, source: str) -> bool:
    """Whether a statement, of whatever effect, is about this call. A condition that nobody knows is never met."""
    principal = statement.get("Principal")
    named = principal if isinstance(principal, dict) else {"AWS": principal}
    is_named = service in _several(named.get("Service")) or "*" in _several(named.get("AWS"))
    is_action = any(fnmatchcase("sns:publish", each.lower()) for each in _several(statement.get("Action")) if each)
    is_topic = any(fnmatchcase(topic_arn, each) for each in _several(statement.get("Resource", "*")))
    told = {"aws:sourcearn": source, "aws:sourceaccount": account_id, "aws:sourceowner": account_id}
    is_met = all(
        any(fnmatchcase(told.get(key.lower(), ""), str(pattern)) for pattern in _several(patterns))
        for wanted in (statement.get("Condition") or {}).values()
        for key, patterns in wanted.items()
    )
    return is_named and is_action and is_topic and is_met


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
