"""Metric math: CloudWatch's expressions over metrics, read once and computed on data points.

Numbers, metrics and lists of metrics; the operators; IF, FILL, SUM, AVG, MIN, MAX, METRICS, ABS, CEIL, FLOOR, PERIOD,
RATE, DIFF, TIME_SERIES. Any other function is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rehearsal.errors import RehearsalError
from rehearsal.metrics import formulas
from rehearsal.metrics.formulas import Value

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<name>[A-Za-z_]\w*)|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<sign>&&|\|\||[<>=!]=|[-+*/^()<>,\[\]]))"
)
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("||", "OR"), ("&&", "AND"), ("==", "!=", "<=", ">=", "<", ">"), ("+", "-"), ("*", "/"), ("^",),
)  # fmt: skip


class NotEvaluated(RehearsalError):
    """An alarm or an expression asks for something that the rehearsal does not compute."""


@dataclass(frozen=True)
class Scope:
    """What an expression sees: the values of ids, which of them are metrics, the period, and how many points."""

    values: Mapping[str, Value]
    metrics: Sequence[str]
    period: float
    length: int


Formula = Callable[[Scope], Value]


def read(text: str) -> Formula:
    """The expression, ready to be computed. Raises NotEvaluated for what is not understood, by name."""
    if text.lstrip().upper().startswith("SELECT"):
        raise NotEvaluated(f"Metrics Insights is not rehearsed: {text!r}; name the metrics")
    reader = _Reader(text)
    formula = reader.level(0)
    reader.end()
    return formula


def names_in(text: str) -> set[str]:
    """The ids that an expression refers to."""
    return {token for kind, token in _tokens(text) if kind == "name" and token[0].islower()}


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if not match or not match.lastgroup:
            raise NotEvaluated(f"expression {text!r} is not understood at {text[at:].strip()[:20]!r}")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


class _Reader:
    """Goes through the tokens once; each method gives the formula of what it has read."""

    def __init__(self, text: str) -> None:
        self._text, self._left = text, _tokens(text)

    def level(self, level: int) -> Formula:
        """Operators of one rank, from the left; those of the next rank bind closer."""
        if level == len(_LEVELS):
            return self._signed()
        formula = self.level(level + 1)
        while self._next() in _LEVELS[level]:
            formula = _applied(self._take(), formula, self.level(level + 1))
        return formula

    def end(self) -> None:
        if self._left:
            raise self._wrong()

    def _signed(self) -> Formula:
        if self._next() != "-":
            return self._part()
        self._take()
        inner = self._signed()
        return lambda scope: formulas.applied("-", 0.0, inner(scope))

    def _part(self) -> Formula:
        kind, token = self._left[0] if self._left else ("", "")
        if kind == "number":
            return _constant(float(self._take()))
        if kind == "text":
            return _constant(self._take()[1:-1])
        if kind == "name":
            return self._named(self._take())
        if token == "(":
            return self._among("(", ")", 1)[0]
        if token == "[":
            parts = self._among("[", "]")
            return lambda scope: formulas.flat([part(scope) for part in parts])
        raise self._wrong()

    def _named(self, name: str) -> Formula:
        if self._next() == "(":
            function = formulas.FUNCTIONS.get(name)
            if function is None:
                known = ", ".join(sorted(formulas.FUNCTIONS))
                raise NotEvaluated(f"function {name} in {self._text!r} is not rehearsed; known are {known}")
            parts = self._among("(", ")")
            return lambda scope: function(scope, *[part(scope) for part in parts])
        if name in ("REPEAT", "LINEAR"):
            return _constant(name)
        return lambda scope: scope.values[name]

    def _among(self, opening: str, closing: str, exactly: int | None = None) -> list[Formula]:
        self._expect(opening)
        parts: list[Formula] = []
        while self._next() != closing:
            if parts:
                self._expect(",")
            parts.append(self.level(0))
        self._expect(closing)
        if exactly is not None and len(parts) != exactly:
            raise self._wrong()
        return parts

    def _expect(self, token: str) -> None:
        if self._next() != token:
            raise self._wrong()
        self._take()

    def _next(self) -> str:
        return self._left[0][1] if self._left else ""

    def _take(self) -> str:
        return self._left.pop(0)[1]

    def _wrong(self) -> NotEvaluated:
        at = self._left[0][1] if self._left else "its end"
        return NotEvaluated(f"expression {self._text!r} is not understood at {at}")


def _applied(sign: str, left: Formula, right: Formula) -> Formula:
    return lambda scope: formulas.applied(sign, left(scope), right(scope))


def _constant(value: Any) -> Formula:
    return lambda _scope: value
