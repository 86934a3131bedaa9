"""Runs a deployed function, in a process that has nothing of ours: this file is started by its path, under ``-I -S``.

Arguments: the unpacked zip, the folder of Lambda's own libraries, the folder of the clock, which client to use.
On the path are the zip, the libraries and Python's own, in this order, as in Lambda.
"""

from __future__ import annotations

import datetime
import gc
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

API = "/2018-06-01/runtime"
OFFSET = ";Offset="  # how far the rehearsal's clock is ahead, sent along with the trace id and taken off here

USUAL = gc.get_threshold()
UNDISTURBED = (1_000_000, *USUAL[1:])  # while modules are imported: what they make is kept, there is no garbage to find


class Clock:
    """This process's clock, set to the rehearsal's before each invocation. Nothing is touched until it has moved."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._offset = 0.0
        self._traveller: Any = None

    def set(self, offset: float) -> None:
        step = datetime.timedelta(seconds=offset - self._offset)
        if not step:
            return
        if self._traveller is None:
            self._traveller = self._time_machine().travel(step, tick=True).start()
            time.time()  # it ticks from the first time it is asked
        else:
            self._traveller.shift(step)
        self._offset = offset

    def _time_machine(self) -> Any:
        sys.path.insert(0, self._folder)
        try:
            import time_machine
        finally:
            sys.path.remove(self._folder)
        return time_machine


class Clocked:
    """A runtime client which sets the clock before it hands an invocation on."""

    def __init__(self, client: Any, clock: Clock) -> None:
        self._client, self._clock = client, clock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def next(self) -> tuple[bytes, dict[str, str]]:
        collect_as_usual()
        body, headers = self._client.next()
        trace, _, offset = headers["Lambda-Runtime-Trace-Id"].partition(OFFSET)
        self._clock.set(float(offset or 0))
        return body, {**headers, "Lambda-Runtime-Trace-Id": trace}


def collect_as_usual() -> None:
    """What has been imported stays, so it is not looked through again. A function that set its own ways keeps them."""
    if gc.get_threshold() == UNDISTURBED:
        gc.freeze()
        gc.set_threshold(*USUAL)


class PlainClient:
    """The Runtime API by the standard library, for systems without AWS's own client."""

    def next(self) -> tuple[bytes, dict[str, str]]:
        return self.call("GET", "/invocation/next")

    def call(self, method: str, path: str, body: bytes | None = None) -> tuple[bytes, dict[str, str]]:
        from http.client import HTTPConnection

        connection = HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
        connection.request(method, API + path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status >= 400:
            sys.exit(f"the Runtime API answered {answer.status} to {path}")
        return content, dict(answer.headers)


class Context:
    """What a handler is told of its invocation."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = self.client_context = self.tenant_id = None
        self._deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self) -> int:
        return max(0, self._deadline_ms - int(time.time() * 1000))


def run_by_aws(clock: Clock) -> None:
    """AWS's own loop and client."""
    from awslambdaric import bootstrap, lambda_runtime_client

    lambda_runtime_client.runtime_client = Clocked(lambda_runtime_client.runtime_client, clock)
    address = os.environ["AWS_LAMBDA_RUNTIME_API"]
    bootstrap.run(os.environ["_HANDLER"], lambda_runtime_client.LambdaRuntimeClient(address))


def run_plainly(clock: Clock) -> None:
    """The same protocol by hand."""
    client = Clocked(PlainClient(), clock)
    try:
        handle = _handler(os.environ["_HANDLER"])
    except Exception as error:
        is_missing = isinstance(error, ImportError)
        kind = "Runtime.ImportModuleError" if is_missing else type(error).__name__
        told = f"Unable to import module '{os.environ['_HANDLER'].rpartition('.')[0]}': {error}" if is_missing else None
        client.call("POST", "/init/error", _told(error, "", kind=kind, message=told))
        sys.exit(1)
    while True:
        body, headers = client.next()
        request = headers["Lambda-Runtime-Aws-Request-Id"]
        try:
            answer = json.dumps(handle(json.loads(body), Context(headers)), ensure_ascii=False).encode()
        except Exception as error:
            client.call("POST", f"/invocation/{request}/error", _told(error, request))
        else:
            client.call("POST", f"/invocation/{request}/response", answer)


def _handler(name: str) -> Callable[[Any, Any], Any]:
    import importlib

    module, _, function = name.rpartition(".")
    handler: Callable[[Any, Any], Any] = getattr(importlib.import_module(module.replace("/", ".")), function)
    return handler


def _told(error: Exception, request: str, kind: str | None = None, message: str | None = None) -> bytes:
    """An error in Lambda's shape, on the log too."""
    import traceback

    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    shape = {
        "errorMessage": message or str(error),
        "errorType": kind or type(error).__name__,
        "requestId": request,
        "stackTrace": traceback.format_list(frames),
    }
    sys.stdout.write(f"[ERROR] {shape['errorType']}: {shape['errorMessage']}\n")
    return json.dumps(shape).encode()


def die_with_parent() -> None:
    """The parent holds the other end of standard input and never writes: when it reads as ended, the parent is gone."""
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def watch() -> None:
        os.read(lifeline, 1)
        os.killpg(0, signal.SIGKILL)  # this process leads a group of its own: what the function started goes too

    threading.Thread(target=watch, daemon=True).start()


def main() -> None:
    task, library, clock, client = sys.argv[1:]
    die_with_parent()
    gc.set_threshold(*UNDISTURBED)
    sys.path[:0] = [task, library]
    sys.argv[1:] = []
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    (run_by_aws if client == "aws" else run_plainly)(Clock(clock))


if __name__ == "__main__":
    main()
