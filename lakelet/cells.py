"""A value as a text on one line of a terminal, and how much room that takes."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

NULL = "NULL"


def cell(value: Any) -> str:
    return NULL if value is None else plain(text_of(value))


def text_of(value: Any) -> str:
    """A value as Athena writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def plain(text: str) -> str:
    """A text on one line, with nothing in it that a terminal would obey."""
    return "".join(_ESCAPES.get(each) or (each if _is_shown(each) else f"\\u{ord(each):04x}") for each in text)


_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _is_shown(character: str) -> bool:
    return (
        unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        and character not in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
    )


def size(count: int | Decimal, byte: str = "bytes", space: str = " ") -> str:
    """Bytes as people say them: ``12.3 kB``."""
    value = Decimal(count)
    for unit in (byte, "kB", "MB", "GB", "TB"):
        if abs(value) < 1000 or unit == "TB":
            break
        value /= 1000
    return f"{value:,.0f}{space}{unit}" if unit == byte else f"{value:,.1f}{space}{unit}"


def width_of(text: str) -> int:
    """How many places a text takes on a terminal."""
    return len(text) if text.isascii() else sum(map(_places, text))


def _places(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, width: int) -> str:
    if width_of(text) <= width:
        return text
    taken, used = "", 0
    for character in text:
        used += _places(character)
        if used > width - 1:
            break
        taken += character
    return taken + "…"
