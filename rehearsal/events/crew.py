"""Work that runs side by side, and the agenda of what is due later by the rehearsal's clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rehearsal.errors import RehearsalError

Work = Callable[[], object]


class WorkFailed(RehearsalError):
    """Something that ran by itself broke down: a fault of the rehearsal, not of the function or job in it."""


class Crew:
    """Runs each piece of work in a thread of its own; ``changed`` is set when one ends, or when somebody sets it."""

    def __init__(self) -> None:
        self.changed = threading.Event()
        self._lock = threading.Lock()
        self._running: list[str] = []
        self._failures: list[BaseException] = []

    def start(self, label: str, work: Work) -> None:
        with self._lock:
            self._running.append(label)
        threading.Thread(target=self._run, args=(label, work), name=label, daemon=True).start()

    def running(self) -> list[str]:
        """The labels of what has not ended. What has ended has put all its consequences on record before."""
        with self._lock:
            return sorted(self._running)

    def drain(self, seconds: float = 5.0) -> None:
        """Wait until nothing runs, for a while; what runs on is left to itself."""
        until = time.monotonic() + seconds
        while self.running() and time.monotonic() < until:
            self.changed.clear()
            self.changed.wait(0.05)

    def fail(self, error: BaseException) -> None:
        """Something outside any piece of work has failed, so that nothing should go on."""
        with self._lock:
            self._failures.append(error)
        self.changed.set()

    def raise_failure(self) -> None:
        """Raise the first error that came out of a piece of work, once."""
        with self._lock:
            failure = self._failures.pop(0) if self._failures else None
        if isinstance(failure, RehearsalError):
            raise failure
        if failure is not None:
            raise WorkFailed(f"{type(failure).__name__}: {failure}") from failure

    def _run(self, label: str, work: Work) -> None:
        try:
            work()
        except Exception as error:
            with self._lock:
                self._failures.append(error)
        finally:
            with self._lock:
                self._running.remove(label)
            self.changed.set()


@dataclass(frozen=True, eq=False)
class Entry:
    """Work that is due at a moment (epoch seconds)."""

    due: float
    label: str
    work: Work


class Agenda:
    """What is due when. May be added to from any thread.

    ``arrange`` is the place for bad luck: it gives the entries that really come of one that is added, none (lost),
    several (duplicated), or with another time (delayed).
    """

    def __init__(self, changed: threading.Event) -> None:
        self._changed = changed
        self._lock = threading.Lock()
        self._entries: list[Entry] = []
        self.arrange: Callable[[Entry], Sequence[Entry]] = lambda entry: [entry]

    def add(self, due: float, label: str, work: Work) -> None:
        with self._lock:
            self._entries += self.arrange(Entry(due, label, work))
        self._changed.set()

    def take_due(self, now: float, most: int) -> list[Entry]:
        """Entries whose time has come, at most so many, the earliest first, each given once."""
        with self._lock:
            due = sorted((entry for entry in self._entries if entry.due <= now), key=lambda entry: entry.due)[:most]
            self._entries = [entry for entry in self._entries if entry not in due]
        return due

    def next_due(self) -> float | None:
        with self._lock:
            return min((entry.due for entry in self._entries), default=None)

    def labels(self) -> list[str]:
        with self._lock:
            return sorted(entry.label for entry in self._entries)
