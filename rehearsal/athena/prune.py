"""What the rows that a statement wants are known to fulfil, so that files without any such row are not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}


@dataclass(frozen=True)
class Bound:
    """``kind``: a comparison with ``values[0]``, "in", "null", "not null", or "and" and "or" of others."""

    kind: str
    scan: Any = None
    column: str = ""
    values: tuple[Any, ...] = ()
    parts: tuple[Bound, ...] = ()

    def scans(self) -> set[Any]:
        return {self.scan} if self.scan is not None else {scan for part in self.parts for scan in part.scans()}


def both(one: Bound | None, other: Bound | None) -> Bound | None:
    """What holds where both conditions hold: what is known of either."""
    if one is None or other is None:
        return one or other
    return Bound("and", parts=(one, other))


def either(one: Bound | None, other: Bound | None) -> Bound | None:
    return None if one is None or other is None else Bound("or", parts=(one, other))


def give_out(bound: Bound | None, allowed: set[Any]) -> None:
    """Hand each scan the parts of a condition that concern it alone; the scans must be those that lose rows by it."""
    if bound is None:
        return
    if bound.kind == "and":
        for part in bound.parts:
            give_out(part, allowed)
        return
    scans = bound.scans()
    if len(scans) == 1 and scans <= allowed:
        scans.pop().bounds.append(bound)


def to_iceberg(bound: Bound) -> Any:
    """The condition in pyiceberg's words."""
    import pyiceberg.expressions as expressions

    e: Any = expressions  # its classes take plain values, which their types do not tell
    if bound.kind in ("and", "or"):
        combine = e.And if bound.kind == "and" else e.Or
        return combine(*map(to_iceberg, bound.parts))
    if bound.kind == "null":
        return e.IsNull(bound.column)
    if bound.kind == "not null":
        return e.NotNull(bound.column)
    if bound.kind == "in":
        return e.In(bound.column, set(bound.values))
    compare = {
        "=": e.EqualTo, "<>": e.NotEqualTo, "<": e.LessThan, "<=": e.LessThanOrEqual,
        ">": e.GreaterThan, ">=": e.GreaterThanOrEqual,
    }[bound.kind]  # fmt: skip
    return compare(bound.column, bound.values[0])
