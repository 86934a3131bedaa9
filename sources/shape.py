"""What a record looks like: an object is a dict of its fields, a list is a list of the shape of its elements.

    {"id": Kind.TEXT, "album": Maybe({"name": Kind.TEXT}), "artists": [{"id": Kind.TEXT}]}

A field that has had two names is ``"item|track"``: a record has one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """A value that has no parts. Its value says it in words."""

    TEXT = "a text"
    WHOLE = "a whole number"
    NUMBER = "a number"
    FLAG = "true or false"
    ANY = "anything"  # known, and not read


@dataclass(frozen=True)
class Maybe:
    """A field that may be missing, or null."""

    shape: Shape


Shape = Kind | Maybe | list["Shape"] | dict[str, "Shape"]


def ignored(*names: str) -> dict[str, Shape]:
    """Fields that are known to come, and that nothing here reads: they are no news."""
    return {name: Maybe(Kind.ANY) for name in names}


def names_of(field: str) -> tuple[str, ...]:
    """The names that a field goes by, the newest first."""
    return tuple(field.split("|"))
