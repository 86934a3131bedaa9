"""Runs one Pulumi program in a process of its own: ``python -m rehearsal.deploy.child``.

The task comes on standard input as a line of JSON; events go back, one JSON object a line, on what was standard output.
Whatever the program prints goes to standard error.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn, TextIO


def main() -> NoReturn:
    gc.disable()  # A process that builds up for seconds and ends: collecting is wasted on it.
    events = _claim_standard_output()
    task = json.loads(sys.stdin.readline())
    _end_with_the_parent()
    os.environ.clear()
    os.environ.update(task["environment"])
    hide_own_path(task["own_path"])

    from rehearsal.deploy.execution import execute
    from rehearsal.deploy.forks import loaded

    def say(kind: str, content: Any) -> None:
        events.write(json.dumps({kind: content}, default=str) + "\n")
        events.flush()

    execute(task, say)
    say("loaded", loaded())
    events.close()
    # Threads of the program, or of grpc, must not keep a finished deployment alive.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _claim_standard_output() -> TextIO:
    """Keep the pipe for us and let everybody else's output go to standard error, a line as soon as it is written."""
    private = os.fdopen(os.dup(1), "w", encoding="utf-8")
    sys.stdout.flush()
    os.dup2(2, 1)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    return private


def _end_with_the_parent() -> None:
    """The parent keeps our standard input open as long as it lives, even if it is killed."""
    lifeline = os.dup(0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    def wait() -> None:
        os.read(lifeline, 1)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def hide_own_path(own_path: str) -> None:
    """The program must find its own modules and the installed ones, never those beside the rehearsal."""
    given = os.environ.pop("PYTHONPATH", "").split(os.pathsep)[1:]
    if given:
        os.environ["PYTHONPATH"] = os.pathsep.join(given)
    # ``-m`` put the working directory first, too.
    sys.path[:] = [path for path in sys.path if path and Path(path).resolve() != Path(own_path)]


if __name__ == "__main__":
    main()
