"""The members of a call, nested as in the service's model, whatever the protocol."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from botocore.parsers import BaseCBORParser, ResponseParserError

from rehearsal.asked import Asked

_LISTS = ("member", "entry")


def members_of(asked: Asked) -> Mapping[str, Any] | None:
    """None for a body that cannot be read."""
    if asked.protocol in ("query", "ec2"):
        return nested(asked.parameters)
    if asked.protocol == "cbor":
        return _cbor(asked.body)
    return asked.parameters


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """``{"Tags.member.1.Key": "a"}`` -> ``{"Tags": [{"Key": "a"}]}``."""
    tree: dict[str, Any] = {}
    for name, value in flat.items():
        at = tree
        *way, last = name.split(".")
        for step in way:
            inner = at.setdefault(step, {})
            at = inner if isinstance(inner, dict) else {}
        at[last] = value
    return {name: _listed(value) for name, value in tree.items()}


def _listed(value: Any) -> Any:
    """A dictionary whose keys are numbers is a list, with "member" around it or without."""
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and (inner := next(iter(value))) in _LISTS and isinstance(value[inner], dict):
        return _listed(value[inner])
    if value and all(key.isdigit() for key in value):
        return [_listed(value[key]) for key in sorted(value, key=int)]
    return {key: _listed(inner) for key, inner in value.items()}


def _cbor(body: bytes) -> Mapping[str, Any] | None:
    parser = BaseCBORParser()
    try:
        found = parser.parse_data_item(parser.get_peekable_stream_from_bytes(body)) if body else {}
    except (ResponseParserError, ValueError, MemoryError, OverflowError, io.UnsupportedOperation):
        return None
    return found if isinstance(found, dict) else None
