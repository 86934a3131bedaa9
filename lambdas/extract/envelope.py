"""Whether an answer is what its stream declares. Pure: an answer in, a page or the end of a part out.

Rows that are wrong one by one are not looked at here: the job sets them aside and counts them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, NoReturn

from lambdas.errors import one_line
from lambdas.extract.asked import Asked
from lambdas.extract.drift import Drift, kind_of, names
from lambdas.extract.errors import ChangedShape, Unavailable


@dataclass(frozen=True)
class Page:
    """A page as it should be, with at least one record. ``envelope`` is the object that holds its records.

    ``news`` are the fields that are not declared, each with what is found there.
    """

    answer: dict[str, Any]
    records: list[Any]
    envelope: Mapping[str, Any]
    news: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class End:
    """There are no more pages of this part, and why we think so."""

    why: str
    envelope: Mapping[str, Any] = field(default_factory=dict)


def decode(body: bytes) -> Any:
    """The JSON of an answer; Unavailable where it is none: cut off on the way, or a page made for people."""
    try:
        return json.loads(body, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        kind = "a page of HTML" if body.lstrip()[:1] == b"<" else f"{len(body)} bytes that are not JSON"
        raise Unavailable(f"the answer is {kind}, with status 200") from error


def check(asked: Asked, answer: Any) -> Page | End:
    """The page that an answer is, or the end it stands for. Raises ChangedShape, or Unavailable for an error page."""
    if not isinstance(answer, dict):
        _changed(asked, "", "an object", kind_of(answer))
    envelope, unknown = _opened(asked, answer)
    records = envelope.get(_steps(asked)[-1])
    trouble = _trouble(asked, answer)
    if records is None and trouble:
        raise Unavailable(f"the answer to page {asked.page} is an error page: {one_line(trouble, 100)!r}")
    if unknown and not records:
        _changed(asked, "", f"only the fields {names(asked.stream.fields)}", f"also {names(unknown)}")
    if records is None:
        return _no_records(asked, answer)
    if not isinstance(records, list):
        _changed(asked, asked.stream.records, "a list", kind_of(records))
    if not records:
        return End(f"page {asked.page} is empty", envelope)
    drift = Drift(asked)
    for path, value in unknown.items():
        drift.is_new(path, value, "fields")
    drift.check(asked.stream.record, records, f"{asked.stream.records}[]")
    return Page(answer, records, envelope, drift.news)


def _steps(asked: Asked) -> list[str]:
    return asked.stream.records.split(".")


def _opened(asked: Asked, answer: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The object that should hold the records, empty where there is none; and the fields that are not declared."""
    unknown: dict[str, Any] = {}
    envelope, place = answer, ""
    for step in _steps(asked)[:-1]:
        unknown |= {f"{place}{name}": value for name, value in envelope.items() if name != step}
        inner, place = envelope.get(step), f"{place}{step}."
        if inner is not None and not isinstance(inner, dict):
            _changed(asked, place[:-1], "an object", kind_of(inner))
        envelope = inner or {}
    unknown |= {f"{place}{name}": value for name, value in envelope.items() if name not in asked.stream.fields}
    return envelope, unknown


def _no_records(asked: Asked, answer: dict[str, Any]) -> End:
    """Past the first page this is a way to say that there are no more, where no page says that it is the last."""
    records = asked.stream.records
    if asked.is_first or not asked.stream.paging.ends_by_repeating:
        _changed(asked, "", f"the field {names([records])}", f"only {names(answer) or 'no field'}")
    return End(f"page {asked.page} has no {records}")


def _trouble(asked: Asked, answer: dict[str, Any]) -> str | None:
    """What an error page says, as gateways and APIs write them."""
    error = answer.get("error")
    said = {"message": answer.get("message"), "error": error.get("message") if isinstance(error, dict) else error}
    return next((text for name, text in said.items() if isinstance(text, str) and name not in _known(asked)), None)


def _known(asked: Asked) -> tuple[str, ...]:
    steps = _steps(asked)
    return asked.stream.fields if len(steps) == 1 else (steps[0],)


def _changed(asked: Asked, field: str, expected: str, found: str) -> NoReturn:
    where = f"{asked}, field {field}" if field else str(asked)
    raise ChangedShape(where, expected, found, f"records and fields of {asked.declared}")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if isfinite(number) else _no_number(digits[:40])


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
