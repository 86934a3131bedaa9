"""The process that a program runs in: one of its own, or within ``preloaded`` a fork of one that is kept for many."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol

OWN_PATH = Path(__file__).resolve().parents[2]
STANDARD_ERROR = 2
PATIENCE_SECONDS = 5.0  # how long a child may take to end when nothing is left to read from it

Loaded = Mapping[str, Sequence[str]]  # see ``forks``


class Process(Protocol):
    """Takes a task, a line of ``tasks``, and tells ``events``, one a line. It ends with ``end`` at the latest."""

    tasks: IO[str]
    events: IO[str]

    def kill(self) -> None: ...

    def learn(self, loaded: Loaded) -> None: ...

    def end(self) -> None: ...


def start(environment: Mapping[str, str]) -> Process:
    return _kept.fork(environment) if _kept is not None else Fresh(environment)


@contextmanager
def preloaded() -> Iterator[None]:
    """For programs that are deployed one after the other: what one of them imports, the next find imported.

    Each still runs in a process that no program has run in.
    """
    global _kept
    before, _kept = _kept, Preloaded()
    try:
        yield
    finally:
        _kept.close()
        _kept = before


class Fresh:
    """An interpreter that imports all that its program needs."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rehearsal.deploy.child"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=OWN_PATH, text=True,
            encoding="utf-8", start_new_session=True,
        )  # fmt: skip
        assert self._process.stdin is not None and self._process.stdout is not None
        self.tasks, self.events = self._process.stdin, self._process.stdout

    def kill(self) -> None:
        self._process.kill()

    def learn(self, loaded: Loaded) -> None:
        """It ends, and with it what it has loaded."""

    def end(self) -> None:
        with self.tasks, self.events:
            self.kill()  # Nothing happens to one that has ended; Ctrl-C comes by here.
            self._process.wait()


class Preloaded:
    """The interpreter that is kept. It is started when it is first needed, and anew after it was killed."""

    def __init__(self) -> None:
        self.loaded: Loaded = {"modules": [], "services": []}
        self._process: subprocess.Popen[bytes] | None = None
        self._requests: socket.socket | None = None
        self._started_with: dict[str, str] = {}

    def fork(self, environment: Mapping[str, str]) -> Forked:
        wanted = {name: value for name, value in environment.items() if name.startswith("PYTHON")}
        if self._process is None or self._process.poll() is not None or self._started_with != wanted:
            self.close()
            self._started_with = wanted
            self._start(environment)
        assert self._requests is not None
        return Forked(self, self._requests)

    def _start(self, environment: Mapping[str, str]) -> None:
        self._requests, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "rehearsal.deploy.forks", str(OWN_PATH)],
                stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env=environment, cwd=OWN_PATH, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """The child goes with it: it is of the same group."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        if self._process is not None and self._requests is not None:
            self.kill()
            self._process.wait()
            self._requests.close()
        self._process = self._requests = None


class Forked:
    """A child of the interpreter that is kept, with what is imported there."""

    def __init__(self, parent: Preloaded, requests: socket.socket) -> None:
        self._parent, self._requests = parent, requests
        (their_tasks, tasks), (events, their_events) = os.pipe(), os.pipe()
        self.tasks: IO[str] = os.fdopen(tasks, "w", encoding="utf-8")
        self.events: IO[str] = os.fdopen(events, encoding="utf-8")
        message = json.dumps(parent.loaded).encode()
        socket.send_fds(requests, [message], [their_tasks, their_events, STANDARD_ERROR])
        os.close(their_tasks)
        os.close(their_events)

    def kill(self) -> None:
        self._parent.kill()

    def learn(self, loaded: Loaded) -> None:
        known = self._parent.loaded
        self._parent.loaded = {kind: sorted({*names, *loaded.get(kind, ())}) for kind, names in known.items()}

    def end(self) -> None:
        with self.events, suppress(BrokenPipeError):
            self.tasks.close()  # The child ends when its input does; then its parent says so.
        self._requests.settimeout(PATIENCE_SECONDS)
        if not self._has_ended():
            self._parent.close()

    def _has_ended(self) -> bool:
        try:
            return bool(self._requests.recv(1))
        except OSError:
            return False


_kept: Preloaded | None = None
