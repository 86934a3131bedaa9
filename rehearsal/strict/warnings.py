"""What AWS accepts, and advises against: told once, and kept for whoever reports on a run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Warned:
    """A piece of advice about one resource: ``resource`` is "function name" or "queue name" and the like."""

    resource: str
    advice: str


class Warnings:
    """The warnings of one account, in the order in which they were first given."""

    def __init__(self) -> None:
        self._given: dict[Warned, None] = {}
        self._lock = threading.Lock()

    def add(self, resource: str, advice: str) -> None:
        """The same advice about the same resource counts once."""
        with self._lock:
            self._given.setdefault(Warned(resource, advice))

    def __iter__(self) -> Iterator[Warned]:
        with self._lock:
            return iter(list(self._given))

    def __len__(self) -> int:
        with self._lock:
            return len(self._given)
