"""QuickSight: the dashboards that are declared in ``dashboards``, for a stack that asks for them.

Off unless the stack says who owns them: QuickSight needs a subscription of its own, which costs money every month.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
from pulumi_aws import cloudcontrol, quicksight

from dashboards import DASHBOARDS, Dashboard, filled
from infra import policies
from infra.errors import SettingsError
from infra.naming import PROJECT, Names
from infra.policies import Statement
from infra.queries import FOLDER, queries_of
from infra.quicksight_definition import TYPES, definition
from infra.role import LakeRole, LakeRoleArgs
from infra.told import QUICKSIGHT_OWNER
from sources import layout
from sources.model import Source
from sources.query import Query

_FROM = re.compile(r'\b(FROM|JOIN)(\s+)("?)([A-Za-z_]\w*)((?:\$\w+)?\3)(?![\w.])', re.IGNORECASE)


@dataclass(frozen=True)
class LakeDashboardsArgs:
    """``owner`` is the ARN of a QuickSight user or group."""

    names: Names
    owner: str
    workgroup: pulumi.Input[str]
    sources: Sequence[Source]
    folders: Sequence[Path] = (FOLDER,)  # of queries

    @property
    def queries(self) -> list[Query]:
        """Those of the stack."""
        return queries_of((source.name for source in self.sources), self.folders)


class LakeDashboards(pulumi.ComponentResource):
    """A data source, a data set for each query, and an analysis and a dashboard for each source that has charts.

    Output: ``ids``, the dashboards by source.
    """

    def __init__(self, name: str, args: LakeDashboardsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("lakelet:infra:LakeDashboards", name, {}, opts)
        self._args, self._child = args, pulumi.ResourceOptions(parent=self)
        shown = dashboards_of(args)
        self._arn = self._data_source().arn
        self.ids = {dashboard.source: self._show(dashboard) for dashboard in shown}
        self.register_outputs({})

    def _data_source(self) -> quicksight.DataSource:
        names = self._args.names
        role = LakeRoleArgs(names.of("quicksight"), "quicksight", reads(names), names.tags)
        return quicksight.DataSource(
            "quicksight",
            data_source_id=names.prefix,
            name=names.prefix,
            type="ATHENA",
            parameters={
                "athena": {
                    "work_group": self._args.workgroup,
                    "role_arn": LakeRole("quicksight", role, self._child).arn,
                }
            },
            permissions=[{"principal": self._args.owner, "actions": may("DataSource", "Pass")}],
            tags=names.tags,
            opts=self._child,
        )

    def _show(self, dashboard: Dashboard) -> str:
        sets = {query: self._data_set(dashboard, query).arn for query in dashboard.queries}
        id_ = self._args.names.of(dashboard.source)
        state = pulumi.Output.all(**sets).apply(lambda arns: self._state(dashboard, id_, arns))
        # Pulumi's own types of these two lack the definition: its schema is too large for them. Cloud Control has it.
        for kind in ("Analysis", "Dashboard"):
            cloudcontrol.Resource(
                f"{dashboard.source}-{kind.lower()}",
                type_name=f"AWS::QuickSight::{kind}",
                desired_state=state.apply(lambda told, kind=kind: _document(kind, told)),  # type: ignore[misc]
                opts=self._child,
            )
        return id_

    def _data_set(self, dashboard: Dashboard, query: str) -> quicksight.DataSet:
        """Asked anew each time it is looked at: no copy of the data that is older than the lake."""
        names = self._args.names
        columns = dashboard.columns(query)
        sql = next(filled(each) for each in self._args.queries if each.name == query)
        return quicksight.DataSet(
            f"{dashboard.source}-{query}",
            data_set_id=names.of(dashboard.source, query),
            name=names.of(dashboard.source, query),
            import_mode="DIRECT_QUERY",
            physical_table_maps=[
                {
                    "physical_table_map_id": query.replace("_", "-"),
                    "custom_sql": {
                        "name": query,
                        "data_source_arn": self._arn,
                        "sql_query": shaped(sql, [field.column for field in columns], names, self._args.sources),
                        "columns": [{"name": field.column, "type": TYPES[field.form]} for field in columns],
                    },
                }
            ],
            permissions=[
                {
                    "principal": self._args.owner,
                    "actions": may("DataSet", "Pass")
                    + [f"quicksight:{does}" for does in ("CreateIngestion", "CancelIngestion", "DescribeIngestion",
                                                         "ListIngestions")],
                }
            ],
            tags=names.tags,
            opts=self._child,
        )  # fmt: skip

    def _state(self, dashboard: Dashboard, id_: str, arns: dict[str, str]) -> dict[str, Any]:
        names = self._args.names
        return {
            "AwsAccountId": names.account,
            "Name": f"{dashboard.title} ({names.stack})",
            "Id": id_,
            "Owner": self._args.owner,
            "Definition": definition(dashboard, arns),
            "Tags": [{"Key": key, "Value": value} for key, value in sorted(names.tags.items())],
        }


def dashboards_of(args: LakeDashboardsArgs) -> list[Dashboard]:
    """The dashboards of the stack's sources; SettingsError where the setting and the rest contradict each other."""
    owner = f"{PROJECT}:quicksightOwner is {args.owner}"
    found = QUICKSIGHT_OWNER.fullmatch(args.owner)
    if found and found["account"] != args.names.account:
        raise SettingsError(f"{owner}, but the stack is in account {args.names.account}; name an owner of that account")
    shown = [DASHBOARDS[source.name] for source in args.sources if source.name in DASHBOARDS]
    if not shown:
        sources = ", ".join(source.name for source in args.sources)
        raise SettingsError(f"{owner}, but {PROJECT}:sources is {sources}, which has no dashboard; drop the owner")
    queries = {query.name: query for query in args.queries}
    for dashboard in shown:
        for name in dashboard.queries:
            if name not in queries:
                raise SettingsError(
                    f"dashboard {dashboard.source} shows query {name}, which is not in queries/; add it"
                )
            _check(dashboard, queries[name])
    return shown


