"""A named query as a chart asks it: with the defaults of its parameters in place of the question marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sources.query import Parameter, Query, QueryUnusable

# A question mark in a comment, a text or a quoted name stands for itself.
_MARK = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|(?P<mark>\?)", re.DOTALL)


def filled(query: Query) -> str:
    """QueryUnusable where a parameter has no default: a chart has nobody who could give it."""
    values = iter(query.parameters)
    return _MARK.sub(lambda found: _value(query, values) if found["mark"] else found[0], query.sql)


def _value(query: Query, parameters: Iterator[Parameter]) -> str:
    parameter = next(parameters)
    if parameter.default is None:
        raise QueryUnusable(f"query {query.name}: no chart can ask it: its parameter {parameter.name} has no default")
    text = parameter.default.replace("'", "''")
    return parameter.default if parameter.is_number else f"'{text}'"
