"""Whether the records of a page still have the shape that their stream declares.

Fast, since it is done for each page: what records have in common is found out for all of them at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, NoReturn, TypeVar

from lambdas.errors import one_line
from lambdas.extract.asked import Asked
from lambdas.extract.errors import ChangedShape
from sources.shape import Kind, Maybe, Shape, names_of

T = TypeVar("T")

TAKES: dict[Kind, set[type]] = {Kind.TEXT: {str}, Kind.WHOLE: {int}, Kind.NUMBER: {int, float}, Kind.FLAG: {bool}}
WORDS = {
    dict: "an object",
    list: "a list",
    str: Kind.TEXT.value,
    bool: Kind.FLAG.value,
    int: Kind.WHOLE.value,
    float: Kind.NUMBER.value,
}
MOST_NEWS = 20  # of a page: an API that names its fields after its records would fill the ledger
EXAMPLE_LENGTH = 60
ODD_ONES = 1  # a single value of another kind is an odd record, which the job sets aside
_PLAIN = re.compile(r"[\w-]{1,40}", re.ASCII)


class Drift:
    """What is new in a page. Raises ChangedShape for what is missing, has another type, or may not be new."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._may_be_new = all(table.on_new_field == "note" for table in asked.stream.feeds)
        self.news: dict[str, str] = {}

    def check(self, shape: Shape, values: Sequence[Any], path: str) -> None:
        """Values of all records that stand at one place."""
        while isinstance(shape, Maybe):
            shape = shape.shape
        if shape is Kind.ANY:
            return
        types = set(map(type, values))
        takes = TAKES[shape] if isinstance(shape, Kind) else {type(shape)}
        if types.isdisjoint(takes) and sum(value is not None for value in values) > ODD_ONES:
            self._retyped(shape, values, path)
        if isinstance(shape, dict):
            self._check_fields(shape, _of_type(dict, values, types), path)
        elif isinstance(shape, list):
            self.check(shape[0], list(chain.from_iterable(_of_type(list, values, types))), f"{path}[]")

    def _check_fields(self, shape: dict[str, Shape], objects: Sequence[dict[str, Any]], path: str) -> None:
        if not objects:
            return
        left = set[str]().union(*objects)
        for field, inner in shape.items():
            found = [name for name in names_of(field) if name in left]
            left.difference_update(found)
            if not found and not isinstance(inner, Maybe):
                self._missing(field, objects[0], path)
            if inner != _ANYTHING:
                for name in found:
                    self.check(inner, _each(name, objects), f"{path}.{name}")
        for name in sorted(left):
            self.is_new(f"{path}.{_quoted(name)}", _first(_each(name, objects)), "record")

    def is_new(self, path: str, value: Any, declared_in: str) -> None:
        """Take note of a field that is not declared, unless it may not be there."""
        if not self._may_be_new:
            self._changed(path, "no such field", example(value), declared_in)
        if len(self.news) < MOST_NEWS:
            self.news[path] = example(value)

    def _missing(self, field: str, record: dict[str, Any], path: str) -> NoReturn:
        found = f"only {names(record)}" if record else "no field"
        self._changed(path, f"the field {' or '.join(map(json.dumps, names_of(field)))}", found)

    def _retyped(self, shape: Kind | list[Shape] | dict[str, Shape], values: Sequence[Any], path: str) -> NoReturn:
        expected = shape.value if isinstance(shape, Kind) else WORDS[type(shape)]
        self._changed(path, expected, example(_first(values)))

    def _changed(self, path: str, expected: str, found: str, declared_in: str = "record") -> NoReturn:
        declared = f"the {declared_in} of {self._asked.declared}"
        raise ChangedShape(f"{self._asked}, field {path}", expected, found, declared)


_ANYTHING = Maybe(Kind.ANY)


def _of_type(wanted: type[T], values: Sequence[Any], types: set[type]) -> Sequence[T]:
    return values if types == {wanted} else [value for value in values if type(value) is wanted]


def _each(name: str, objects: Sequence[dict[str, Any]]) -> list[Any]:
    """What each object has under a name, null where it has nothing."""
    try:
        return list(map(itemgetter(name), objects))
    except KeyError:
        return [each.get(name) for each in objects]


def kind_of(value: Any) -> str:
    return WORDS.get(type(value), "null")


def example(value: Any) -> str:
    """What a value is, and where it is short to say, the value."""
    if value is None or isinstance(value, (dict, list)):
        return kind_of(value)
    return f"{kind_of(value)} such as {one_line(json.dumps(value, ensure_ascii=False), EXAMPLE_LENGTH)}"


def names(fields: Iterable[str]) -> str:
    """Field names for a message: quoted, so that nothing in them can break the line, and not too many of them."""
    return shortened([one_line(json.dumps(name), 40) for name in fields])


def shortened(texts: Sequence[str], most: int = 8) -> str:
    return ", ".join(texts[:most]) + (f" and {len(texts) - most} more" if len(texts) > most else "")


def _quoted(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else one_line(json.dumps(name), 40)


def _first(values: Iterable[Any]) -> Any:
    return next((value for value in values if value is not None), None)
