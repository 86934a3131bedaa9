"""What one value must satisfy by itself, in the words of AWS: a set of values, a pattern, a length, a range."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rehearsal.strict.patterns import compiled

NUMBERS = frozenset({"integer", "long", "float", "double", "short", "byte", "bigdecimal"})
SHOWN = 1024  # characters of a value that a message repeats


@dataclass(frozen=True)
class Constraint:
    """``holds`` takes a value of the right type."""

    text: str
    holds: Callable[[Any], bool]


@dataclass(frozen=True)
class Violation:
    """A member that does not satisfy a constraint. ``value`` is as a message shows it, None for what is secret."""

    path: str
    value: str | None
    constraint: str

    def __str__(self) -> str:
        shown = "Value " if self.value is None else f"Value {self.value} "
        return f"{shown}at '{self.path}' failed to satisfy constraint: {self.constraint}"


def constraints_of(service: str, shape: Any) -> list[Constraint]:
    """Those of a shape alone, without what lies in it."""
    told, found = shape.metadata, []
    if values := getattr(shape, "enum", None):
        text = f"Member must satisfy enum value set: [{', '.join(values)}]"
        found.append(Constraint(text, frozenset(values).__contains__))
    if shape.type_name in NUMBERS:
        found += _bounds(told, "value", lambda value: value)
    else:
        found += _bounds(told, "length", _length_of_blob if shape.type_name == "blob" else len)
    java = told.get("pattern")
    if java and (pattern := compiled(service, shape.name, java)):
        found.append(Constraint(f"Member must satisfy regular expression pattern: {java}", pattern.matches))
    return found


def is_secret(shape: Any, above: frozenset[str] = frozenset()) -> bool:
    """Whether a shape, or what may lie in it, is not to be repeated in a message."""
    if shape.metadata.get("sensitive"):
        return True
    inside = {"list": ("member",), "map": ("key", "value")}.get(shape.type_name, ())
    shapes = [getattr(shape, name) for name in inside] or list(getattr(shape, "members", {}).values())
    seen = above | {shape.name}
    return any(is_secret(each, seen) for each in shapes if each.name not in seen)


def shown(value: Any) -> str:
    """A value as Java writes it, cut where it is long."""
    text = f"'{_plain(value)}'"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}...'"


def _bounds(told: dict[str, Any], what: str, measure: Callable[[Any], float]) -> list[Constraint]:
    found = []
    if (most := told.get("max")) is not None:
        text = f"Member must have {what} less than or equal to {most}"
        found.append(Constraint(text, lambda value: measure(value) <= most))
    if (least := told.get("min")) is not None:
        text = f"Member must have {what} greater than or equal to {least}"
        found.append(Constraint(text, lambda value: measure(value) >= least))
    return found


def _length_of_blob(value: str | bytes) -> int:
    """Of the bytes themselves; a text is base64."""
    if isinstance(value, bytes):
        return len(value)
    try:
        return len(base64.b64decode(value))
    except (binascii.Error, ValueError):
        return len(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={_plain(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_plain, value)) + "]"
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return value.isoformat() if isinstance(value, datetime) else str(value)
