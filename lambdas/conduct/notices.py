"""What the messages of the manifest queue say. Pure: an SQS event in, runs and what was dropped out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from lambdas.errors import one_line
from sources.layout import RunName, parse_manifest_key


@dataclass(frozen=True)
class Notice:
    """One message: the runs whose manifests it announces, and in words what in it is not for us."""

    message_id: str
    runs: tuple[RunName, ...]
    dropped: tuple[str, ...]


def read_notices(event: Mapping[str, Any], bucket: str = "") -> list[Notice]:
    """The messages of an SQS event. Nothing in them can make this fail: they may hold anything."""
    return [_read(message, bucket) for message in event.get("Records", [])]


def _read(message: Mapping[str, Any], bucket: str) -> Notice:
    runs: list[RunName] = []
    dropped: list[str] = []
    for found in _records(message.get("body")):
        what = _manifest(found, bucket)
        runs.append(what) if isinstance(what, RunName) else dropped.append(what)
    return Notice(message["messageId"], tuple(dict.fromkeys(runs)), tuple(dropped))


def _records(body: Any) -> list[Any]:
    """The records of an S3 notification; of anything else one text that says what it is."""
    try:
        content = json.loads(body)
    except (TypeError, ValueError, RecursionError):
        return [f"a message that is not JSON: {one_line(body, 80)}"]
    if isinstance(content, dict) and isinstance(content.get("Records"), list):
        return list(content["Records"])
    if isinstance(content, dict) and content.get("Event") == "s3:TestEvent":
        return [f"the s3:TestEvent of bucket {content.get('Bucket')}"]
    return [f"a message that is no S3 notification: {one_line(body, 80)}"]


def _manifest(record: Any, bucket: str) -> RunName | str:
    """The run that a record announces, or in words why it announces none."""
    if isinstance(record, str):
        return record
    try:
        event, place = record["eventName"], record["s3"]
        where, key = place["bucket"]["name"], unquote_plus(place["object"]["key"])
    except (KeyError, TypeError):
        return f"a record without event, bucket and key: {one_line(record, 80)}"
    name = parse_manifest_key(key)
    if not str(event).startswith("ObjectCreated:"):
        return f"{event} of s3://{where}/{key}: only new manifests count"
    if bucket and where != bucket:
        return f"s3://{where}/{key}: only bucket {bucket} is ours"
    return name or f"s3://{where}/{key}: this is no manifest"
