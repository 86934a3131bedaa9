"""The driver of one run, seen from the rehearsal: started ahead, given one script, and gone afterwards."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rehearsal.forking import Process
from rehearsal.scripts import Kind
from rehearsal.spark import machine as machines
from rehearsal.spark.machine import FLAGS, AnyMachine

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
# What Glue's own packages bring; a script that imports more must fail here too.
SHIPPED = ("pyspark", "boto3", "requests", "pyarrow", "numpy", "pandas", "pyyaml")
KIND = Kind(SHIPPED, modules=("pyspark.sql", "boto3"), models=("s3",), flags=FLAGS)
SECONDS_TO_CLEAN = 20.0
KEEPS_SECONDS = 2700  # the role's credentials that it was started with last an hour


@dataclass(frozen=True)
class Ended:
    """How a script ended: ``failure`` is None when it ended well. Seconds since the driver was given the script."""

    failure: str | None
    seconds: float


class Driver:
    """A Python in a process group of its own, with a Java that serves it alone.

    Java goes when the driver does. Only one that is left clean goes to ``give_back``, and with it goes the duty to
    remove it.
    """

    def __init__(
        self,
        machine: AnyMachine,
        environment: Mapping[str, str],
        settings: Mapping[str, str],
        packages: Path,
        give_back: Callable[[AnyMachine], None] = lambda machine: machine.remove(),
    ) -> None:
        self.machine, self._give_back = machine, give_back
        self._marks = {name: (machine.folder / name).stat().st_size for name in ("stdout", "stderr")}
        self._began = self._given = time.monotonic()
        self._process, reports = self._start(environment, settings, packages)
        machine.runs += 1
        self._ending = threading.Lock()
        self._ready, self._ended, self._over = threading.Event(), threading.Event(), threading.Event()
        self._failure: str | None = None
        self._is_clean = self._is_closed = False
        self.seconds_to_ready: float | None = None
        threading.Thread(target=self._listen, args=(reports,), daemon=True).start()

    def written(self, name: str) -> str:
        """What the script and Spark have written so far to ``stdout`` or ``stderr``, and no run before them."""
        with (self.machine.folder / name).open("rb") as file:
            file.seek(self._marks[name])
            return file.read().decode(errors="replace")

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None and self.machine.is_alive

    @property
    def is_fresh(self) -> bool:
        """Whether a run may still begin in it."""
        return self.is_alive and time.monotonic() < self._began + KEEPS_SECONDS

    def await_ready(self, timeout_seconds: float | None = None) -> bool:
        """Whether Spark is up; False when it did not come up, or not in time."""
        self._ready.wait(timeout_seconds)
        return self.seconds_to_ready is not None

    def give(self, script: Path, argv: Sequence[str], py_files: Sequence[Path] = ()) -> None:
        """Hands over the script; it runs at once, or as soon as Spark is up. Once only."""
        self._given = time.monotonic()
        self._order(script=str(script), argv=list(argv), py_files=[str(path) for path in py_files])

    def wait(self, timeout_seconds: float | None = None) -> Ended | None:
        """How the script ended; None when it has not within the time."""
        if not self._ended.wait(timeout_seconds):
            return None
        return Ended(self._failure, time.monotonic() - self._given)

    def end(self) -> None:
        """Ends the script. Java stays until ``close`` if the script has ended by itself and left it clean."""
        with self._ending:
            if self._ended.is_set() and not self._over.wait(SECONDS_TO_CLEAN):
                self._is_clean = False
            machines.end(self._process)
            if not self._is_clean:
                self._close_machine()

    def kill(self) -> None:
        """Ends everything in it, now. What was written stays until ``close``."""
        with self._ending:
            machines.end(self._process)
            self._close_machine()

    def close(self) -> None:
        self.end()
        with self._ending:
            if self._is_closed:
                return
            self._is_closed = True
        if self.machine.is_alive:
            self._give_back(self.machine)
        else:
            self.machine.remove()

    def dismiss(self) -> None:
        """Closes a driver that was given no script, once it is up and has left its Java clean."""
        if self.await_ready():
            self._order()
            self._ended.wait(SECONDS_TO_CLEAN)
        self.close()

    def _order(self, **order: object) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError, ValueError):  # it is gone already; waiting for its end says why
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()

    def _close_machine(self) -> None:
        if not self._is_closed:  # afterwards it may serve another run
            self.machine.close()

    def _start(
        self, environment: Mapping[str, str], settings: Mapping[str, str], packages: Path
    ) -> tuple[Process, IO[str]]:
        read, write = os.pipe()
        plan = {
            "packages": str(packages),
            "folder": str(self.machine.folder),
            "is_warm": self.machine.runs > 0,
            "settings": {**settings, "spark.sql.warehouse.dir": str(self.machine.work / "warehouse")},
            "report": write,
        }
        try:
            process = self.machine.start(BOOTSTRAP, plan, environment, pass_fds=(write,), kind=KIND)
        finally:
            os.close(write)
        return process, os.fdopen(read)

    def _listen(self, reports: IO[str]) -> None:
        with reports:
            for line in reports:
                self._hear(json.loads(line))
        # Its end of the pipe is closed, so it is gone or going: Python must not have been able to say why.
        self._end("Command failed: the driver process ended before the script did")
        self._over.set()

    def _hear(self, report: dict[str, object]) -> None:
        match report["event"]:
            case "ready":
                self.seconds_to_ready = time.monotonic() - self._began
                self._ready.set()
            case "ended":
                self._end(report["failure"])
            case "left":
                self._is_clean = report["clean"] is True

    def _end(self, failure: object) -> None:
        if not self._ended.is_set():
            self._failure = None if failure is None else str(failure)
            self._ended.set()
            self._ready.set()
