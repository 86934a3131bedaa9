"""S3: a bucket goes only when it is empty; ``force_destroy`` empties it first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rehearsal.deploy.removal.removal import Removal, RemovalRefusedError

MOST_AT_ONCE = 1000


def bucket(removal: Removal) -> None:
    client = removal.client("s3")
    if removal.get("forceDestroy"):
        _empty(client, removal.id)
    client.delete_bucket(Bucket=removal.id)


def _empty(client: Any, name: str) -> None:
    """Every version of every object, then every delete marker."""
    for kind in ("Versions", "DeleteMarkers"):
        found = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in _listed(client, name, kind)]
        for start in range(0, len(found), MOST_AT_ONCE):
            wanted = {"Objects": found[start : start + MOST_AT_ONCE], "Quiet": True}
            errors = client.delete_objects(Bucket=name, Delete=wanted).get("Errors", [])
            if errors:
                first = errors[0]
                raise RemovalRefusedError(f"DeleteObjects: {first['Code']}: {first['Key']}: {first.get('Message')}")


def _listed(client: Any, name: str, kind: str, prefix: str = "") -> Iterator[dict[str, Any]]:
    for page in client.get_paginator("list_object_versions").paginate(Bucket=name, Prefix=prefix):
        yield from page.get(kind, [])


def bucket_object(removal: Removal) -> None:
    """In a bucket with versions all of them go, one by one."""
    client, place = removal.client("s3"), removal.of_id("{Bucket}/{Key}")
    if not removal.get("versionId"):
        client.delete_object(**place)
        return
    for kind in ("Versions", "DeleteMarkers"):
        for each in list(_listed(client, place["Bucket"], kind, place["Key"])):
            if each["Key"] == place["Key"]:
                client.delete_object(**place, VersionId=each["VersionId"])


def versioning(removal: Removal) -> None:
    """Versions cannot be switched off again, only suspended."""
    if removal["versioningConfiguration"].get("status") != "Disabled":
        suspended = {"Status": "Suspended"}
        removal.client("s3").put_bucket_versioning(Bucket=removal.id, VersioningConfiguration=suspended)
