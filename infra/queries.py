"""Athena: a workgroup whose settings nobody can override, and the named queries of each source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi_aws import athena

from infra.naming import Names

FOLDER = Path(__file__).resolve().parent.parent / "queries"
GIGABYTE = 10**9


@dataclass(frozen=True)
class Query:
    """One question that people ask again and again: a file of its own, its first comment says what it answers."""

    source: str
    name: str
    sql: str

    @property
    def description(self) -> str:
        first = self.sql.splitlines()[0]
        return first.removeprefix("--").strip() if first.startswith("--") else self.name


def queries_of(source: str, folder: Path = FOLDER) -> list[Query]:
    """The queries in a source's folder, by name; none where there is no folder."""
    return [Query(source, file.stem, file.read_text()) for file in sorted((folder / source).glob("*.sql"))]


@dataclass(frozen=True)
class LakeQueriesArgs:
    """``results`` is where answers are kept. A query that would read more than ``cutoff_gigabytes`` is stopped."""

    names: Names
    database: pulumi.Input[str]
    results: pulumi.Input[str]
    cutoff_gigabytes: int
    sources: Sequence[str]


class LakeQueries(pulumi.ComponentResource):
    """Where the lake is asked. Outputs: ``workgroup``, and ``named``, the names of the queries."""

    workgroup: pulumi.Output[str]

    def __init__(self, name: str, args: LakeQueriesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:LakeQueries", name, {}, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self.workgroup = self._workgroup(name, args)
        self.named = [self._named(query, args) for source in args.sources for query in queries_of(source)]
        self.register_outputs({"workgroup": self.workgroup})

    def _workgroup(self, name: str, args: LakeQueriesArgs) -> pulumi.Output[str]:
        workgroup = athena.Workgroup(
            name,
            name=args.names.prefix,
            configuration={
                "enforce_workgroup_configuration": True,
                "publish_cloudwatch_metrics_enabled": True,
                "bytes_scanned_cutoff_per_query": args.cutoff_gigabytes * GIGABYTE,
                "result_configuration": {
                    "output_location": args.results,
                    "encryption_configuration": {"encryption_option": "SSE_S3"},
                },
            },
            tags=args.names.tags,
            opts=self._child,
        )
        return workgroup.name

    def _named(self, query: Query, args: LakeQueriesArgs) -> pulumi.Output[str]:
        made = athena.NamedQuery(
            f"{query.source}-{query.name}",
            name=query.name,
            description=query.description,
            database=args.database,
            workgroup=self.workgroup,
            query=query.sql,
            opts=self._child,
        )
        return made.name
