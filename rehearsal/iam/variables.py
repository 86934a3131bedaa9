"""Policy variables: ``${aws:username}``, ``${aws:username, 'nobody'}`` with a default, ``${*}``, ``${?}`` and ``${$}``.

Only policies of version 2012-10-17 have them; in older ones they are plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from rehearsal.iam import patterns
from rehearsal.iam.patterns import Tokens, Wild

Lookup = Callable[[str], str | None]

_OPEN = "${"
_VARIABLE = re.compile(r"\$\{(?:([*?$])|\s*([^\s{}',*?$][^{}',*?$]*?)\s*(?:,\s*'([^']*)'\s*)?)\}")


class NoVariable(ValueError):
    """A ``${`` that begins no variable."""


@dataclass(frozen=True)
class Variable:
    key: str
    default: str | None


@dataclass(frozen=True)
class Template:
    """A text or pattern of a policy. Without variables it is known for good."""

    pieces: tuple[str | Wild | Variable, ...]
    fixed: Tokens | None

    def tokens(self, lookup: Lookup) -> Tokens | None:
        """With values for its variables; None when one has neither value nor default."""
        if self.fixed is not None:
            return self.fixed
        found: list[str | Wild] = []
        for piece in self.pieces:
            if isinstance(piece, Variable):
                value = lookup(piece.key)
                value = piece.default if value is None else value
                if value is None:
                    return None
                found += patterns.literal(value)
            else:
                found.append(piece)
        return tuple(found)

    def text(self, lookup: Lookup) -> str | None:
        """The same of a template that was read without wildcards."""
        found = self.tokens(lookup)
        return None if found is None else "".join(str(token) for token in found)


def template(text: str, has_variables: bool, has_wildcards: bool) -> Template:
    """Raises NoVariable when ``${`` is not followed by a name and ``}``."""
    pieces: list[str | Wild | Variable] = []
    place = 0
    while has_variables and (start := text.find(_OPEN, place)) >= 0:
        found = _VARIABLE.match(text, start)
        if not found:
            raise NoVariable(text[start : start + 40])
        pieces += _plain(text[place:start], has_wildcards)
        sign, key, default = found.groups()
        pieces.append(sign or Variable(key.lower(), default))
        place = found.end()
    pieces += _plain(text[place:], has_wildcards)
    known = tuple(piece for piece in pieces if not isinstance(piece, Variable))
    return Template(tuple(pieces), known if len(known) == len(pieces) else None)


def _plain(text: str, has_wildcards: bool) -> Tokens:
    return patterns.tokens(text) if has_wildcards else patterns.literal(text)
