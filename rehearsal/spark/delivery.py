"""Brings a job's script and its extra files from S3, under the job's own role, as Glue does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from rehearsal.spark.job import JobRefused


def fetch(client: Any, locations: Sequence[str], folder: Path) -> list[Path]:
    """The files, in order, under their own names. Raises JobRefused with the location that could not be read."""
    return [_fetch_one(client, location, folder) for location in locations]


def _fetch_one(client: Any, location: str, folder: Path) -> Path:
    bucket, key = bucket_and_key(location)
    path = folder / key.rsplit("/", 1)[-1]
    try:
        path.write_bytes(client.get_object(Bucket=bucket, Key=key)["Body"].read())
    except ClientError as refused:
        error = refused.response["Error"]
        raise JobRefused(
            f"LAUNCH ERROR | Error downloading from S3 for bucket: {bucket}, key: {key}. "
            f"{error.get('Message', '')} (Service: Amazon S3; Error Code: {error.get('Code')})"
        ) from refused
    return path


def bucket_and_key(location: str) -> tuple[str, str]:
    parts = urlsplit(location, allow_fragments=False)
    if parts.scheme not in ("s3", "s3a", "s3n") or not parts.netloc or not parts.path.strip("/"):
        raise JobRefused(f"LAUNCH ERROR | {location!r} is no place in S3; write s3://bucket/key")
    return parts.netloc, parts.path.lstrip("/")
