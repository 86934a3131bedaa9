"""The policy of a resource, by the ARN of the resource."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from rehearsal.identity.held import trust_of
from rehearsal.identity.home import Home
from rehearsal.identity.principals import role_of

Document = str | None


def resource_policy(home: Home, action: str, arn: str) -> Document:
    """The text of the policy that has a say about an action on a resource; None where there is none.

    A role's is its trust policy, which speaks of who may take it and of nothing else.
    """
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return None
    service, region, rest = parts[2], parts[3], parts[5]
    if service == "iam":
        return _of_role(home, arn) if action.lower().startswith("sts:") else None
    read = _READERS.get(service)
    return read(home, region, rest) if read else None


def _of_role(home: Home, arn: str) -> Document:
    role = role_of(home, arn)
    return trust_of(role) if role else None


def _of_bucket(home: Home, _region: str, rest: str) -> Document:
    bucket = home.global_backend("s3").buckets.get(rest.split("/", 1)[0])
    return bucket.policy.decode() if bucket is not None and bucket.policy else None


def _of_queue(home: Home, region: str, rest: str) -> Document:
    queue = home.backend("sqs", region).queues.get(rest)
    return _dumped(queue._policy_json) if queue is not None else None


def _of_topic(home: Home, region: str, rest: str) -> Document:
    """Of a subscription too: its ARN is the topic's with an id behind."""
    topics = home.backend("sns", region).topics
    topic = topics.get(home.arn("sns", rest.split(":")[0], region))
    return _dumped(topic._policy_json) if topic is not None else None


def _of_key(home: Home, region: str, rest: str) -> Document:
    """A key that is yet to be made, ``key/*``, is its account's."""
    kind, _, key_id = rest.partition("/")
    if key_id == "*":
        owner = {"AWS": f"arn:{home.partition}:iam::{home.account_id}:root"}
        return _dumped({"Statement": [{"Effect": "Allow", "Principal": owner, "Action": "kms:*", "Resource": "*"}]})
    key = home.backend("kms", region).keys.get(key_id) if kind == "key" else None
    return str(key.policy) if key is not None else None


def _of_function(home: Home, region: str, rest: str) -> Document:
    """All its statements are for the function as it is: a statement names the qualifier that it is for."""
    kind, _, name = rest.partition(":")
    if kind != "function":
        return None
    functions = home.backend("lambda", region)._lambdas._functions
    held = functions.get(name.split(":")[0])
    statements = held["latest"].policy.statements if held and held["latest"] else []
    return _dumped({"Version": "2012-10-17", "Statement": statements})


def _of_secret(home: Home, region: str, rest: str) -> Document:
    secret = home.backend("secretsmanager", region).secrets.get(home.arn("secretsmanager", rest, region))
    policy = getattr(secret, "policy", None)
    return str(policy) if policy else None


def _of_table(home: Home, region: str, rest: str) -> Document:
    table = home.arn("dynamodb", "/".join(rest.split("/")[:2]), region)
    held = home.backend("dynamodb", region).resource_policies.get(table)
    return str(held.policy_doc) if held else None


def _of_catalog(home: Home, region: str, rest: str) -> Document:
    """One policy for the whole catalog; jobs and the like have none."""
    if rest.split("/", 1)[0] not in ("catalog", "database", "table", "userDefinedFunction", "connection"):
        return None
    held = home.backend("glue", region).resource_policies
    return next((str(each["PolicyInJson"]) for each in held.values() if each.get("PolicyInJson")), None)


def _of_bus(home: Home, region: str, rest: str) -> Document:
    kind, _, name = rest.partition("/")
    bus = home.backend("events", region).event_buses.get(name.split("/")[0]) if kind == "event-bus" else None
    return bus.policy or None if bus is not None else None


def _dumped(policy: Any) -> Document:
    """None for a policy that says nothing: so moto stands for a resource without one."""
    return json.dumps(policy) if policy and policy.get("Statement") else None


_READERS: dict[str, Callable[[Home, str, str], Document]] = {
    "s3": _of_bucket,
    "sqs": _of_queue,
    "sns": _of_topic,
    "kms": _of_key,
    "lambda": _of_function,
    "secretsmanager": _of_secret,
    "dynamodb": _of_table,
    "glue": _of_catalog,
    "events": _of_bus,
}
