"""How often the API may be asked: counted in DynamoDB before each call, for all functions that read the source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lambdas import items
from lambdas.clock import Clock, iso
from lambdas.extract.errors import Waits
from lambdas.items import Refused
from sources.model import DAY, Limit


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
        """Count one call in every window, or none of them: OutOfQuota says when the next window begins."""
        if not self.limits:
            return
        now = int(self.clock.now())
        try:
            items.transact(self.client, [self._count(limit, now) for limit in self.limits], self.clock)
        except Refused as refused:
            full = [self.limits[place] for place in refused.places]
            resume_at = max(window_end(limit, now) for limit in full)
            used = " and ".join(f"{limit.calls} calls in {limit.seconds} s" for limit in full)
            raise OutOfQuota(f"out of quota ({used}); goes on by itself at {iso(resume_at)}", resume_at) from refused

    def left(self) -> int | None:
        """The calls that are left in the longest window; None where there is no limit."""
        if not self.limits:
            return None
        longest = max(self.limits, key=lambda limit: limit.seconds)
        key = items.pack_item(self._key(longest, int(self.clock.now())))
        found = self.client.get_item(TableName=self.table, Key=key)
        used = items.unpack_item(found["Item"])["used"] if "Item" in found else 0
        return max(0, longest.calls - int(used))

    def _key(self, limit: Limit, now: int) -> dict[str, str]:
        return {"source": self.source, "window": f"{limit.seconds}#{now // limit.seconds}"}

    def _count(self, limit: Limit, now: int) -> dict[str, Any]:
        counted = items.change(
            when="attribute_not_exists(#used) OR #used < :most",
            having={"most": limit.calls},
            put={"expires": window_end(limit, now) + DAY},
            add={"used": 1},
        )
        return {"Update": {"TableName": self.table, "Key": items.pack_item(self._key(limit, now)), **counted}}


def window_end(limit: Limit, now: int) -> int:
    return (now // limit.seconds + 1) * limit.seconds
