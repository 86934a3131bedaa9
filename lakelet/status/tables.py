"""What an Iceberg table says of itself: read from its metadata file, without opening a data file or a manifest."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from lakelet.place import Place
from lakelet.status.model import TableStatus

_TOTALS = ("records", "position-deletes", "data-files", "delete-files", "files-size")


def table_status(place: Place, name: str) -> TableStatus | None:
    """None where no run has made the table yet."""
    metadata = _metadata(place, name)
    return None if metadata is None else read_metadata(name, metadata)


def read_metadata(name: str, metadata: dict[str, Any]) -> TableStatus:
    """A table without a snapshot is empty."""
    snapshots = metadata.get("snapshots", [])
    current = next((each for each in snapshots if each["snapshot-id"] == metadata.get("current-snapshot-id")), None)
    if current is None:
        return TableStatus(name, snapshots=len(snapshots))
    summary = current.get("summary", {})
    rows, gone, files, deletes, size = (int(summary.get(f"total-{what}", 0)) for what in _TOTALS)
    newest = _newest_of_runs(snapshots) or current
    made = datetime.fromtimestamp(newest["timestamp-ms"] / 1000, UTC).isoformat(timespec="seconds")
    run = newest.get("summary", {}).get("run_id", "")
    snapshot = str(current["snapshot-id"])
    return TableStatus(name, rows - gone, files, size, len(snapshots), snapshot, made, run, delete_files=deletes)


def _newest_of_runs(snapshots: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The last that brought rows of runs: upkeep makes snapshots of its own, with the same rows."""
    of_runs = [each for each in snapshots if each.get("summary", {}).get("run_id")]
    return max(of_runs, key=lambda each: int(each.get("sequence-number", 0)), default=None)


def _metadata(place: Place, name: str) -> dict[str, Any] | None:
    try:
        table = place.client("glue").get_table(DatabaseName=place.outputs["database"], Name=name)["Table"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "EntityNotFoundException":
            raise
        return None
    where = urlsplit(table["Parameters"]["metadata_location"])
    body = place.client("s3").get_object(Bucket=where.netloc, Key=where.path.lstrip("/"))["Body"].read()
    metadata: dict[str, Any] = json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
    return metadata
