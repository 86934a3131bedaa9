"""What stands in an account, as its own lists tell."""

from __future__ import annotations

from typing import Any

from moto.quicksight.models import quicksight_backends

from rehearsal.account import Account

_LISTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "s3": (("list_buckets", "Buckets", "Name"),),
    "sqs": (("list_queues", "QueueUrls", ""),),
    "sns": (("list_topics", "Topics", "TopicArn"), ("list_subscriptions", "Subscriptions", "SubscriptionArn")),
    "lambda": (
        ("list_functions", "Functions", "FunctionName"),
        ("list_event_source_mappings", "EventSourceMappings", "UUID"),
    ),
    "dynamodb": (("list_tables", "TableNames", ""),),
    "iam": (("list_roles", "Roles", "RoleName"),),
    "secretsmanager": (("list_secrets", "SecretList", "Name"),),
    "kms": (("list_aliases", "Aliases", "AliasName"),),
    "logs": (("describe_log_groups", "logGroups", "logGroupName"),),
    "events": (("list_rules", "Rules", "Name"), ("list_event_buses", "EventBuses", "Name")),
    "scheduler": (("list_schedules", "Schedules", "Name"), ("list_schedule_groups", "ScheduleGroups", "Name")),
    "glue": (
        ("get_databases", "DatabaseList", "Name"),
        ("get_jobs", "Jobs", "Name"),
        ("get_connections", "ConnectionList", "Name"),
        ("get_triggers", "Triggers", "Name"),
        ("get_crawlers", "Crawlers", "Name"),
    ),
    "athena": (("list_work_groups", "WorkGroups", "Name"),),
    "cloudwatch": (
        ("describe_alarms", "MetricAlarms", "AlarmName"),
        ("describe_alarms", "CompositeAlarms", "AlarmName"),
        ("list_dashboards", "DashboardEntries", "DashboardName"),
    ),
}


def standing(account: Account) -> dict[str, list[str]]:
    """The names of what is there, by service and kind. A key that waits for its deletion does not count."""
    found = {f"{service} {listed}": _names(account.client(service), operation, listed, key)
             for service, lists in _LISTS.items() for operation, listed, key in lists}  # fmt: skip
    budgets = account.client("budgets").describe_budgets(AccountId=account.account_id).get("Budgets", [])
    found["budgets Budgets"] = sorted(each["BudgetName"] for each in budgets)
    policies = account.client("iam").list_policies(Scope="Local")["Policies"]  # without AWS's own
    found["iam Policies"] = sorted(each["PolicyName"] for each in policies)
    found |= _dashboards(account)
    return {**found, "kms Keys": _keys(account.client("kms"))}


def _names(client: Any, operation: str, listed: str, key: str) -> list[str]:
    is_paged = client.can_paginate(operation)
    pages = client.get_paginator(operation).paginate() if is_paged else [getattr(client, operation)()]
    return sorted(each[key] if key else each for page in pages for each in page.get(listed, []))


def _keys(kms: Any) -> list[str]:
    """Without those that AWS makes for itself."""
    of_aws = {each.get("TargetKeyId") for each in kms.list_aliases()["Aliases"] if "/aws/" in each["AliasName"]}
    ids = [id_ for id_ in _names(kms, "list_keys", "Keys", "KeyId") if id_ not in of_aws]
    return [id_ for id_ in ids if kms.describe_key(KeyId=id_)["KeyMetadata"]["KeyState"] != "PendingDeletion"]


def _dashboards(account: Account) -> dict[str, list[str]]:
    """QuickSight's. The account cannot list its data sets."""
    backend = quicksight_backends[account.account_id][account.region]
    kinds = ("data_sources", "data_sets", "dashboards")
    return {f"quicksight {kind}": sorted(getattr(backend, kind)) for kind in kinds}
