"""IAM and STS: sessions keep what they began with, AWS's own policies are there, and nobody is taken for moto."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.utils import unix_time

from rehearsal.identity.principals import DEPLOYER_KEY, REHEARSAL_KEY, managed_policy

OWN = {REHEARSAL_KEY: "rehearsal", DEPLOYER_KEY: "deployer"}


def keep_session(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """TokenResponse.assume_role: the session knows its tags, its managed policies, and since when it is."""

    def assume_role(response: Any) -> Any:
        answer = original(response)
        taken = answer.result["Credentials"]
        taken.issued = unix_time()
        taken.session_tags = [(tag["Key"], tag["Value"]) for tag in response._get_param("Tags") or ()]
        taken.policy_arns = [policy["arn"] for policy in response._get_param("PolicyArns") or ()]
        return answer

    return assume_role


def name_our_own(original: Callable[..., tuple[str, str, str]]) -> Callable[..., tuple[str, str, str]]:
    """STSBackend.get_caller_identity: those who have no user in IAM are named as in the record."""

    def get_caller_identity(backend: Any, access_key_id: str, region: str) -> tuple[str, str, str]:
        if name := OWN.get(access_key_id):
            return access_key_id, f"arn:{backend.partition}:iam::{backend.account_id}:user/{name}", backend.account_id
        return original(backend, access_key_id, region)

    return get_caller_identity


def know_policies(original: Callable[..., Any]) -> Callable[..., Any]:
    """IAMBackend.attach_role_policy and its like: a policy of AWS is put there when it is first attached."""

    def attach(backend: Any, policy_arn: str, name: str) -> Any:
        managed_policy(backend, policy_arn)
        return original(backend, policy_arn, name)

    return attach
