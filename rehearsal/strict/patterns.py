"""The patterns of the services' models are Java's: a whole string must match, and some of their words are not Python's.

A pattern that cannot be said in Python is not checked; those are named here, and any other stops whoever meets it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from rehearsal.errors import RehearsalError

# (service, shape), with what Python cannot say.
NOT_CHECKED: dict[tuple[str, str], str] = {
    ("budgets", "BudgetName"): "only a part of it is blind to case",
    ("sagemaker", "CustomerMetadataKey"): "it repeats the end of the text",
    ("sagemaker", "CustomerMetadataValue"): "it repeats the end of the text",
}

ASCII = 0x80
ASSIGNED = 0x33480  # beyond it only private characters, tags and selectors of variants

# Outside the basic plane Java counts in halves of a character.
_PAIRS = r"\uD800\uDC00-\uDBFF\uDFFF"
_BEYOND = "\U00010000-\U0010ffff"
_POSIX = {"ASCII": r"\x00-\x7f", "Alnum": "a-zA-Z0-9", "Alpha": "a-zA-Z", "Digit": "0-9", "Print": r"\x20-\x7e"}
_CATEGORIES = frozenset(
    ("L", "M", "N", "P", "S", "Z", "C", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd",
     "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn")
)  # fmt: skip
_TOKEN = re.compile(r"\\([pP])(?:\{(\w+)\}|(\w))|\\.|[\[\]]", re.DOTALL)
_RANGE_OF_A_CLASS = re.compile(r"(\\[wds])-(?=[^\]])")


class PatternNotTaken(RehearsalError):
    """A pattern that Python cannot take, and that is not among NOT_CHECKED."""


@dataclass(frozen=True)
class Pattern:
    """A pattern as the model has it, in two readings: the categories of all characters are a long list."""

    java: str
    short: re.Pattern[str]

    def matches(self, text: str) -> bool:
        return bool((self.short if text.isascii() else _long(self.java)).fullmatch(text))


@cache
def compiled(service: str, shape: str, java: str) -> Pattern | None:
    """None for a pattern that is named as not checked."""
    if (service, shape) in NOT_CHECKED:
        return None
    try:
        return Pattern(java, re.compile(translated(java, ASCII), re.ASCII))
    except (re.error, KeyError) as error:
        raise PatternNotTaken(f"the pattern of {service}'s {shape} cannot be checked: {error}") from error


def translated(java: str, limit: int = ASSIGNED) -> str:
    """In Python's words; right for the characters below the limit."""
    plain = _RANGE_OF_A_CLASS.sub(r"\1\\-", java.replace(_PAIRS, _BEYOND)).replace(r"\z", r"\Z")
    depth = 0

    def one(found: re.Match[str]) -> str:
        nonlocal depth
        if found[0] in "[]":
            depth += 1 if found[0] == "[" else -1
        if not found[1]:
            return found[0]
        inside = characters(found[2] or found[3], found[1] == "P", limit)
        return inside if depth else f"[{inside}]"

    return _TOKEN.sub(one, plain)


@cache
def characters(name: str, negated: bool, limit: int) -> str:
    """What stands in square brackets for a category such as ``L``, letters, or for all that is not in it."""
    if name in _POSIX and not negated:
        return _POSIX[name]
    if name not in _CATEGORIES:
        raise KeyError(f"there is no category {name}")
    chosen = (code for code, category in enumerate(_categories(limit)) if category.startswith(name) is not negated)
    runs = [[code for _, code in run] for _, run in groupby(enumerate(chosen), lambda pair: pair[1] - pair[0])]
    return "".join(f"\\U{run[0]:08x}-\\U{run[-1]:08x}" for run in runs) or r"\ud800"


@cache
def _long(java: str) -> re.Pattern[str]:
    return re.compile(translated(java), re.ASCII)


@cache
def _categories(limit: int) -> tuple[str, ...]:
    return tuple(unicodedata.category(chr(code)) for code in range(limit))
