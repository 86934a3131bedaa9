"""The functions of pulumi_aws that a program may call while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.deploy.order import PARTITION, Cloud
from rehearsal.deploy.policy_document import document_json


class UnknownInvokeError(Exception):
    """The program calls a function that the rehearsal does not know."""


class Invokes:
    """Answers by token; arguments and answers have Pulumi's names."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._known = {
            "aws:index/getCallerIdentity:getCallerIdentity": self._caller_identity,
            "aws:index/getRegion:getRegion": self._region,
            "aws:index/getPartition:getPartition": self._partition,
            "aws:iam/getPolicyDocument:getPolicyDocument": self._policy_document,
        }

    def answer(self, token: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        if token not in self._known:
            raise UnknownInvokeError(f"{token}: the rehearsal has no answer to this function")
        return self._known[token](arguments)

    def _caller_identity(self, _: Mapping[str, Any]) -> dict[str, Any]:
        found = self._cloud.client("sts").get_caller_identity()
        return {"accountId": found["Account"], "arn": found["Arn"], "userId": found["UserId"], "id": found["Account"]}

    def _region(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        region = arguments.get("region") or self._cloud.region
        return {"region": region, "name": region, "id": region, "description": region,
                "endpoint": f"ec2.{region}.amazonaws.com"}  # fmt: skip

    def _partition(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"partition": PARTITION, "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws",
                "id": PARTITION}  # fmt: skip

    def _policy_document(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        text = document_json(arguments)
        return {**arguments, "json": text, "minifiedJson": text, "id": "policy-document"}
