"""How the end of an invocation is told: the answer to the caller, and the lines that Lambda adds to the log."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

from rehearsal.runtime.api import LARGEST_RESPONSE, Answer
from rehearsal.runtime.spec import FunctionSpec


@dataclass(frozen=True)
class Invocation:
    """What one invocation took; its price follows from this. ``error`` is its type, None if it went well."""

    function: str
    request_id: str
    duration_ms: float
    init_ms: float | None
    memory_mb: int
    max_memory_mb: int
    error: str | None
    moment: float

    @property
    def is_cold(self) -> bool:
        return self.init_ms is not None

    @property
    def billed_ms(self) -> int:
        """Lambda bills the time of importing the module too."""
        return math.ceil(self.duration_ms + (self.init_ms or 0))


def payload_of(answer: Answer, spec: FunctionSpec, request_id: str, exit_reason: str) -> bytes:
    """What the caller gets: the function's answer, or an error in Lambda's shape."""
    if answer.kind in ("response", "error", "init-error"):
        return answer.body
    if answer.kind == "timeout":
        return _shape("Sandbox.Timedout", f"RequestId: {request_id} Error: {_timed_out(spec)}")
    if answer.kind == "too-large":
        limit = f"Response payload size exceeded maximum allowed payload size ({LARGEST_RESPONSE} bytes)."
        return _shape("Function.ResponseSizeTooLarge", limit)
    return _shape("Runtime.ExitError", f"RequestId: {request_id} Error: {exit_reason}")


def error_type(answer: Answer, payload: bytes) -> str | None:
    """The type of the error; None when the function returned."""
    if answer.kind == "response":
        return None
    try:
        return str(json.loads(payload)["errorType"])
    except (ValueError, KeyError, TypeError):
        return "Unhandled"


def log_lines(invocation: Invocation, written: list[str], answer: Answer, spec: FunctionSpec, reason: str) -> list[str]:
    """The function's lines between Lambda's own."""
    request = f"RequestId: {invocation.request_id}"
    started = [] if answer.kind == "init-error" else [f"START {request} Version: {spec.version}"]
    if answer.kind == "timeout":
        written = [*written, f"{request} {_timed_out(spec)}"]
    elif answer.kind in ("memory", "exit"):
        written = [*written, f"{request} Error: {reason}", "Runtime.ExitError"]
    return [*started, *written, f"END {request}", _report(invocation, answer)]


def _report(invocation: Invocation, answer: Answer) -> str:
    fields = [
        f"REPORT RequestId: {invocation.request_id}",
        f"Duration: {invocation.duration_ms:.2f} ms",
        f"Billed Duration: {invocation.billed_ms} ms",
        f"Memory Size: {invocation.memory_mb} MB",
        f"Max Memory Used: {invocation.max_memory_mb} MB",
    ]
    if invocation.init_ms is not None:
        fields.append(f"Init Duration: {invocation.init_ms:.2f} ms")
    if answer.kind == "timeout":
        fields.append("Status: timeout")
    elif answer.kind in ("memory", "exit", "init-error"):
        fields += ["Status: error", f"Error Type: {invocation.error}"]
    return "\t".join(fields)


def _timed_out(spec: FunctionSpec) -> str:
    return f"Task timed out after {spec.timeout_seconds:.2f} seconds"


def _shape(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()
