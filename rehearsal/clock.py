"""The clock of the rehearsal: the wall clock of this process, which can be moved forward.

Everything in the process that asks for the time of day sees it (moto's visibility time-outs, boto3's signatures).
``time.monotonic`` and ``time.perf_counter`` stay real, so durations, waits and locks do too.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    import time_machine


class ClockRefused(RehearsalError):
    """The clock was asked to go backwards."""


class Clock:
    """Real time until first moved; ticks on from wherever it was moved to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._travel: time_machine.travel | None = None
        self._traveller: time_machine.Traveller | None = None
        self._offset = 0.0
        self.on_moved: Callable[[], object] = lambda: None
        self.before_move: Callable[[float], object] = lambda _moment: None  # told where it will be moved to

    @property
    def offset(self) -> float:
        """How many seconds the clock is ahead of real time: what a child process must be shifted by."""
        return self._offset

    def now(self) -> float:
        """Seconds since the Unix epoch."""
        return time.time()

    def advance(self, seconds: float) -> None:
        """Move the clock of the whole process forward."""
        if seconds < 0:
            raise ClockRefused(f"the clock cannot go back by {-seconds:g} s; start a new account for an earlier time")
        with self._lock:
            self._shift(seconds)

    def advance_to(self, epoch: float) -> None:
        """Move to a moment; one that has already passed (by ticking) is where the clock stays."""
        with self._lock:
            self._shift(max(0.0, epoch - self.now()))

    def stop(self) -> None:
        """Back to real time."""
        with self._lock:
            if self._travel is not None:
                self._travel.stop()
            self._travel, self._traveller, self._offset = None, None, 0.0
            self.on_moved = lambda: None
            self.before_move = lambda _moment: None

    def _shift(self, seconds: float) -> None:
        if seconds == 0:
            return
        self.before_move(self.now() + seconds)
        if self._traveller is None:
            import time_machine  # slow to import, and many a rehearsal never needs it

            self._travel = time_machine.travel(timedelta(seconds=seconds), tick=True)
            self._traveller = self._travel.start()
            time.time()  # it ticks from the first time it is asked
        else:
            self._traveller.shift(timedelta(seconds=seconds))
        self._offset += seconds
        self.on_moved()
