"""The windows that calls are counted in. Pure: a limit and a moment in, what to count and how long to wait out."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from lambdas import items
from sources.model import DAY, Limit

ROLLING = "rolling"
MOMENTS = "moments"  # the attribute with the calls of a rolling window


def name_of(limit: Limit, now: float) -> str:
    """What a window's item is called: a rolling one keeps its name, others take turns."""
    return f"{limit.seconds}#{ROLLING if limit.rolls else int(now) // limit.seconds}"


def end_of(limit: Limit, now: float) -> int:
    """When the window that begins anew again and again does so next."""
    return (int(now) // limit.seconds + 1) * limit.seconds


def one_more(limit: Limit, now: float) -> dict[str, Any]:
    """The update that counts a call in such a window, unless it is full."""
    return items.change(
        when="attribute_not_exists(#used) OR #used < :most",
        having={"most": limit.calls},
        put={"expires": end_of(limit, now) + DAY},
        add={"used": 1},
    )


# A rolling window has the moment of each call, in whole milliseconds: rounded up, so that none falls out too early.


def counting(moments: Sequence[int], limit: Limit, now: float) -> list[int]:
    """Those moments, in order, that count still. Clocks differ: one in the future counts too."""
    return sorted(moment for moment in moments if falls_out(moment, limit) > now)


def falls_out(moment: int, limit: Limit) -> float:
    return (moment + limit.seconds * 1000) / 1000


def free_at(counted: Sequence[int], limit: Limit) -> float | None:
    """When there is room for a call, or None where there is now."""
    return falls_out(counted[-limit.calls], limit) if len(counted) >= limit.calls else None


def with_one_more(counted: Sequence[int], seen: int, limit: Limit, now: float) -> dict[str, Any]:
    """The update that counts a call in a rolling window, unless it has changed since its version ``seen``."""
    return items.change(
        when="#version = :seen" if seen else "attribute_not_exists(#version)",
        having={"seen": seen} if seen else {},
        put={MOMENTS: [*counted, ceil(now * 1000)], "version": seen + 1, "expires": int(now) + limit.seconds + DAY},
    )
