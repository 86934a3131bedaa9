"""A secret in Secrets Manager."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
from pulumi_aws import secretsmanager

WAIT_DAYS = 30  # in which a deleted secret can be had back


@dataclass(frozen=True)
class LakeSecretArgs:
    """One secret."""

    secret: str  # its name
    key: pulumi.Output[str]  # a secret to Pulumi too, so its state holds it encrypted
    tags: dict[str, str]  # of all that bears tags
    protect: bool = True  # once deleted it can be had back for 30 days


class LakeSecret(pulumi.ComponentResource):
    """The key of an API, as ``{"key": ...}``. Outputs: ``name``, once the key is in it."""

    name: pulumi.Output[str]

    def __init__(self, name: str, args: LakeSecretArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:LakeSecret", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        secret = secretsmanager.Secret(
            name,
            name=args.secret,
            recovery_window_in_days=WAIT_DAYS if args.protect else 0,
            tags=args.tags,
            opts=child,
        )
        value = args.key.apply(lambda key: json.dumps({"key": key}))  # as secret as the key
        version = secretsmanager.SecretVersion(f"{name}-value", secret_id=secret.id, secret_string=value, opts=child)
        self.name = pulumi.Output.all(secret.name, version.version_id).apply(lambda made: str(made[0]))
        self.register_outputs({"name": self.name})
