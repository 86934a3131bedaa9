"""JSON as IAM reads it: no key twice, no numbers that are none."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, NoReturn


class NoJson(ValueError):
    """A text is not JSON, or holds what IAM does not take. The message says what was expected."""


def read_json(text: str) -> Any:
    """Raises NoJson, whatever the text."""
    try:
        return json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except NoJson:
        raise
    except RecursionError as error:
        raise NoJson("JSON of less depth") from error
    except ValueError as error:
        raise NoJson(f"JSON: {error}") from error


def short(value: object) -> str:
    """A value on one line, as JSON where it has any."""
    try:
        text = json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        text = f"a {type(value).__name__}"
    return text if len(text) <= 200 else f"{text[:197]}..."


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        double = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise NoJson(f"JSON with each key once in an object, not {short(double)} twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise NoJson(f"JSON, not {name}")
