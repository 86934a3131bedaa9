"""The record of the requests that a stand-in was sent. It holds no header and no parameter but the page."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """A request and what came of it. ``status`` is 0 where the connection was dropped without an answer."""

    moment: float
    path: str
    page: int | None
    status: int
    fault: str | None = None


class Journal:
    """The requests in the order in which they were answered: ``len()`` of it, a loop over it, counts of it."""

    def __init__(self, on_request: Callable[[Asked], None] | None = None) -> None:
        self._asked: list[Asked] = []
        self._arrived = 0
        self._lock = threading.Lock()
        self._on_request = on_request

    def number(self) -> int:
        """The number of the request that has just arrived, from 1."""
        with self._lock:
            self._arrived += 1
            return self._arrived

    def add(self, asked: Asked) -> None:
        with self._lock:
            self._asked.append(asked)
        if self._on_request:
            self._on_request(asked)

    def clear(self) -> None:
        """Begin again with nothing recorded, and with request 1."""
        with self._lock:
            self._asked, self._arrived = [], 0

    def __len__(self) -> int:
        return len(self._asked)

    def __iter__(self) -> Iterator[Asked]:
        with self._lock:
            return iter(list(self._asked))

    @property
    def count(self) -> int:
        return len(self)

    def by_page(self) -> dict[int, int]:
        """How often each page was asked for."""
        return dict(sorted(Counter(asked.page for asked in self if asked.page is not None).items()))

    def by_status(self) -> dict[int, int]:
        """How often each status was given."""
        return dict(sorted(Counter(asked.status for asked in self).items()))
