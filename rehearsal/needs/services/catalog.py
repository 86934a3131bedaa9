"""Glue: the Data Catalog, of which a call needs every level, and jobs."""

from __future__ import annotations

from collections.abc import Iterable

from rehearsal.needs.ask import Ask
from rehearsal.needs.need import Need
from rehearsal.needs.service import Service

_DATABASE = "DatabaseName|DatabaseInput.Name|Entries.databaseName|Name"


def other_catalog(ask: Ask) -> Iterable[Need]:
    """Raises NotMapped for a catalog that is not the account's own."""
    given = ask.one("CatalogId|CatalogID|catalogId")
    if given not in (None, ask.facts.account_id):
        raise ask.refusal(f"is about the catalog {given}, which is not the account's own")
    return ()


# A list of databases or tables shows on AWS those alone on which it is allowed. Here it needs to be allowed on all.
SERVICE = Service(
    model="glue",
    places={
        "database": (_DATABASE,),
        "GetDatabases:database": ("=*",),
        "SearchTables:database": ("=*",),
        "table": (
            "DatabaseName|Entries.databaseName",
            "TableName|TablesToDelete|TableInput.Name|Entries.tableName|Name",
        ),
        "GetTables:table": ("DatabaseName", "=*"),
        "SearchTables:table": ("=*", "=*"),
        "DeleteDatabase:table": ("Name", "=*"),
        "DeleteDatabase:userdefinedfunction": ("Name", "=*"),
        "userdefinedfunction": ("DatabaseName", "FunctionName|FunctionInput.FunctionName"),
        "GetUserDefinedFunctions:userdefinedfunction": ("DatabaseName|=*", "=*"),
        "GetUserDefinedFunctions:database": ("DatabaseName|=*",),
        "connection": ("ConnectionName|ConnectionNameList|Name",),
        "GetConnections:connection": ("=*",),
        "job": ("JobName|jobName|JobNames|Name",),
        "trigger": ("Name|TriggerNames",),
        "crawler": ("Name|CrawlerName|CrawlerNames",),
        "workflow": ("Name|Names",),
        "blueprint": ("BlueprintName|Name|Names",),
        "registry": ("RegistryName|RegistryId.RegistryName|SchemaId.RegistryName",),
        "session": ("SessionId|Id",),
        "mlTransform": ("TransformId",),
        "devendpoint": ("EndpointName|DevEndpointNames",),
        "usageProfile": ("Name",),
        "dataQualityRuleset": ("RulesetNames|Name",),
    },
    more=(other_catalog,),
)
