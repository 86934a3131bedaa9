"""The process that a program runs in: one of its own, or within ``preloaded`` a fork of one that is kept for many."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rehearsal.forking import Process, Script, Template
from rehearsal.template import Ready

OWN_PATH = Path(__file__).resolve().parents[2]
CHILD = Path(__file__).with_name("child.py")
STANDARD_ERROR = 2


class Child:
    """Takes a task, a line of ``tasks``, and tells ``events``, one a line. It ends with ``end`` at the latest."""

    def __init__(self, process: Process, events: IO[str]) -> None:
        assert process.stdin is not None
        self._process = process
        self.tasks, self.events = io.TextIOWrapper(process.stdin, encoding="utf-8"), events

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        with self.tasks, self.events:
            self.kill()  # Nothing happens to one that has ended; Ctrl-C comes by here.
            self._process.wait()


def start(environment: Mapping[str, str]) -> Child:
    events, telling = os.pipe()
    script = Script(CHILD, (), environment, OWN_PATH, telling, STANDARD_ERROR)
    try:
        process = _start_anew(script) if _kept is None else _kept.fork(script)
    finally:
        os.close(telling)
    return Child(process, os.fdopen(events, encoding="utf-8"))


def _start_anew(script: Script) -> Process:
    """An interpreter that imports all that its program needs."""
    return subprocess.Popen(
        [sys.executable, "-m", "rehearsal.deploy.child"],
        stdin=subprocess.PIPE, stdout=script.stdout, env=script.environment, cwd=script.folder, start_new_session=True,
    )  # fmt: skip


def learn(loaded: Ready) -> None:
    """What a program has made come is there for the next, if there is a process that is kept."""
    if _kept is not None:
        _kept.learn(loaded)


@contextmanager
def preloaded() -> Iterator[None]:
    """For programs that are deployed one after the other: what one of them imports, the next find imported.

    Each still runs in a process that no program has run in.
    """
    global _kept
    before, _kept = _kept, _Preloaded()
    try:
        yield
    finally:
        _kept.close()
        _kept = before


class _Preloaded:
    """The interpreter that is kept. It is started when it is first needed, and anew after it was killed."""

    def __init__(self) -> None:
        self._ready: Ready = {"modules": [], "models": []}
        self._template: Template | None = None
        self._started_with: dict[str, str] = {}

    def fork(self, script: Script) -> Process:
        wanted = {name: value for name, value in script.environment.items() if name.startswith("PYTHON")}
        if self._template is None or not self._template.is_alive() or self._started_with != wanted:
            self.close()
            self._started_with = wanted
            self._template = Template([sys.executable, "-m", "rehearsal.deploy.forks"], script.environment, OWN_PATH)
        return self._template.fork(script, self._ready)

    def learn(self, loaded: Ready) -> None:
        self._ready = {kind: sorted({*names, *loaded.get(kind, ())}) for kind, names in self._ready.items()}

    def close(self) -> None:
        if self._template is not None:
            self._template.close()
        self._template = None


_kept: _Preloaded | None = None
