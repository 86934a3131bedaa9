"""The manifests of runs: which pages a run has, and how many rows each holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from etl.errors import ManifestUnusable
from sources.layout import RunName, manifest_key, manifest_prefix, parse_manifest_key


@dataclass(frozen=True)
class Page:
    """``part`` is the value of the stream's ``over`` that the page was read for; empty where it has none."""

    page: int
    key: str
    rows: int
    part: str = ""


@dataclass(frozen=True)
class Manifest:
    name: RunName
    rows: int
    pages: tuple[Page, ...]


def parse_manifest(name: RunName, body: Mapping[str, Any]) -> Manifest:
    """The manifest of a run; refused when it is another run's, or its rows do not add up."""
    try:
        pages = tuple(Page(page["page"], page["key"], page["rows"], page.get("part", "")) for page in body["pages"])
        said, rows = RunName(body["source"], body["stream"], body["run"]), int(body["rows"])
    except (KeyError, TypeError, ValueError) as exc:
        raise ManifestUnusable(f"manifest of {name}: {exc!r}; extract the run anew") from exc
    if said != name:
        raise ManifestUnusable(f"manifest {manifest_key(name)} says that it is of {said}; extract {name} anew")
    counted = sum(page.rows for page in pages)
    if counted != rows:
        raise ManifestUnusable(f"manifest of {name} says {rows} rows, its pages {counted}; extract the run anew")
    return Manifest(name, rows, pages)


def read_manifest(s3: Any, bucket: str, name: RunName) -> Manifest:
    key = manifest_key(name)
    try:
        text = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except s3.exceptions.ClientError as exc:
        code = exc.response["Error"]["Code"]
        raise ManifestUnusable(f"no manifest s3://{bucket}/{key} ({code}); extract {name} first") from exc
    try:
        body = json.loads(text)
    except ValueError as exc:
        raise ManifestUnusable(f"manifest s3://{bucket}/{key} is not JSON ({exc}); extract {name} anew") from exc
    return parse_manifest(name, body)


def newer_runs(s3: Any, bucket: str, oldest: RunName) -> list[RunName]:
    """The runs of the same stream, newer than this one, whose manifests are in the bucket. Normally none."""
    listing = s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=manifest_prefix(oldest.source, oldest.stream), StartAfter=manifest_key(oldest)
    )
    names = (parse_manifest_key(found["Key"]) for answer in listing for found in answer.get("Contents", ()))
    return [name for name in names if name is not None]
