"""What the limits must know of an account besides the call itself, read without a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, Protocol

from moto.awslambda.models import lambda_backends
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends

Holder = Literal["role", "user", "group"]


class View(Protocol):
    """None, or nothing, stands for what does not exist."""

    def inline_policies(self, kind: Holder, name: str) -> Mapping[str, str]:
        """The inline policies of a role, a user or a group, by name."""

    def attached_policies(self, kind: Holder, name: str) -> Iterable[str]:
        """The ARNs of its managed policies."""

    def function_timeout(self, name_or_arn: str) -> int | None:
        """Seconds."""

    def queue_visibility(self, arn: str) -> int | None:
        """Seconds for which a queue hides what somebody has received."""

    def mapping(self, uuid: str) -> Mapping[str, Any]:
        """An event source mapping, with its FunctionName and its EventSourceArn."""

    def mappings_of(self, function: str) -> Iterable[Mapping[str, Any]]:
        """The event source mappings of a function."""

    def object_bytes(self, bucket: str, key: str) -> bytes | None:
        """What an object holds."""


class AccountView:
    """The view of an embedded account, in whichever region something lies."""

    def __init__(self, account_id: str) -> None:
        self._account_id = account_id

    def inline_policies(self, kind: Holder, name: str) -> Mapping[str, str]:
        held = self._holder(kind, name)
        return dict(held.policies) if held else {}

    def attached_policies(self, kind: Holder, name: str) -> Iterable[str]:
        held = self._holder(kind, name)
        return list(held.managed_policies) if held else []

    def function_timeout(self, name_or_arn: str) -> int | None:
        wanted = function_name(name_or_arn)
        for backend in lambda_backends[self._account_id].values():
            found = next((each for each in backend.list_functions() if each.function_name == wanted), None)
            if found is not None:
                return int(found.timeout)
        return None

    def queue_visibility(self, arn: str) -> int | None:
        region, name = arn.split(":")[3], arn.rsplit(":", 1)[-1]
        queue = sqs_backends[self._account_id][region].queues.get(name)
        return None if queue is None else int(queue.visibility_timeout)

    def mapping(self, uuid: str) -> Mapping[str, Any]:
        return next((each for each in self._mappings() if each["UUID"] == uuid), {})

    def mappings_of(self, function: str) -> Iterable[Mapping[str, Any]]:
        return [each for each in self._mappings() if function_name(each["FunctionName"]) == function_name(function)]

    def object_bytes(self, bucket: str, key: str) -> bytes | None:
        held = s3_backends[self._account_id]["aws"].buckets.get(bucket)
        found = None if held is None else held.keys.get(key)
        return None if found is None else bytes(found.value)

    def _holder(self, kind: Holder, name: str) -> Any:
        backend = iam_backends[self._account_id]["aws"]
        if kind == "role":
            return next((role for role in backend.roles.values() if role.name == name), None)
        return (backend.users if kind == "user" else backend.groups).get(name)

    def _mappings(self) -> list[Mapping[str, Any]]:
        return [
            {"UUID": each.uuid, "FunctionName": each.function_arn, "EventSourceArn": each.event_source_arn}
            for backend in lambda_backends[self._account_id].values()
            for each in backend.list_event_source_mappings(None, None)
        ]


def function_name(name_or_arn: str) -> str:
    """The name in an ARN, in a part of one, or before a qualifier."""
    parts = name_or_arn.split(":")
    return parts[parts.index("function") + 1] if "function" in parts[:-1] else parts[0]
