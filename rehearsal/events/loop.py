"""Letting the account come to rest: what is due runs, and when nothing can run the clock moves to what is next."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from rehearsal.account import Account
from rehearsal.errors import RehearsalError
from rehearsal.events.crew import Agenda, Crew
from rehearsal.events.mappings import Mappings
from rehearsal.progress import Listener, tell

POLL_SECONDS = 0.05  # a job tells nobody that it has ended
MOST_MOVES = 1000
MOST_SECONDS = 3600.0
MOST_AT_ONCE = 10  # what a new account of AWS runs side by side; this machine would not gain by more
JUST_AFTER = 0.01  # seconds: a message can be received after the moment until which it is hidden


class Stuck(RehearsalError):
    """The account does not come to rest. The message names what is left."""


class Loop:
    """``jobs_running`` names the Glue runs that have not ended; one is off the list when its events are out."""

    def __init__(
        self, account: Account, agenda: Agenda, crew: Crew, mappings: Mappings,
        jobs_running: Callable[[], Sequence[str]], on_event: Listener,
    ) -> None:  # fmt: skip
        self._account, self._agenda, self._crew, self._mappings = account, agenda, crew, mappings
        self._jobs_running, self._on_event = jobs_running, on_event

    def settle(self, most_moves: int = MOST_MOVES, most_seconds: float = MOST_SECONDS) -> None:
        """Run until nothing runs, nothing is due, and every queue with a mapping is empty.

        Raises Stuck when that is not reached in so many moves of the clock, or so many real seconds.
        """
        until = time.monotonic() + most_seconds
        self._mappings.try_again()
        self._run_out(until)
        moves = 0
        while (moment := self._next_moment()) is not None:
            if moves == most_moves:
                raise Stuck(f"no rest after {moves} moves of the clock: {self._left()}")
            self._move_to(moment + JUST_AFTER)
            self._run_out(until)
            moves += 1
        self._check_rest()

    def _run_out(self, until: float) -> None:
        """Start what is due and wait for what runs, until neither is left."""
        while True:
            self._crew.changed.clear()
            # Asked before anything is started: what ends after this leaves something due, or ``changed`` set.
            is_busy = bool(self._crew.running() or self._jobs_running())
            has_started = self._start_due()
            self._crew.raise_failure()
            if not is_busy and not has_started and not self._crew.changed.is_set():
                return
            if time.monotonic() > until:
                raise Stuck(f"no rest in time: {self._left()}")
            self._crew.changed.wait(POLL_SECONDS)

    def _start_due(self) -> bool:
        room = max(0, MOST_AT_ONCE - len(self._crew.running()))
        entries = self._agenda.take_due(self._account.clock.now(), room)
        for entry in entries:
            self._crew.start(entry.label, entry.work)
        return self._mappings.start_due() or bool(entries)

    def _next_moment(self) -> float | None:
        moments = [moment for moment in (self._agenda.next_due(), self._mappings.next_moment()) if moment is not None]
        return min(moments, default=None)

    def _move_to(self, moment: float) -> None:
        seconds = moment - self._account.clock.now()
        if seconds > 0:
            self._account.clock.advance_to(moment)
            tell(self._on_event, "clock-moved", "clock", seconds=seconds)

    def _check_rest(self) -> None:
        left = self._mappings.waiting()
        if left:
            raise Stuck(f"nothing runs, but {'; '.join(left)}")

    def _left(self) -> str:
        running = [f"{label} runs" for label in self._crew.running()]
        jobs = [f"job {name} runs" for name in self._jobs_running()]
        waiting = [f"{label} is due later" for label in self._agenda.labels()]
        return "; ".join([*running, *jobs, *waiting, *self._mappings.waiting()]) or "everything ended just now"
