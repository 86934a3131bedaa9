"""Runs deployed functions, each invocation in a process of its own that is kept warm, as Lambda does."""

from __future__ import annotations

import logging
import tempfile
import threading
import uuid
from collections import defaultdict
from pathlib import Path

from rehearsal.account import Account
from rehearsal.errors import RehearsalError
from rehearsal.hooks import InvokeRefused, InvokeRequest, InvokeResult
from rehearsal.needs import Need
from rehearsal.progress import Listener, ignore, tell
from rehearsal.runtime import library
from rehearsal.runtime.environment import Environment, Folders
from rehearsal.runtime.outcome import Invocation
from rehearsal.runtime.packages import unpacked
from rehearsal.runtime.process import HAS_AWS_CLIENT
from rehearsal.runtime.spec import LAMBDA, FunctionSpec, spec_of
from rehearsal.standing import configuration_of, reserved_concurrency

log = logging.getLogger(__name__)


class FunctionsStopped(RehearsalError):
    """A function was invoked after the rehearsal had ended."""


class Functions:
    """The functions of one account. ``invocations`` tells what ran; ``unlogged`` whose output could not be written."""

    def __init__(self, account: Account, on_event: Listener = ignore, with_aws_client: bool = HAS_AWS_CLIENT) -> None:
        self.invocations: list[Invocation] = []
        self.unlogged: list[tuple[str, str]] = []
        self._account, self._on_event, self._with_aws_client = account, on_event, with_aws_client
        self._lock = threading.Lock()
        self._idle: defaultdict[str, list[Environment]] = defaultdict(list)
        self._environments: set[Environment] = set()
        self._running: defaultdict[str, int] = defaultdict(int)
        self._stopped = False
        self._temporary = tempfile.TemporaryDirectory(prefix="rehearsal-functions-", ignore_cleanup_errors=True)
        self._folder = Path(self._temporary.name)
        self._library = library.link(library.distributions(with_aws_client), self._folder / "library")
        self._clock = library.link(library.CLOCK, self._folder / "clock")

    def invoke(self, request: InvokeRequest, request_id: str | None = None) -> InvokeResult:
        """Run the function and wait for its answer, whatever the invocation type. Concurrent calls run side by side.

        Raises InvokeRefused over the function's reserved concurrency, FunctionGone where there is no such function.
        """
        spec = spec_of(configuration_of(self._account, request.function_name))
        self._begin(spec.name)
        tell(self._on_event, "function-started", spec.name)
        try:
            return self._invoke(spec, request_id or str(uuid.uuid4()), request.payload)
        finally:
            with self._lock:
                self._running[spec.name] -= 1

    def running(self) -> list[str]:
        """The names of the functions that run now."""
        with self._lock:
            return sorted(name for name, count in self._running.items() if count)

    def stop(self) -> None:
        """End every process, idle or not. An invocation that is cut off answers Runtime.ExitError."""
        with self._lock:
            self._stopped = True
            environments = list(self._environments)
            self._environments.clear()
            self._idle.clear()
        for environment in environments:
            environment.end()
        self._temporary.cleanup()

    def _begin(self, name: str) -> None:
        reserved = reserved_concurrency(self._account, name)
        with self._lock:
            if self._stopped:
                raise FunctionsStopped(f"function {name} was invoked after the rehearsal had ended; start a new one")
            if reserved is not None and self._running[name] >= reserved:
                self._account.hooks.counted("AWS/Lambda", "Throttles", ("FunctionName", name))
                raise InvokeRefused("TooManyRequestsException", "Rate Exceeded.")
            self._running[name] += 1

    def _invoke(self, spec: FunctionSpec, request_id: str, payload: bytes) -> InvokeResult:
        environment = self._take(spec)
        self._trace(spec)
        result, invocation = environment.invoke(request_id, payload)
        with self._lock:
            self.invocations.append(invocation)
            if environment in self._environments:
                self._idle[spec.name].append(environment)
        self._tell_ended(invocation)
        return result

    def _trace(self, spec: FunctionSpec) -> None:
        """Lambda traces a function as the function's role. No trace is made here, but the right to send it is asked."""
        tracing = configuration_of(self._account, spec.name).get("TracingConfig") or {}
        if tracing.get("Mode") != "Active":
            return
        for action in ("xray:PutTraceSegments", "xray:PutTelemetryRecords"):
            need = Need(action, "*")
            if problem := self._account.services.may_as(spec.role, LAMBDA, spec.name, need):
                self._note_unlogged(spec.name, problem)

    def _tell_ended(self, ran: Invocation) -> None:
        detail = {"request_id": ran.request_id, "seconds": ran.duration_ms / 1000, "cold": ran.is_cold}
        tell(self._on_event, "function-ended", ran.function, error=ran.error, **detail)

    def _take(self, spec: FunctionSpec) -> Environment:
        """An idle environment that fits, else a new one. Idle ones that no longer fit are ended."""
        now = self._account.clock.now()
        while True:
            with self._lock:
                idle = self._idle[spec.name].pop() if self._idle[spec.name] else None
            if idle is None:
                return self._make(spec)
            if idle.is_fit(spec, now):
                return idle
            self._forget(idle)

    def _make(self, spec: FunctionSpec) -> Environment:
        task = unpacked(spec.code_sha256, lambda: self._account.function_code(spec.name))
        folders = Folders(task, self._library, self._clock)
        environment = Environment(self._account, spec, folders, self._with_aws_client, self._note_unlogged)
        with self._lock:
            if not self._stopped:
                self._environments.add(environment)
                return environment
        environment.end()
        raise FunctionsStopped(f"function {spec.name} was invoked after the rehearsal had ended; start a new one")

    def _forget(self, environment: Environment) -> None:
        with self._lock:
            self._environments.discard(environment)
        environment.end()

    def _note_unlogged(self, function: str, problem: str) -> None:
        log.warning("the output of function %s could not be logged: %s", function, problem)
        with self._lock:
            self.unlogged.append((function, problem))
