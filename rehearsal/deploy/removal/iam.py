"""IAM roles and policies."""

from __future__ import annotations

from typing import Any

from rehearsal.deploy.removal.removal import Removal


def role(removal: Removal) -> None:
    """What the role itself declared goes with it; what others gave it must be gone, unless it is forced."""
    client, name = removal.client("iam"), removal.id
    is_forced = bool(removal.get("forceDetachPolicies"))
    for profile in _pages(client, "list_instance_profiles_for_role", "InstanceProfiles", name):
        client.remove_role_from_instance_profile(InstanceProfileName=profile["InstanceProfileName"], RoleName=name)
    if is_forced or removal.get("managedPolicyArns"):
        for policy in _pages(client, "list_attached_role_policies", "AttachedPolicies", name):
            client.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    if is_forced or removal.get("inlinePolicies"):
        for inline in _pages(client, "list_role_policies", "PolicyNames", name):
            client.delete_role_policy(RoleName=name, PolicyName=inline)
    client.delete_role(RoleName=name)


def _pages(client: Any, operation: str, listed: str, name: str) -> list[Any]:
    return [each for page in client.get_paginator(operation).paginate(RoleName=name) for each in page[listed]]


def policy(removal: Removal) -> None:
    """The older versions first: AWS deletes a policy that has but one."""
    client = removal.client("iam")
    for version in client.list_policy_versions(PolicyArn=removal.id)["Versions"]:
        if not version["IsDefaultVersion"]:
            client.delete_policy_version(PolicyArn=removal.id, VersionId=version["VersionId"])
    client.delete_policy(PolicyArn=removal.id)
