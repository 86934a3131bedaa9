"""Patterns with stars and question marks: of actions, of resources, of ARNs in conditions, of any text.

A pattern is held as tokens, so that a value that stands for a variable is never taken for a wildcard.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum
from functools import lru_cache


class Wild(Enum):
    STAR = "*"
    ANY = "?"


Tokens = tuple[str | Wild, ...]
Test = Callable[[str], bool]

_WILD = {wild.value: wild for wild in Wild}


def tokens(pattern: str) -> Tokens:
    return tuple(_WILD.get(piece, piece) for piece in re.split(r"([*?])", pattern) if piece)


def literal(text: str) -> Tokens:
    return (text,) if text else ()


def has_wildcards(pattern: str) -> bool:
    return "*" in pattern or "?" in pattern


def matches(pattern: str, text: str) -> bool:
    """A star is any text, a question mark any one character, all else itself. Case counts."""
    return glob(tokens(pattern))(text)


def action_matches(pattern: str, action: str) -> bool:
    """Case does not count."""
    return matches(pattern.lower(), action.lower())


def resource_matches(pattern: str, resource: str) -> bool:
    """As the Resource element reads it, see ``resource_glob``."""
    return resource_glob(tokens(pattern))(resource)


def arn_matches(pattern: str, arn: str) -> bool | None:
    """As ArnLike reads it; None when the pattern is no ARN."""
    return arn_like(tokens(pattern), arn)


@lru_cache(maxsize=16384)
def glob(pattern: Tokens) -> Test:
    """The test of a pattern."""
    return _test([(token, True) for token in _merged(pattern)])


@lru_cache(maxsize=16384)
def resource_glob(pattern: Tokens) -> Test:
    """Before the fifth colon a wildcard stays in its part, but for a star that ends the part: it may run on."""
    elements: list[tuple[str | Wild, bool]] = []
    colons, merged = 0, _merged(pattern)
    for token, following in zip(merged, [*merged, ""][1:], strict=True):
        if isinstance(token, str):
            colons += token.count(":")
        ends_part = isinstance(following, str) and following[:1] in ("", ":")
        elements.append((token, colons >= 5 or (token is Wild.STAR and ends_part)))
    return _test(elements)


def arn_like(pattern: Tokens, arn: str) -> bool | None:
    """Each of the six parts of an ARN on its own. None when the pattern has not six parts, and is no single star."""
    wanted, held = split_at_colons(pattern), arn.split(":", 5)
    if pattern == (Wild.STAR,):
        return len(held) == 6
    if len(wanted) != 6:
        return None
    return len(held) == 6 and all(glob(part)(text) for part, text in zip(wanted, held, strict=True))


@lru_cache(maxsize=16384)
def split_at_colons(pattern: Tokens) -> list[Tokens]:
    """Up to six parts; the last may hold more colons."""
    parts: list[list[str | Wild]] = [[]]
    for token in pattern:
        if isinstance(token, Wild):
            parts[-1].append(token)
            continue
        first, *others = token.split(":", 6 - len(parts))
        parts[-1] += literal(first)
        parts += [list(literal(other)) for other in others]
    return [tuple(part) for part in parts]


def _merged(pattern: Tokens) -> list[str | Wild]:
    """Several stars in a row are one, texts in a row are one."""
    found: list[str | Wild] = []
    for token in pattern:
        if isinstance(token, str) and found and isinstance(found[-1], str):
            found[-1] += token
        elif token is not Wild.STAR or not found or found[-1] is not Wild.STAR:
            found.append(token)
    return found


def _test(elements: list[tuple[str | Wild, bool]]) -> Test:
    """``True`` stands with a wildcard that may be a colon. The time to test grows with the length, no faster."""
    if any(token is Wild.STAR and not is_free for token, is_free in elements):
        return lambda text: _walk(elements, text)
    groups = [""]
    for token, is_free in elements:
        if token is Wild.STAR:
            groups.append("")
        else:
            groups[-1] += re.escape(token) if isinstance(token, str) else "." if is_free else "[^:]"
    first, *middle, last = groups if len(groups) > 1 else [*groups, ""]
    between = "".join(f"(?>.*?{group})" for group in middle)
    source = f"{first}{between}.*{last}" if len(groups) > 1 else first
    fullmatch = re.compile(source, re.DOTALL).fullmatch
    return lambda text: fullmatch(text) is not None


def _walk(elements: Iterable[tuple[str | Wild, bool]], text: str) -> bool:
    """Where in the text one can stand after each element."""
    places = {0}
    for token, is_free in elements:
        if isinstance(token, str):
            places = {place + len(token) for place in places if text.startswith(token, place)}
        elif token is Wild.ANY:
            places = {place + 1 for place in places if place < len(text) and (is_free or text[place] != ":")}
        else:
            places = _after_star(places, text, is_free)
    return len(text) in places


def _after_star(places: set[int], text: str, is_free: bool) -> set[int]:
    found: set[int] = set()
    can_go_on = False
    for place in range(min(places, default=len(text) + 1), len(text) + 1):
        can_go_on = can_go_on or place in places
        if can_go_on:
            found.add(place)
        if not is_free and text.startswith(":", place):
            can_go_on = False
    return found
