"""Whether a row group may hold a row that fulfils a condition, by the statistics in the file's footer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.athena.prune import Bound


def may_match(bound: Bound, statistics: Mapping[str, Any], rows: int) -> bool:
    """False only where no row can match; True where the footer does not tell."""
    if bound.kind in ("and", "or"):
        found = [may_match(part, statistics, rows) for part in bound.parts]
        return all(found) if bound.kind == "and" else any(found)
    known = statistics.get(bound.column)
    if known is None:
        return True
    if bound.kind in ("null", "not null"):
        return _nulls_may(bound.kind, known, rows)
    if not known.has_min_max:
        return not (known.has_null_count and known.null_count == rows)  # nothing but NULL fulfils no comparison
    try:
        return _between(bound, known.min, known.max)
    except TypeError:  # of another kind than the value: nothing is known
        return True


def _nulls_may(kind: str, known: Any, rows: int) -> bool:
    if not known.has_null_count:
        return True
    return bool(known.null_count > 0 if kind == "null" else known.null_count < rows)


def _between(bound: Bound, least: Any, most: Any) -> bool:
    if bound.kind == "in":
        return any(least <= value <= most for value in bound.values)
    value = bound.values[0]
    return bool(
        {
            "=": least <= value <= most,
            "<>": not (least == most == value),
            "<": least < value,
            "<=": least <= value,
            ">": most > value,
            ">=": most >= value,
        }[bound.kind]
    )
