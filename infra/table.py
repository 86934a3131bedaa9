"""A DynamoDB table, paid by the request."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb


@dataclass(frozen=True)
class Index:
    """A second way into a table. Items without its hash key are not in it."""

    name: str  # its name
    hash_key: str  # an attribute, a text
    range_key: str  # an attribute of the table's keys


@dataclass(frozen=True)
class LakeTableArgs:
    """One table and its keys."""

    table: str  # its name
    hash_key: tuple[str, str]  # a name and its type, S or N
    range_key: tuple[str, str]  # the same
    tags: dict[str, str]  # of all that bears tags
    index: Index | None = None  # a second way in
    expires: str | None = None  # the attribute with the time at which an item goes
    protect: bool = True  # it is not deleted, and can be taken back to any second


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
