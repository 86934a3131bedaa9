"""A process that has imported what others import, and forks each of them: ``rehearsal.template`` is its other end."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol


class Process(Protocol):
    """What ``subprocess.Popen`` is to whoever watches one."""

    pid: int
    stdin: IO[bytes] | None

    @property
    def returncode(self) -> int | None: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def kill(self) -> None: ...


@dataclass(frozen=True)
class Script:
    """What a process runs, and what it has. Files go by their numbers here."""

    path: Path
    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    stdout: int
    stderr: int
    pass_fds: tuple[int, ...] = ()


class Template:
    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self._requests, theirs = socket.socketpair()
        self._asking = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, env=dict(environment), cwd=folder,
                start_new_session=True,
            )  # fmt: skip

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def fork(self, script: Script, ready: Mapping[str, Sequence[str]]) -> Process:
        """In a group of its own, with all of ``ready`` loaded. Its standard input stays open as long as ours does."""
        (their_input, ours), (told, telling) = os.pipe(), socket.socketpair()
        files = {0: their_input, 1: script.stdout, 2: script.stderr, **{number: number for number in script.pass_fds}}
        order = {
            "script": str(script.path), "arguments": script.arguments, "environment": dict(script.environment),
            "folder": str(script.folder), "numbers": [*files], "ready": ready,
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

    def kill(self) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def _is_told(self, seconds: float | None) -> bool:
        return bool(select.select([self._told], [], [], seconds)[0])