def _check(dashboard: Dashboard, query: Query) -> None:
    for parameter in query.parameters:
        if parameter.default is None:
            raise SettingsError(
                f"dashboard {dashboard.source} shows query {query.name}, whose parameter {parameter.name} has no "
                "default, and no chart gives one; change one"
            )


def shaped(sql: str, columns: Sequence[str], names: Names, sources: Iterable[Source]) -> str:
    """A query that gives just these columns, and names the database: QuickSight asks outside of any."""
    own = {"runs"}.union(*(source.table_names for source in sources))

    def qualified(found: re.Match[str]) -> str:
        word, space, quote, table, rest = found.groups()
        return f'{word}{space}"{names.database}".{quote}{table}{rest}' if table in own else found[0]

    asked = ", ".join(f'"{column}"' for column in columns)
    return f"SELECT {asked} FROM (\n{_FROM.sub(qualified, sql.strip().rstrip(';'))}\n)"


def may(kind: str, *more: str) -> list[str]:
    """What an owner of a thing of QuickSight does with it."""
    does = [f"Describe{kind}", f"Update{kind}", f"Delete{kind}", f"Describe{kind}Permissions",
            f"Update{kind}Permissions", *(f"{verb}{kind}" for verb in more)]  # fmt: skip
    return [f"quicksight:{each}" for each in does]


def reads(names: Names) -> list[Statement]:
    """What QuickSight does in the owner's name: ask in the lake's workgroup, and read what the answer is made from."""
    curated, workgroup = names.bucket_arn("curated"), names.arn("athena", f"workgroup/{names.prefix}")
    catalog = [
        names.arn("glue", "catalog"),
        names.arn("glue", f"database/{names.database}"),
        names.arn("glue", f"table/{names.database}/*"),
    ]
    return [
        policies.allow(
            [f"athena:{does}" for does in ("GetWorkGroup", "StartQueryExecution", "StopQueryExecution",
                                           "GetQueryExecution", "GetQueryResults")],
            [workgroup],
        ),
        policies.allow(["glue:GetDatabase", "glue:GetTable"], catalog),
        policies.allow(["s3:GetBucketLocation"], [curated]),
        policies.list_objects(curated, layout.WAREHOUSE, layout.LEDGER, layout.ANSWERS),
        policies.get_objects(curated, layout.WAREHOUSE, layout.LEDGER, layout.ANSWERS),
        policies.put_objects(curated, layout.ANSWERS),
    ]  # fmt: skip


def _document(kind: str, told: dict[str, Any]) -> str:
    """The resource as CloudFormation describes it; always the same text for the same dashboard."""
    more: Sequence[str] = ("Query", "Restore") if kind == "Analysis" else ("Query",)
    actions = may(kind, *more)
    if kind == "Dashboard":
        actions += ["quicksight:ListDashboardVersions", "quicksight:UpdateDashboardPublishedVersion"]
    state = {name: value for name, value in told.items() if name not in ("Id", "Owner")}
    state |= {f"{kind}Id": told["Id"], "Permissions": [{"Principal": told["Owner"], "Actions": actions}]}
    return json.dumps(state, sort_keys=True)
