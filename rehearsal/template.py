"""Forks a process for each script that is to run: this file is started by its path, under ``-I -S``.

Its argument is JSON: the folders to import from. Standard input is a socket. A line of JSON on it asks for one process:
``script``, ``arguments``, ``environment``, ``folder``, ``numbers``, under which the process has the files that come
along, and what to have ``ready`` before it is forked: ``modules``, and ``models``, services of which boto3 knows all.
One more file comes before the others: a socket on which the process's id is told at once, and how it ended when it has.

A process finds nothing that another has left: only what is imported here, as it is after its import. No thread may
ever be started here: only what has none can be forked.
"""

from __future__ import annotations

import fcntl
import json
import os
import runpy
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib import import_module
from typing import Any

MOST_FILES = 16
MOST_BYTES = 1 << 16
OUT_OF_THE_WAY = 100  # files are moved there before each gets the number that it is to have

Ready = Mapping[str, list[str]]  # ``modules`` and ``models``


def load(path: list[str], ready: Ready) -> None:
    before = [*sys.path]
    sys.path[:0] = path
    for name in ready["modules"]:
        import_module(name)
    for service in ready["models"]:
        _read_model(service)
    sys.path[:] = before


@cache
def _read_model(service: str) -> None:
    nobody = {"aws_access_key_id": "nobody", "aws_secret_access_key": "nobody"}
    import_module("boto3").client(service, region_name="us-east-1", **nobody)


def serve(requests: socket.socket, load: Callable[[Ready], None]) -> dict[str, Any]:
    """Returns in each process that was forked, with what it is to do."""
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    telling: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([requests.fileno(), wake], [], [])
        if wake in ready:
            os.read(wake, MOST_BYTES)
            _tell_ended(telling)
        if requests.fileno() not in ready:
            continue
        wanted, files = _receive(requests)
        if wanted is None:  # whoever started this process has ended
            os._exit(0)
        load(wanted["ready"])
        process = os.fork()
        if not process:
            _become(wanted, *files)
            return wanted
        telling[process] = socket.socket(fileno=files[0])
        for file in files[1:]:
            os.close(file)


def _receive(requests: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    message, files, _, _ = socket.recv_fds(requests, MOST_BYTES, MOST_FILES)
    while message and not message.endswith(b"\n"):
        message += requests.recv(MOST_BYTES)
    return (json.loads(message) if message else None), files


def _tell_ended(telling: dict[int, socket.socket]) -> None:
    while telling:
        process, status = os.waitpid(-1, os.WNOHANG)
        if not process:
            return
        with telling.pop(process) as told:
            try:
                told.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
            except OSError:  # nobody waits for it
                continue


def _become(wanted: dict[str, Any], told: int, *files: int) -> None:
    """Take the place of a process that was started for the script: its group, files, variables and arguments."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.write(told, f"{os.getpid()}\n".encode())  # from here on the group can be ended by this id
    moved = [fcntl.fcntl(file, fcntl.F_DUPFD, OUT_OF_THE_WAY) for file in files]
    os.closerange(0, OUT_OF_THE_WAY)
    for file, number in zip(moved, wanted["numbers"], strict=True):
        if file != number:
            os.dup2(file, number)
            os.close(file)
    os.chdir(wanted["folder"])
    os.environ.update(wanted["environment"])
    time.tzset()
    sys.argv = [wanted["script"], *wanted["arguments"]]


if __name__ == "__main__":
    asked = serve(socket.socket(fileno=os.dup(0)), partial(load, json.loads(sys.argv[1])))
    runpy.run_path(asked["script"], run_name="__main__")
