"""Javas that wait: one that a run has left clean serves the next, whoever's it is.

Nothing of an account, a role or a job is in a Java before its run begins, nor after it has ended.
"""

from __future__ import annotations

import threading
from typing import NamedTuple

from rehearsal.spark.java import Java
from rehearsal.spark.machine import AnyMachine, Machine
from rehearsal.spark.settings import Size

MOST_WAITING = 2  # each takes up to half a gigabyte


class Kind(NamedTuple):
    """What a Java is started with, and keeps."""

    java: Java
    size: Size
    with_iceberg: bool


class Javas:
    """``close`` ends those that wait, and from then on those that come back."""

    are_kept = False  # when the rehearsal closes them

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._most = most_waiting
        self._waiting: list[tuple[Kind, AnyMachine]] = []  # the one that came last at the end
        self._lock = threading.Lock()

    def take(self, kind: Kind) -> AnyMachine:
        """One that waits, or a new one. Whoever takes it gives it back or removes it."""
        while (machine := self._take_waiting(kind)) is not None:
            if machine.is_alive:
                return machine
            machine.remove()
        return Machine(*kind)

    def give_back(self, kind: Kind, machine: AnyMachine) -> None:
        machine.clear()
        with self._lock:
            self._waiting.append((kind, machine))
            too_many = [self._waiting.pop(0) for _ in range(len(self._waiting) - self._most)]
        for _, each in too_many:
            each.remove()

    def close(self) -> None:
        with self._lock:
            waiting, self._waiting, self._most = self._waiting, [], 0
        for _, machine in waiting:
            machine.remove()

    def _take_waiting(self, kind: Kind) -> AnyMachine | None:
        with self._lock:
            for at in reversed(range(len(self._waiting))):
                if self._waiting[at][0] == kind:
                    return self._waiting.pop(at)[1]
        return None
