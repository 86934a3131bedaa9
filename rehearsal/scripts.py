"""Processes that run a script of ours and find nothing of ours: started by path, under ``-I -S``."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from rehearsal.runtime import library

TEMPLATE = Path(__file__).with_name("template.py")
STARTED_BEFORE = 1  # so often a kind of process is started before a template of it pays


class Process(Protocol):
    """What ``subprocess.Popen`` is to whoever watches one."""

    pid: int
    stdin: IO[bytes] | None

    @property
    def returncode(self) -> int | None: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...


@dataclass(frozen=True)
class Kind:
    """What processes have in common: a folder to import from, then these distributions; what each of them imports."""

    distributions: tuple[str, ...]
    modules: tuple[str, ...]
    models: tuple[str, ...] = ()
    folder: Path | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Script:
    path: Path
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    stdout: IO[bytes]
    stderr: IO[bytes]
    pass_fds: tuple[int, ...] = ()


def start(kind: Kind, script: Script) -> Process:
    """In a group of its own. Its standard input stays open as long as ours does."""
    template = _templates.get(kind) if _templates is not None else None
    return template.fork(script) if template else _start_anew(kind, script)


def _start_anew(kind: Kind, script: Script) -> Process:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", *kind.flags, str(script.path), *script.arguments],
        stdin=subprocess.PIPE, stdout=script.stdout, stderr=script.stderr, cwd=script.folder,
        env=dict(script.environment), pass_fds=script.pass_fds, start_new_session=True,
    )  # fmt: skip


@contextmanager
def preloaded() -> Iterator[None]:
    """For many processes of few kinds: one that has imported what its kind imports is forked for each.

    None runs in a process that a script has run in. Only the time that imports take is another.
    """
    global _templates
    before, _templates = _templates, _Templates()
    try:
        yield
    finally:
        _templates.close()
        _templates = before


class _Templates:
    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="templates-", ignore_cleanup_errors=True)
        self._started: Counter[Kind] = Counter()
        self._kept: dict[Kind, _Template] = {}
        self._lock = threading.Lock()

    def get(self, kind: Kind) -> _Template | None:
        with self._lock:
            self._started[kind] += 1
            if not kind.modules or self._started[kind] <= STARTED_BEFORE:
                return None
            if kind not in self._kept or not self._kept[kind].is_alive():
                self._kept[kind] = _Template(kind, Path(self._folder.name) / str(self._started.total()))
            return self._kept[kind]

    def close(self) -> None:
        for template in self._kept.values():
            template.close()
        self._folder.cleanup()


class _Template:
    def __init__(self, kind: Kind, folder: Path) -> None:
        packages = library.link(kind.distributions, folder)
        path = [str(each) for each in (kind.folder, packages) if each]
        plan = {"path": path, "modules": kind.modules, "models": kind.models}
        self._requests, theirs = socket.socketpair()
        self._asking = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", *kind.flags, str(TEMPLATE), json.dumps(plan)],
                stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env={}, start_new_session=True,
            )  # fmt: skip

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def fork(self, script: Script) -> Process:
        (their_input, ours), (told, telling) = os.pipe(), socket.socketpair()
        files = {0: their_input, 1: script.stdout.fileno(), 2: script.stderr.fileno()}
        files |= {number: number for number in script.pass_fds}
        order = {
            "script": str(script.path), "arguments": script.arguments, "environment": dict(script.environment),
            "folder": str(script.folder), "numbers": [*files],
        }  # fmt: skip
        with telling, self._asking:  # one at a time: a message must not run into the next
            socket.send_fds(self._requests, [json.dumps(order).encode() + b"\n"], [telling.fileno(), *files.values()])
            telling.close()
            os.close(their_input)
            return _Forked(told, os.fdopen(ours, "wb", buffering=0))

    def close(self) -> None:
        self._requests.close()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class _Forked:
    """A process that is the template's to wait for."""

    def __init__(self, told: socket.socket, stdin: IO[bytes]) -> None:
        self._told, self._lines = told, told.makefile("r")
        self._reading = threading.Lock()
        self.pid = int(self._lines.readline())
        self.stdin: IO[bytes] | None = stdin
        self.returncode: int | None = None

    def poll(self) -> int | None:
        with self._reading:
            if self.returncode is None and self._is_told(0):
                self.returncode = int(self._lines.readline() or -signal.SIGKILL)  # a template that is gone is silent
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None and not self._is_told(timeout):
            raise subprocess.TimeoutExpired("a forked script", timeout or 0)
        code = self.poll()
        assert code is not None
        return code

    def _is_told(self, seconds: float | None) -> bool:
        return bool(select.select([self._told], [], [], seconds)[0])


_templates: _Templates | None = None
