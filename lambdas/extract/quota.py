"""How often the API may be asked: counted in DynamoDB before each call, for all functions that read the source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from lambdas import items
from lambdas.clock import Clock, iso
from lambdas.extract import windows
from lambdas.extract.errors import Waits
from lambdas.items import Item, Refused
from sources.model import Limit


class OutOfQuota(Waits):
    """A window has no call left."""


@dataclass(frozen=True)
class Quota:
    client: Any
    table: str
    source: str
    limits: Sequence[Limit]
    clock: Clock

    def spend(self) -> None:
        """Count one call in every window, or none of them: OutOfQuota says when there will be one again."""
        while self.limits and not self._is_counted(self.clock.now()):
            pass  # another function has counted a call in the meantime: of any two, one gets through

    def left(self) -> int | None:
        """The calls that are left in the longest window; None where there is no limit."""
        if not self.limits:
            return None
        now, longest = self.clock.now(), max(self.limits, key=lambda limit: limit.seconds)
        window = self._window(longest, now)
        used = len(windows.counting(window.get(windows.MOMENTS, ()), longest, now)) + window.get("used", 0)
        return max(0, longest.calls - int(used))

    def _is_counted(self, now: float) -> bool:
        writes = [self._count(limit, now) for limit in self.limits]
        try:
            items.transact(self.client, writes, self.clock)
        except Refused as refused:
            full = [limit for place, limit in enumerate(self.limits) if place in refused.places and not limit.rolls]
            if full:
                _out(full, max(windows.end_of(limit, now) for limit in full))
            return False
        return True

    def _count(self, limit: Limit, now: float) -> dict[str, Any]:
        counted = self._count_rolling(limit, now) if limit.rolls else windows.one_more(limit, now)
        return {"Update": {"TableName": self.table, "Key": self._key(limit, now), **counted}}

    def _count_rolling(self, limit: Limit, now: float) -> dict[str, Any]:
        window = self._window(limit, now)
        counted = windows.counting(window.get(windows.MOMENTS, ()), limit, now)
        free_at = windows.free_at(counted, limit)
        if free_at is not None:
            _out([limit], free_at)
        return windows.with_one_more(counted, window.get("version", 0), limit, now)

    def _window(self, limit: Limit, now: float) -> Item:
        answer = self.client.get_item(TableName=self.table, Key=self._key(limit, now), ConsistentRead=True)
        return items.unpack_item(answer["Item"]) if "Item" in answer else {}

    def _key(self, limit: Limit, now: float) -> dict[str, Any]:
        return items.pack_item({"source": self.source, "window": windows.name_of(limit, now)})


def _out(full: Sequence[Limit], resume_at: float) -> NoReturn:
    used = " and ".join(f"{limit.calls} calls in {limit.seconds} s" for limit in full)
    raise OutOfQuota(f"out of quota ({used}); goes on by itself at {iso(resume_at)}", resume_at)
