"""A role that one service takes to do one piece of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws import iam

from infra import policies
from infra.policies import Statement


@dataclass(frozen=True)
class LakeRoleArgs:
    """One role: who takes it, and for what."""

    role: str  # its name
    service: str  # who takes it, as in lambda
    statements: Sequence[Statement]  # what it may do
    tags: dict[str, str]  # of all that bears tags
    account: str | None = None  # given where the service tells for whom it acts


class LakeRole(pulumi.ComponentResource):
    """A role with these statements and nothing else. Outputs: ``name``, and ``arn`` once the statements are there."""

    arn: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(self, name: str, args: LakeRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:LakeRole", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = iam.Role(
            name,
            name=args.role,
            assume_role_policy=policies.trust(args.service, args.account),
            tags=args.tags,
            opts=child,
        )
        policy = iam.RolePolicy(
            f"{name}-statements",
            name="statements",
            role=role.name,
            policy=policies.document(args.statements),
            opts=child,
        )
        self.name = role.name
        # Whoever uses the role waits for its permissions too: Lambda and Scheduler check them when they are set up.
        self.arn = pulumi.Output.all(role.arn, policy.id).apply(lambda made: str(made[0]))
        self.register_outputs({"arn": self.arn, "name": self.name})
