"""Services of which one or two types need more than one plain call."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.deploy.removal.removal import Removal, RemovalRefusedError


def secret(removal: Removal) -> None:
    """By default a secret can be had back for 30 days; with a window of 0 it is gone, and its name free."""
    days = removal.get("recoveryWindowInDays", 30)
    way: dict[str, Any] = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
    removal.client("secretsmanager").delete_secret(SecretId=removal.id, **way)


def secret_version(removal: Removal) -> None:
    """Its labels are taken off, but for that of the current one: it stays until the secret goes."""
    secret_id, version = removal.id.split("|")
    for stage in removal.get("versionStages", []):
        if stage != "AWSCURRENT":
            removal.client("secretsmanager").update_secret_version_stage(
                SecretId=secret_id, VersionStage=stage, RemoveFromVersionId=version
            )


def kms_key(removal: Removal) -> None:
    """A key is never deleted at once: it waits for 7 to 30 days, and can be had back until then."""
    days = removal.get("deletionWindowInDays")
    window = {"PendingWindowInDays": days} if days else {}
    removal.client("kms").schedule_key_deletion(KeyId=removal.id, **window)


def table_item(removal: Removal) -> None:
    item = json.loads(removal["item"])
    key = {removal[name]: item[removal[name]] for name in ("hashKey", "rangeKey") if removal.get(name)}
    removal.client("dynamodb").delete_item(TableName=removal["tableName"], Key=key)


def workgroup(removal: Removal) -> None:
    recursive = {"RecursiveDeleteOption": True} if removal.get("forceDestroy") else {}
    removal.client("athena").delete_work_group(WorkGroup=removal.id, **recursive)


def alarm(removal: Removal) -> None:
    removal.client("cloudwatch").delete_alarms(AlarmNames=[removal.id])


def dashboard(removal: Removal) -> None:
    removal.client("cloudwatch").delete_dashboards(DashboardNames=[removal.id])


def cloud_control(removal: Removal) -> None:
    """As it was made: by the call of the service itself. An analysis was only judged, so there is none."""
    kind = removal["typeName"]
    if kind == "AWS::QuickSight::Dashboard":
        removal.client("quicksight").delete_dashboard(**removal.of_id("{AwsAccountId}|{DashboardId}"))
    elif kind != "AWS::QuickSight::Analysis":
        raise RemovalRefusedError(f"the rehearsal knows no type {kind} of Cloud Control")
