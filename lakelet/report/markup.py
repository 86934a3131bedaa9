"""HTML that cannot be broken by what is written into it: text is escaped unless it is markup already."""

from __future__ import annotations

import html
import unicodedata

VOID = {"meta", "link", "br", "rect", "line", "path", "polyline"}
_BIDI = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


class Markup(str):
    """Text that is HTML already."""


def clean(text: str) -> str:
    """Text that may stand in a page: line breaks are spaces, and what no page can hold is shown as missing."""
    spaced = "".join(" " if char in "\n\r\t\x0b\x0c\u2028\u2029" else char for char in text)
    return "".join("\ufffd" if unicodedata.category(char) in ("Cc", "Cs") else char for char in spaced)


def isolated(text: str) -> str:
    """A name inside a sentence: whichever way it is written, the sentence around it keeps its order."""
    inner = "".join(char for char in clean(text) if char not in _BIDI)
    return f"\u2068{inner}\u2069"


def escaped(child: object) -> str:
    return child if isinstance(child, Markup) else html.escape(clean(str(child)))


def element(name: str, /, *children: object, **attributes: object) -> Markup:
    """``element("p", "a < b", class_="note")``. Attributes that are None or False are left out; True stands alone."""
    given = []
    for key, value in attributes.items():
        attribute = key.rstrip("_").replace("_", "-")
        if value is True:
            given.append(f" {attribute}")
        elif value is not None and value is not False:
            given.append(f' {attribute}="{escaped(value)}"')
    opened = f"<{name}{''.join(given)}>"
    if name in VOID:
        return Markup(opened if name in ("meta", "link", "br") else f"{opened[:-1]}/>")
    return Markup(opened + "".join(map(escaped, children)) + f"</{name}>")


def joined(*children: object) -> Markup:
    return Markup("\n".join(escaped(child) for child in children if child != ""))
