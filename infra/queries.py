"""Athena: a workgroup whose settings nobody can override, and the queries of the lake and of its sources.

A file in queries/SOURCE/ is all that a query takes: it becomes a named query, for people and their consoles, and a
prepared statement, for programs that give its parameters (``EXECUTE name USING ...``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi_aws import athena

from infra.errors import QueryError
from infra.naming import Names
from sources.query import Query, QueryUnusable, read_queries

FOLDER = Path(__file__).resolve().parent.parent / "queries"
LAKE = "lake"  # the folder of what is asked of the lake as a whole; every stack has it
ENGINE = "Athena engine version 3"  # the queries are in its dialect; AUTO would move on by itself
GIGABYTE = 10**9


def queries_of(sources: Iterable[str], folders: Sequence[Path] = (FOLDER,)) -> list[Query]:
    """The queries of the lake and of these sources; QueryError where one is unusable or two have one name."""
    found: dict[str, Query] = {}
    for part in (LAKE, *sources):
        try:
            queries = [query for folder in folders for query in read_queries(folder / part)]
        except QueryUnusable as error:
            raise QueryError(f"queries/{part}: {error}") from error
        for query in queries:
            if query.name in found:
                raise QueryError(f"queries/{part}/{query.name}.sql: there is a query of that name already; rename it")
            found[query.name] = query
    return list(found.values())


@dataclass(frozen=True)
class LakeQueriesArgs:
    """What is asked, of which sources, and how much that may read."""

    names: Names  # what everything is called
    database: pulumi.Input[str]  # that queries ask
    results: pulumi.Input[str]  # URL of the folder for answers; each workgroup has its own in it
    cutoff_gigabytes: int  # a query that would read more is stopped
    sources: Sequence[str]  # whose queries are deployed
    folders: Sequence[Path] = (FOLDER,)  # where they are, in a folder for each source


class LakeQueries(pulumi.ComponentResource):
    """Where the lake is asked. Outputs: ``workgroup``, and ``named``, the names of the queries."""

    workgroup: pulumi.Output[str]

    def __init__(self, name: str, args: LakeQueriesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:LakeQueries", name, {}, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self.workgroup = self._workgroup(name, args)
        queries = queries_of(args.sources, args.folders)
        self.named = [self._named(query, args) for query in queries]
        self.prepared = [self._prepared(query) for query in queries]
        self.register_outputs({"workgroup": self.workgroup})

    def _workgroup(self, name: str, args: LakeQueriesArgs) -> pulumi.Output[str]:
        workgroup = athena.Workgroup(
            name,
            name=args.names.prefix,
            description=f"Asks the lake of stack {args.names.stack}",
            configuration={
                "enforce_workgroup_configuration": True,
                "publish_cloudwatch_metrics_enabled": True,
                "bytes_scanned_cutoff_per_query": args.cutoff_gigabytes * GIGABYTE,
                "engine_version": {"selected_engine_version": ENGINE},
                "result_configuration": {
                    "output_location": pulumi.Output.format("{0}{1}/", args.results, args.names.prefix),
                    # Should the bucket ever be somebody else's, no answer is written to it.
                    "expected_bucket_owner": args.names.account,
                    "encryption_configuration": {"encryption_option": "SSE_S3"},
                },
            },
            # What is left in it are names and histories of queries, and Pulumi makes the names again.
            force_destroy=True,
            tags=args.names.tags,
            opts=self._child,
        )
        return workgroup.name

    def _named(self, query: Query, args: LakeQueriesArgs) -> pulumi.Output[str]:
        made = athena.NamedQuery(
            query.name,
            name=query.name,
            description=query.description,
            database=args.database,
            workgroup=self.workgroup,
            query=query.sql,
            opts=self._child,
        )
        return made.name

    def _prepared(self, query: Query) -> pulumi.Output[str]:
        made = athena.PreparedStatement(
            query.name,
            name=query.name,
            description=query.description,
            workgroup=self.workgroup,
            query_statement=query.sql,
            opts=self._child,
        )
        return made.name
