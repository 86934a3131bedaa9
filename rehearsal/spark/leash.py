"""Ties a process to whoever started it: it does what comes in on its standard input, and ends when that closes."""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Callable
from typing import NoReturn

END = "end"
ENDING = threading.Lock()  # taken once and for ever: of two threads that end everything, one must not cut the other off


def _nothing() -> None:
    pass


class Leash:
    """The lines of standard input, one after the other; everything else in the process finds an empty one instead.

    On the line ``end`` the group that this process leads is killed, after ``before_end``. When standard input closes
    without that line, whoever started it is gone, and ``when_abandoned`` comes between.
    """

    def __init__(
        self, before_end: Callable[[], None] = _nothing, when_abandoned: Callable[[], None] = _nothing
    ) -> None:
        self._file = os.fdopen(os.dup(0), "r")
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._before_end, self._when_abandoned = before_end, when_abandoned
        threading.Thread(target=self._read, daemon=True).start()

    def next_line(self) -> str:
        """Waits for it."""
        return self._lines.get()

    def end(self, is_abandoned: bool = False) -> NoReturn:
        ENDING.acquire()
        self._before_end()
        if is_abandoned:
            self._when_abandoned()
        os.killpg(0, signal.SIGKILL)
        raise AssertionError("this process is gone")

    def _read(self) -> None:
        while line := self._file.readline():
            if line.strip() == END:
                self.end()
            self._lines.put(line.strip())
        self.end(is_abandoned=True)
