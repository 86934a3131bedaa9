"""The one place where functions ask what time it is, or wait."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """The time of day. Leases, quotas and logs need it; which row is newer never depends on it."""

    def now(self) -> float:
        """Seconds since the Unix epoch."""
        return time.time()

    def elapsed(self) -> float:
        """Seconds that have really passed since some moment, whatever is done to the time of day meanwhile."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(max(0.0, seconds))


def iso(moment: float) -> str:
    """A moment as ``2026-11-21T05:00:00+00:00``."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")
