"""The database of the lake in the Glue Data Catalog. Its tables are made by the jobs, from the declarations."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import glue


@dataclass(frozen=True)
class LakeDatabaseArgs:
    """Tables live in folders under ``location``."""

    database: str
    location: pulumi.Input[str]
    tags: dict[str, str]


class LakeDatabase(pulumi.ComponentResource):
    """A database for the tables of all sources. Outputs: ``name``."""

    name: pulumi.Output[str]

    def __init__(self, name: str, args: LakeDatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:LakeDatabase", name, {}, opts)
        database = glue.CatalogDatabase(
            name,
            name=args.database,
            location_uri=args.location,
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.name = database.name
        self.register_outputs({"name": self.name})
