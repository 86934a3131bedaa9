"""The database of the lake in the Glue Data Catalog, and the one table in it that is not made by a job."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_aws import glue

LEDGER = "runs"

# As the functions write a run: one JSON object on one line. A field that a line does not have is NULL.
LEDGER_COLUMNS = {
    "source": ("string", "The source that was read"),
    "stream": ("string", "The stream of that source"),
    "run": ("string", "The scheduled time, as it stands in the names of objects"),
    "scheduled_at": ("string", "The scheduled time, ISO"),
    "state": ("string", "extracting, waiting, extracted, curating, curated, failed or parked"),
    "reason": ("string", "Why it waits or failed"),
    "notes": ("string", "What a person may want to know of it: new fields, parts left out; with ; between them"),
    "pages": ("bigint", "Pages stored"),
    "rows_in": ("bigint", "Rows of them, in all tables: merged + duplicates + set_aside"),
    "merged": ("bigint", "Rows that stand for their keys"),
    "duplicates": ("bigint", "Rows that another row of the same key stands for"),
    "set_aside": ("bigint", "Rows that break a rule, or that a table expects to leave out"),
    "inserted": ("bigint", "Rows that the table did not have: of its job, which may have taken in more runs"),
    "updated": ("bigint", "Rows that the table had otherwise; of its job"),
    "deleted": ("bigint", "Rows that may no longer stand; of its job"),
    "unchanged": ("bigint", "Rows that the table had already; of its job"),
    "attempts": ("bigint", "How often it broke"),
    "seconds": ("double", "How long its job worked"),
    "updated_at": ("string", "When this was written, ISO"),
}


@dataclass(frozen=True)
class LakeDatabaseArgs:
    """One database, and where what is in it lies."""

    database: str  # its name
    location: pulumi.Input[str]  # URL of the folder with a folder for each table
    ledger: pulumi.Input[str]  # URL of the folder of what the functions write of each run
    tags: dict[str, str]  # of all that bears tags


class LakeDatabase(pulumi.ComponentResource):
    """A database for the tables of all sources, with the ledger of runs in it. Outputs: ``name``."""

    name: pulumi.Output[str]

    def __init__(self, name: str, args: LakeDatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:LakeDatabase", name, {}, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        database = glue.CatalogDatabase(
            name, name=args.database, location_uri=args.location, tags=args.tags, opts=self._child
        )
        self.name = database.name
        self._ledger(args)
        self.register_outputs({"name": self.name})

    def _ledger(self, args: LakeDatabaseArgs) -> None:
        """A window on the ledger: dropping the table leaves the objects as they are."""
        glue.CatalogTable(
            LEDGER,
            name=LEDGER,
            database_name=self.name,
            description="The ledger: one row per run of a stream, as the functions last wrote it",
            table_type="EXTERNAL_TABLE",
            parameters={"EXTERNAL": "TRUE", "classification": "json"},
            storage_descriptor={
                "location": args.ledger,
                "input_format": "org.apache.hadoop.mapred.TextInputFormat",
                "output_format": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                # Not OpenX's: by Athena's own word the number of rows that one gives can vary.
                "ser_de_info": {"serialization_library": "org.apache.hive.hcatalog.data.JsonSerDe"},
                "columns": [
                    {"name": column, "type": type_, "comment": comment}
                    for column, (type_, comment) in LEDGER_COLUMNS.items()
                ],
            },
            opts=self._child,
        )
