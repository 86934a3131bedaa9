"""Tags in a call, in each of the ways that services write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

GIVEN = ("Tags", "tags", "TagsToAdd", "ResourceTags")
TAKEN = ("TagKeys", "tagKeys", "TagsToRemove", "ResourceTagKeys", "tags")
_KEYS, _VALUES = ("Key", "key", "TagKey"), ("Value", "value", "TagValue")


def tags_given(members: Mapping[str, Any]) -> dict[str, str]:
    """Those that a call gives to a resource or to a session."""
    for name in GIVEN:
        if found := _read(members.get(name)):
            return found
    return {}


def tags_taken(members: Mapping[str, Any]) -> list[str]:
    """The names of those that a call takes away."""
    for name in TAKEN:
        found = members.get(name)
        if isinstance(found, list) and found and all(isinstance(key, str) for key in found):
            return list(found)
    return []


def _read(value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {str(key): str(text) for key, text in value.items()}
    pairs = [tag for tag in value if isinstance(tag, Mapping)] if isinstance(value, list) else []
    return {_first(tag, _KEYS): _first(tag, _VALUES) for tag in pairs if _first(tag, _KEYS)}


def _first(tag: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(tag[name]) for name in names if name in tag), "")
