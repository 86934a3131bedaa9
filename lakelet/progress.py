"""Live progress on stderr: on a terminal one line that moves, elsewhere a line now and then."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import TextIO

TICK_SECONDS = 0.2
PLAIN_SECONDS = 10.0
WIDTH = 10


class Progress:
    """Steps, one after the other: ``step(name, text)`` begins or updates one, ``done(name, text)`` ends it.

    Keeps how long each step took in ``seconds``, by its name, in the order in which they began.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.is_live = self.stream.isatty()
        self.seconds: dict[str, float] = {}
        self._began: dict[str, float] = {}
        self._texts: dict[str, str] = {}
        self._printed_at = time.monotonic()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Progress:
        self._ticker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._ticker.join()
        with self._lock:
            self._wipe()

    def step(self, name: str, text: str) -> None:
        with self._lock:
            self._began.setdefault(name, time.monotonic())
            self._texts[name] = text

    def update(self, name: str, text: str) -> None:
        """Says more about a step that is under way; nothing when it has ended."""
        with self._lock:
            if name in self._texts:
                self._texts[name] = text

    def done(self, name: str, text: str) -> None:
        """Ends a step, with a line that stays. A step that was never begun took no time."""
        with self._lock:
            now = time.monotonic()
            took = now - self._began.pop(name, now)
            self._texts.pop(name, None)
            self.seconds[name] = self.seconds.get(name, 0.0) + took
            self._wipe()
            self._print(f"{name:<{WIDTH}} {text:<60} {took:6.1f} s")

    def is_under_way(self, name: str) -> bool:
        with self._lock:
            return name in self._began

    def lap(self) -> dict[str, float]:
        """How long each step took since the last lap."""
        with self._lock:
            lap, self.seconds = self.seconds, {}
        return lap

    def note(self, text: str) -> None:
        """A line of its own that stays."""
        with self._lock:
            self._wipe()
            self._print(text)

    def _tick(self) -> None:
        while not self._stop.wait(TICK_SECONDS):
            with self._lock:
                if self._texts:
                    self._show()

    def _show(self) -> None:
        name = list(self._texts)[-1]
        line = f"{name:<{WIDTH}} {self._texts[name]:<60} {time.monotonic() - self._began[name]:6.1f} s"
        if self.is_live:
            self.stream.write(f"\r\x1b[2K{line}")
            self.stream.flush()
        elif time.monotonic() - self._printed_at > PLAIN_SECONDS:
            self._print(line)

    def _wipe(self) -> None:
        if self.is_live:
            self.stream.write("\r\x1b[2K")
            self.stream.flush()

    def _print(self, line: str) -> None:
        self._printed_at = time.monotonic()
        self.stream.write(line.rstrip() + "\n")
        self.stream.flush()
