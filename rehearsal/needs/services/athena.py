"""Athena: all happens in a workgroup, which calls about an execution do not name."""

from __future__ import annotations

from rehearsal.needs.ask import Ask
from rehearsal.needs.need import Need
from rehearsal.needs.service import Service

# What a call names instead of the workgroup.
BY_ID = {
    "BatchGetNamedQuery": "NamedQueryIds",
    "BatchGetQueryExecution": "QueryExecutionIds",
    "DeleteNamedQuery": "NamedQueryId",
    "GetNamedQuery": "NamedQueryId",
    "GetQueryExecution": "QueryExecutionId",
    "GetQueryResults": "QueryExecutionId",
    "GetQueryRuntimeStatistics": "QueryExecutionId",
    "StopQueryExecution": "QueryExecutionId",
    "UpdateNamedQuery": "NamedQueryId",
}
# These go to the account's first workgroup where none is named.
_BY_DEFAULT = (
    "CreateNamedQuery", "ListNamedQueries", "ListPreparedStatements", "ListQueryExecutions", "StartQueryExecution",
)  # fmt: skip


def by_id(ask: Ask) -> list[Need]:
    """On the workgroup of each execution or query; one that does not exist might be in any."""
    ids = ask.every(BY_ID[ask.operation]) or [ask.needed(BY_ID[ask.operation])]
    groups = {ask.facts.workgroup(each) or "*": None for each in ids}
    return [ask.need(f"athena:{ask.operation}", ask.arn(f"workgroup/{group}")) for group in groups]


SERVICE = Service(
    model="athena",
    places={
        "workgroup": ("WorkGroup",),
        **{f"{operation}:workgroup": ("WorkGroup|=primary",) for operation in _BY_DEFAULT},
        "CreateWorkGroup:workgroup": ("Name",),
        "datacatalog": ("CatalogName|Name",),
        "capacity-reservation": ("CapacityReservationName|Name",),
    },
    rules=dict.fromkeys(BY_ID, by_id),
)
