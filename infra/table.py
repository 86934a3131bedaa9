"""A DynamoDB table, paid by the request."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb


@dataclass(frozen=True)
class Index:
    """A second way into a table. Items without its hash key are not in it."""

    name: str
    hash_key: str
    range_key: str


@dataclass(frozen=True)
class LakeTableArgs:
    """Keys are names with their types, S or N. Items go when the time in their attribute ``expires`` has passed."""

    table: str
    hash_key: tuple[str, str]
    range_key: tuple[str, str]
    tags: dict[str, str]
    index: Index | None = None
    expires: str | None = None
    protect: bool = True


class LakeTable(pulumi.ComponentResource):
    """A table that keeps state between calls; a protected one can be taken back to any second. Outputs: ``name``."""

    name: pulumi.Output[str]

    def __init__(self, name: str, args: LakeTableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:LakeTable", name, {}, opts)
        table = dynamodb.Table(
            name,
            name=args.table,
            billing_mode="PAY_PER_REQUEST",
            hash_key=args.hash_key[0],
            range_key=args.range_key[0],
            attributes=_attributes(args),
            global_secondary_indexes=[_index(args.index)] if args.index else None,
            ttl={"attribute_name": args.expires, "enabled": True} if args.expires else None,
            point_in_time_recovery={"enabled": args.protect},
            deletion_protection_enabled=args.protect,
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        self.name = table.name
        self.register_outputs({"name": self.name})


def _attributes(args: LakeTableArgs) -> list[dynamodb.TableAttributeArgsDict]:
    """DynamoDB wants the types of all keys, and of nothing else."""
    types = dict([args.hash_key, args.range_key])
    if args.index:
        types = {args.index.hash_key: "S"} | types
    return [{"name": name, "type": kind} for name, kind in sorted(types.items())]


def _index(index: Index) -> dynamodb.TableGlobalSecondaryIndexArgsDict:
    return {
        "name": index.name,
        "projection_type": "ALL",
        "key_schemas": [
            {"attribute_name": index.hash_key, "key_type": "HASH"},
            {"attribute_name": index.range_key, "key_type": "RANGE"},
        ],
    }
