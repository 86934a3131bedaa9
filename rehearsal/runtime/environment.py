"""An execution environment: a process of a function, with credentials of its role and a log stream of its own."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rehearsal.account import Account
from rehearsal.hooks import InvokeResult
from rehearsal.runtime.api import Answer, Order
from rehearsal.runtime.logs import LogStream, lines_of
from rehearsal.runtime.outcome import Invocation, error_type, log_lines, payload_of
from rehearsal.runtime.process import INIT_SECONDS, FunctionProcess
from rehearsal.runtime.spec import LAMBDA, FunctionSpec

CREDENTIALS_SECONDS = 3000.0  # those of the role last an hour; a process ends before they do
REUSABLE = frozenset({"response", "error"})


@dataclass(frozen=True)
class Folders:
    """What a process reads: the unpacked zip, Lambda's libraries, and the clock's."""

    task: Path
    library: Path
    clock: Path


class Environment:
    """Starts its process at once; serves one invocation at a time."""

    def __init__(
        self, account: Account, spec: FunctionSpec, folders: Folders, with_aws_client: bool,
        unlogged: Callable[[str, str], None],
    ) -> None:  # fmt: skip
        self.spec = spec
        self._account, self._unlogged = account, unlogged
        self._is_warm = False
        self._is_spoilt = False
        self._best_before = account.clock.now() + CREDENTIALS_SECONDS
        stream = f"{datetime.fromtimestamp(account.clock.now(), UTC):%Y/%m/%d}/[{spec.version}]{uuid.uuid4().hex}"
        self._log = LogStream(account.sessions.client(spec.role, LAMBDA, "logs"), spec.log_group, stream)
        variables = spec.environment(str(folders.task), str(folders.library), stream)
        variables |= account.sessions.assume(spec.role, LAMBDA, spec.name.ljust(2, "_")).environment()
        self.process = FunctionProcess(folders.task, folders.library, folders.clock, variables, with_aws_client)

    def is_fit(self, spec: FunctionSpec, now: float) -> bool:
        """Whether it can serve another invocation of the function as it is deployed now."""
        return spec == self.spec and now < self._best_before and not self._is_spoilt and self.process.is_alive()

    def invoke(self, request_id: str, payload: bytes) -> tuple[InvokeResult, Invocation]:
        was_cold = not self._is_warm
        answer, seconds = self._run(request_id, payload)
        reason = self._after(answer)
        answered = payload_of(answer, self.spec, request_id, reason)
        invocation = Invocation(
            function=self.spec.name,
            request_id=request_id,
            duration_ms=seconds * 1000,
            init_ms=self.process.init_seconds * 1000 if was_cold else None,
            memory_mb=self.spec.memory_mb,
            max_memory_mb=min(-(-self.process.peak_bytes() // 2**20), self.spec.memory_mb),
            error=error_type(answer, answered),
            moment=self._account.clock.now(),
        )
        tail = self._write_log(invocation, answer, reason)
        return InvokeResult(200, answered, "Unhandled" if invocation.error else None, tail), invocation

    def _after(self, answer: Answer) -> str:
        """End a process that cannot go on, and say why it ended."""
        self._is_spoilt = answer.kind not in REUSABLE
        self.process.peak_bytes()  # asked before it is gone
        reason = "Runtime exited with error: signal: killed" if answer.kind == "memory" else self.process.exit_reason()
        if self._is_spoilt:
            self.process.end()
        return reason

    def _write_log(self, invocation: Invocation, answer: Answer, reason: str) -> bytes:
        """The lines that went out; a caller may ask for the last of them."""
        lines = log_lines(invocation, lines_of(self.process.new_output()), answer, self.spec, reason)
        problem = self._log.write(lines, int(invocation.moment * 1000))
        if problem:
            self._unlogged(self.spec.name, problem)
        return "\n".join(lines).encode()[-4096:]

    def _run(self, request_id: str, payload: bytes) -> tuple[Answer, float]:
        """The answer, and the seconds that the handler took."""
        timeout = self.spec.timeout_seconds
        if not self._is_warm:
            self._is_warm = True
            ready = self.process.make_ready(timeout, self.spec.memory_bytes)
            if ready.kind != "ready":
                return ready, timeout if ready.kind == "timeout" else 0.0
            if self.process.init_seconds > INIT_SECONDS:
                timeout -= self.process.init_seconds  # Lambda imports once more, within the function's own time
        clock = self._account.clock
        deadline_ms = int((clock.now() + timeout) * 1000)
        order = Order(request_id, self.spec.arn, payload, deadline_ms, clock.offset)
        started = time.monotonic()
        answer = self.process.invoke(order, timeout, self.spec.memory_bytes)
        return answer, min(time.monotonic() - started, self.spec.timeout_seconds)

    def end(self) -> None:
        self.process.end()
