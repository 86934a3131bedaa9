"""One process of one function: started, given invocations one after the other, watched, ended."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import queue
import signal
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from rehearsal import scripts
from rehearsal.forking import Script
from rehearsal.runtime import bootstrap
from rehearsal.runtime.api import Answer, Order, RuntimeApi
from rehearsal.runtime.library import distributions
from rehearsal.runtime.memory import resident

INIT_SECONDS = 10.0  # what Lambda gives the module to be imported, beside the function's own time-out
POLL_SECONDS = 0.02

IMPORTED, MODELS = ("boto3",), ("s3", "dynamodb")  # what nearly all functions do while they start

HAS_AWS_CLIENT = all(importlib.util.find_spec(name) for name in ("awslambdaric", "runtime_client"))


def _kind(task: Path, library: Path, with_aws_client: bool) -> scripts.Kind:
    """A zip that brings libraries of Lambda's in other versions makes its processes a kind of their own."""
    brings_own = any((task / each.name).exists() for each in library.iterdir())
    return scripts.Kind(distributions(with_aws_client), IMPORTED, MODELS, folder=task if brings_own else None)


class FunctionProcess:
    """Starts at once. Not for two threads at a time."""

    def __init__(
        self, task: Path, library: Path, clock: Path, environment: Mapping[str, str], with_aws_client: bool
    ) -> None:
        self._api = RuntimeApi()
        self._output = tempfile.TemporaryFile()  # noqa: SIM115
        self._read = 0
        self._peak = 0
        self._started = time.monotonic()
        self.init_seconds = 0.0
        client = "aws" if with_aws_client else "plain"
        self._process = scripts.start(
            _kind(task, library, with_aws_client),
            Script(
                path=Path(bootstrap.__file__),
                arguments=(str(task), str(library), str(clock), client),
                environment={**environment, "AWS_LAMBDA_RUNTIME_API": self._api.address},
                folder=task,
                stdout=self._output.fileno(),
                stderr=self._output.fileno(),
            ),
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def make_ready(self, timeout_seconds: float, memory_bytes: int) -> Answer:
        """Wait until the module is imported. "ready", or what became of it instead."""
        answer = self._wait(self._started + max(INIT_SECONDS, timeout_seconds), memory_bytes)
        self.init_seconds = time.monotonic() - self._started
        return answer

    def invoke(self, order: Order, timeout_seconds: float, memory_bytes: int) -> Answer:
        self._api.orders.put(order)
        return self._wait(time.monotonic() + timeout_seconds, memory_bytes)

    def new_output(self) -> str:
        """What the process has written since it was last asked. It writes before it answers, so nothing is missing."""
        size = os.fstat(self._output.fileno()).st_size
        text = os.pread(self._output.fileno(), size - self._read, self._read)
        self._read = size
        return text.decode(errors="replace")

    def peak_bytes(self) -> int:
        self._peak = max(self._peak, *resident(self.pid))
        return self._peak

    def exit_reason(self) -> str:
        """As Lambda puts it."""
        code = self._process.poll()
        if not code:
            return "Runtime exited without providing a reason"
        if code < 0:
            return f"Runtime exited with error: signal: {(signal.strsignal(-code) or str(-code)).lower()}"
        return f"Runtime exited with error: exit status {code}"

    def end(self) -> None:
        """Kill it, with all that it has started. May be called again, and from another thread."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stdin and not self._process.stdin.closed:  # when it closes the process ends: see bootstrap
            self._process.stdin.close()
            self._api.close()

    def _wait(self, until: float, memory_bytes: int) -> Answer:
        while True:
            try:
                return self._api.answers.get(timeout=POLL_SECONDS)
            except queue.Empty:
                pass
            if not self.is_alive():
                return self._last_word()
            if self.peak_bytes() > memory_bytes:
                return Answer("memory")
            if time.monotonic() >= until:
                return Answer("timeout")

    def _last_word(self) -> Answer:
        """It may have answered just before it ended."""
        try:
            return self._api.answers.get_nowait()
        except queue.Empty:
            return Answer("exit")
