"""What a deployment has made, ignored and found wrong so far. Written from many threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from rehearsal.deploy.model import Deployed, Ignored


class Ledger:
    """Once ``failed``, nothing more is made, but the program goes on so that every problem is found."""

    def __init__(self, on_created: Callable[[Deployed], None] = lambda _: None) -> None:
        self.created: list[Deployed] = []
        self.ignored: list[Ignored] = []
        self.recorded: list[Ignored] = []
        self.problems: list[str] = []
        self._urns: set[str] = set()
        self._lock = threading.Lock()
        self._on_created = on_created

    @property
    def failed(self) -> bool:
        return bool(self.problems)

    def is_new(self, urn: str) -> bool:
        """Claim a URN; false when it was claimed before."""
        with self._lock:
            is_new = urn not in self._urns
            self._urns.add(urn)
        return is_new

    def made(self, resource: Deployed) -> None:
        """Note a resource, with its place in the order of making: nothing is made before what it depends on."""
        with self._lock:
            resource = replace(resource, number=len(self.created) + 1)
            self.created.append(resource)
            self._on_created(resource)

    def ignore(self, found: Ignored) -> None:
        """Note a property that has no effect: one that was read is among the recorded ones."""
        with self._lock:
            noted = self.recorded if found.why else self.ignored
            if found not in noted:
                noted.append(found)

    def problem(self, line: str) -> None:
        """Note one line; the same line is noted once."""
        line = " ".join(line.split())
        with self._lock:
            if line not in self.problems:
                self.problems.append(line)
