"""The rules of composite alarms: AND, OR, NOT over the states of other alarms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rehearsal.metrics.evaluation import State
from rehearsal.metrics.expressions import NotEvaluated

_TOKEN = re.compile(
    r"\s*(?:(?P<word>(?:AND|OR|NOT|TRUE|FALSE)\b|[()])"
    r"|(?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*"
    r"(?:\"(?P<quoted>[^\"]+)\"|'(?P<single>[^']+)'|(?P<plain>[^\s\"'()]+))\s*\))"
)


@dataclass(frozen=True)
class RuleOf:
    """A rule and the names of the alarms that it asks about."""

    holds: Callable[[Mapping[str, State]], bool]
    names: frozenset[str] = frozenset()


def read(text: str) -> RuleOf:
    """Raises NotEvaluated for what is not understood, such as AT_LEAST, by its place."""
    tokens = _tokens(text)
    rule = _either(tokens, text)
    if tokens:
        raise _wrong(text, tokens)
    return rule


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if not match:
            raise NotEvaluated(f"alarm rule {text!r} is not understood at {text[at:].strip()[:20]!r}")
        name = match["quoted"] or match["single"] or match["plain"] or ""
        found.append((match["word"] or match["state"], name.rsplit(":alarm:", 1)[-1]))
        at = match.end()
    return found


def _either(tokens: list[tuple[str, str]], text: str) -> RuleOf:
    rule = _both(tokens, text)
    while tokens and tokens[0][0] == "OR":
        tokens.pop(0)
        first, second = rule, _both(tokens, text)
        rule = RuleOf(_or(first, second), first.names | second.names)
    return rule


def _both(tokens: list[tuple[str, str]], text: str) -> RuleOf:
    rule = _single(tokens, text)
    while tokens and tokens[0][0] == "AND":
        tokens.pop(0)
        first, second = rule, _single(tokens, text)
        rule = RuleOf(_and(first, second), first.names | second.names)
    return rule


def _single(tokens: list[tuple[str, str]], text: str) -> RuleOf:
    if not tokens:
        raise _wrong(text, tokens)
    word, name = tokens.pop(0)
    if word == "NOT":
        inner = _single(tokens, text)
        return RuleOf(lambda states: not inner.holds(states), inner.names)
    if word in ("TRUE", "FALSE"):
        return RuleOf(lambda _states: word == "TRUE")
    if word == "(":
        inner = _either(tokens, text)
        if not tokens or tokens.pop(0)[0] != ")":
            raise _wrong(text, tokens)
        return inner
    if name:
        return RuleOf(lambda states: states.get(name) == word, frozenset({name}))
    raise _wrong(text, [(word, name), *tokens])


def _or(first: RuleOf, second: RuleOf) -> Callable[[Mapping[str, State]], bool]:
    return lambda states: first.holds(states) or second.holds(states)


def _and(first: RuleOf, second: RuleOf) -> Callable[[Mapping[str, State]], bool]:
    return lambda states: first.holds(states) and second.holds(states)


def _wrong(text: str, left: list[tuple[str, str]]) -> NotEvaluated:
    return NotEvaluated(f"alarm rule {text!r} is not understood at {left[0][0] if left else 'its end'}")
