"""Whether an answer is what its stream declares. Pure: an answer in, a page or the end of the sweep out.

Rows that are wrong one by one are not looked at here: the job sets them aside and counts them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any, NoReturn

from lambdas.errors import one_line
from lambdas.extract.errors import ChangedShape, Unavailable
from sources.model import Stream

KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}


@dataclass(frozen=True)
class Page:
    """A page as it should be, with at least one record."""

    answer: dict[str, Any]
    records: list[Any]


@dataclass(frozen=True)
class End:
    """There are no more pages, and why we think so."""

    why: str


def decode(body: bytes) -> Any:
    """The JSON of an answer; Unavailable where it is none: cut off on the way, or a page made for people."""
    try:
        return json.loads(body, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        kind = "a page of HTML" if body.lstrip()[:1] == b"<" else f"{len(body)} bytes that are not JSON"
        raise Unavailable(f"the answer is {kind}, with status 200") from error


def check(stream: Stream, page: int, answer: Any) -> Page | End:
    """The page that an answer is, or the end it stands for. Raises ChangedShape, or Unavailable for an error page."""
    shape = _Shape(stream, page)
    if not isinstance(answer, dict):
        shape.changed("", "an object", _kind(answer))
    if answer.get(stream.records) is None and _is_error_page(stream, answer):
        raise Unavailable(f"the answer to page {page} is an error page: {one_line(answer['message'], 100)!r}")
    unknown = [field for field in answer if field not in stream.fields]
    if unknown:
        shape.changed("", f"only the fields {_names(stream.fields)}", f"also {_names(unknown)}")
    records = answer.get(stream.records)
    if records is None:
        return shape.no_records(answer)
    if not isinstance(records, list):
        shape.changed(stream.records, "a list", _kind(records))
    if not records:
        return End(f"page {page} is empty")
    shape.check_records(records)
    return Page(answer, records)


@dataclass(frozen=True)
class _Shape:
    stream: Stream
    page: int

    def no_records(self, answer: dict[str, Any]) -> End:
        """Past the first page this is a way to say that there are no more."""
        if self.page == 1:
            self.changed("", f"the field {_names([self.stream.records])}", f"only {_names(answer) or 'no field'}")
        return End(f"page {self.page} has no {self.stream.records}")

    def check_records(self, records: list[Any]) -> None:
        objects = [record for record in records if isinstance(record, dict)]
        if not objects:
            self.changed(f"{self.stream.records}[]", "objects", f"{_kind(records[0])}, and no object at all")
        for field in self.stream.record_fields:
            if not any(field in record for record in objects):
                self.changed(f"{self.stream.records}[]", f"the field {_names([field])}", f"only {_names(objects[0])}")

    def changed(self, field: str, expected: str, found: str) -> NoReturn:
        place = f"page {self.page} of {self.stream.name}" + (f", field {field}" if field else "")
        raise ChangedShape(place, expected, found)


def _is_error_page(stream: Stream, answer: dict[str, Any]) -> bool:
    return isinstance(answer.get("message"), str) and "message" not in stream.fields


def _kind(value: Any) -> str:
    return KINDS.get(type(value), "null")


def _names(fields: Iterable[str], most: int = 8) -> str:
    """Field names for a message: quoted, so that nothing in them can break the line, and not too many of them."""
    names = list(fields)
    quoted = [one_line(json.dumps(name), 40) for name in names[:most]]
    return ", ".join(quoted) + (f" and {len(names) - most} more" if len(names) > most else "")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if isfinite(number) else _no_number(digits[:40])


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
