"""Trino's own grammar: text in, parse tree out, or the words with which Athena refuses it."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import Any

from antlr4 import CommonTokenStream, InputStream
from antlr4.atn.PredictionMode import PredictionMode
from antlr4.error.ErrorListener import ErrorListener
from antlr4.error.Errors import ParseCancellationException
from antlr4.error.ErrorStrategy import BailErrorStrategy
from trino_query_parser.SqlBaseLexer import SqlBaseLexer
from trino_query_parser.SqlBaseParser import SqlBaseParser

from rehearsal.athena.errors import BadRequest, Place

KEEP = 64
_known: OrderedDict[tuple[str, str], Any] = OrderedDict()


class _Refuse(ErrorListener):  # type: ignore[misc]
    def syntaxError(  # noqa: N802
        self, _recognizer: Any, _symbol: Any, line: int, column: int, msg: str, _error: Any
    ) -> None:
        raise BadRequest(f"line {line}:{column + 1}: {_worded(msg)}")


# The grammar takes these for names, to say something better of them than that they are unexpected.
_NO_NAMES = {
    SqlBaseLexer.BACKQUOTED_IDENTIFIER: "backquoted identifiers are not supported; use double quotes",
    SqlBaseLexer.DIGIT_IDENTIFIER: "identifiers must not start with a digit; surround it with double quotes",
}
_EXPECTING = re.compile(r"(?:mismatched|extraneous) input (.*) expecting (.*)", re.DOTALL)
MOST_LISTED = 12


def _worded(message: str) -> str:
    """As Trino words it; of the hundreds of words that may begin an expression none is listed."""
    found = _EXPECTING.match(message)
    if found is None:
        return message
    expected = found[2].strip("{}").split(", ")
    listed = ", ".join(expected) if len(expected) <= MOST_LISTED else "<expression>"
    return f"mismatched input {found[1]}. Expecting: {listed}"


def parse(text: str, rule: str = "singleStatement") -> Any:
    """The tree of a statement (or ``standaloneExpression``). Text that was judged before is not judged again."""
    key = (rule, text)
    if key not in _known:
        _known[key] = _parse(text, rule)
        if len(_known) > KEEP:
            _known.popitem(last=False)
    return _known[key]


def _parse(text: str, rule: str) -> Any:
    parser = _parser(text, fast=True)
    try:  # the fast way; where it does not get through, the slow one knows why
        tree = getattr(parser, rule)()
    except ParseCancellationException:
        parser = _parser(text, fast=False)
        tree = getattr(parser, rule)()
    for token in parser.getTokenStream().tokens:
        if why := _NO_NAMES.get(token.type):
            raise BadRequest(f"line {token.line}:{token.column + 1}: {why}")
    return tree


def _parser(text: str, fast: bool) -> Any:
    lexer = SqlBaseLexer(InputStream(_upper(text)))
    lexer.removeErrorListeners()
    lexer.addErrorListener(_Refuse())
    parser = SqlBaseParser(CommonTokenStream(lexer))
    parser.removeErrorListeners()
    if fast:
        parser._errHandler = BailErrorStrategy()
        parser._interp.predictionMode = PredictionMode.SLL
    else:
        parser.addErrorListener(_Refuse())
    return parser


def _upper(text: str) -> str:
    """Keywords in capitals, as the grammar wants; no letter may become two, or places would no longer be right."""
    return "".join(up if len(up := letter.upper()) == 1 else letter for letter in text)


def place(node: Any) -> Place:
    """Line and column where a part of the statement begins."""
    start = getattr(node, "start", None) or node.symbol
    return start.line, start.column + 1


class Source:
    """The text as it was written, which the tree has only in capitals."""

    def __init__(self, text: str) -> None:
        self._text = text

    def of(self, node: Any) -> str:
        if hasattr(node, "symbol"):
            return self._text[node.symbol.start : node.symbol.stop + 1]
        return self._text[node.start.start : node.stop.stop + 1]

    def string(self, node: Any) -> str:
        """The value of a string literal."""
        text = self.of(node)
        return text[text.index("'") + 1 : -1].replace("''", "'")

    def name(self, node: Any) -> str:
        """An identifier as written, without its quotes."""
        text, kind = self.of(node), type(node).__name__
        if kind == "QuotedIdentifierContext":
            return text[1:-1].replace('""', '"')
        return text

    def names(self, qualified: Any) -> tuple[str, ...]:
        """The parts of a qualified name, in small letters."""
        return tuple(self.name(part).lower() for part in qualified.identifier())
