"""A driver process, seen from the rehearsal: started ahead, given one script, and gone afterwards."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rehearsal.spark import archive, jars, jvm
from rehearsal.spark.java import Java
from rehearsal.spark.settings import Home, Size, spark_settings, wants_iceberg

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
KEPT_FROM_THE_SHELL = ("PATH", "LANG", "LC_ALL", "TZ", "HOME", "USER")


@dataclass(frozen=True)
class Ended:
    """How a script ended: ``failure`` is None when it ended well. Seconds since the driver was given the script."""

    failure: str | None
    seconds: float


class Driver:
    """One process group with Python and Java in it, in a folder of its own that goes when it does."""

    def __init__(
        self,
        java: Java,
        size: Size,
        arguments: Mapping[str, str],
        environment: Mapping[str, str],
        packages: Path,
        options: Sequence[str] | None = None,
        orderly: bool = False,
    ) -> None:
        libraries = jars.classpath(wants_iceberg(arguments))
        self.folder = Path(tempfile.mkdtemp(prefix="glue-"))
        home = Home(environment["AWS_ENDPOINT_URL"], environment["AWS_REGION"], self.folder, size.cores)
        try:
            settings = spark_settings(arguments, home)
            chosen = archive.options(java, jvm.classpath(libraries)) if options is None else options
            command = jvm.command(java.command, libraries, [*tuning(size, self.folder), *chosen], settings)
            self._began = time.monotonic()
            self._process, reports = self._start(command, environment, packages, orderly)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        self._ending = threading.Lock()
        self._ready, self._ended = threading.Event(), threading.Event()
        self._failure: str | None = None
        self.seconds_to_ready: float | None = None
        self._given = self._began
        threading.Thread(target=self._listen, args=(reports,), daemon=True).start()

    def written(self, name: str) -> str:
        """What the script and Spark have written so far to ``stdout`` or ``stderr``."""
        return (self.folder / name).read_text(errors="replace")

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def await_ready(self, timeout_seconds: float | None = None) -> bool:
        """Whether Spark is up; False when it did not come up, or not in time."""
        self._ready.wait(timeout_seconds)
        return self.seconds_to_ready is not None

    def give(self, script: Path, argv: Sequence[str], py_files: Sequence[Path] = ()) -> None:
        """Hands over the script; it runs at once, or as soon as Spark is up. Once only."""
        order = {"script": str(script), "argv": list(argv), "py_files": [str(path) for path in py_files]}
        self._given = time.monotonic()
        assert self._process.stdin is not None
        with suppress(BrokenPipeError, ValueError):  # it is gone already; waiting for its end says why
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()

    def wait(self, timeout_seconds: float | None = None) -> Ended | None:
        """How the script ended; None when it has not within the time."""
        if not self._ended.wait(timeout_seconds):
            return None
        return Ended(self._failure, time.monotonic() - self._given)

    def kill(self) -> None:
        """Ends everything in it, now. The folder stays until ``close``."""
        with self._ending:
            if self._process.returncode is None:  # once it was waited for, its number may be another process's
                self._end_politely()
                self._process.wait()

    def close(self) -> None:
        self.kill()
        _remove(self.folder)

    def _end_politely(self, patience_seconds: float = 2) -> None:
        """It ends its Java and itself when it is told to; with a script that does not let it, force does."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError, ValueError):
            self._process.stdin.write(b"end\n")
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)

    def _start(
        self, command: list[str], environment: Mapping[str, str], packages: Path, orderly: bool
    ) -> tuple[subprocess.Popen[bytes], IO[str]]:
        read, write = os.pipe()
        plan = self.folder / "plan.json"
        plan.write_text(json.dumps({"packages": str(packages), "java": command, "report": write, "orderly": orderly}))
        inherited = {name: os.environ[name] for name in KEPT_FROM_THE_SHELL if name in os.environ}
        with (self.folder / "stdout").open("wb") as out, (self.folder / "stderr").open("wb") as err:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-X", "utf8", "-u", str(BOOTSTRAP), str(plan)],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
                cwd=self.folder,
                env={**inherited, **self._own_variables(), **environment},
                pass_fds=(write,),
                start_new_session=True,
            )
        os.close(write)
        return process, os.fdopen(read)

    def _own_variables(self) -> dict[str, str]:
        here = str(self.folder)
        addresses = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": here, "TMPDIR": here}
        return {**addresses, "PYSPARK_PYTHON": sys.executable}

    def _listen(self, reports: IO[str]) -> None:
        with reports:
            for line in reports:
                report = json.loads(line)
                if report["event"] == "ready":
                    self.seconds_to_ready = time.monotonic() - self._began
                    self._ready.set()
                else:
                    self._end(report["failure"])
        # Its end of the pipe is closed, so it is gone or going: Python must not have been able to say why.
        self._end("Command failed: the driver process ended before the script did")

    def _end(self, failure: str | None) -> None:
        if not self._ended.is_set():
            self._failure = failure
            self._ended.set()
            self._ready.set()


def tuning(size: Size, folder: Path) -> list[str]:
    """Java's options. One collector thread and the quick compiler suit small jobs on a machine of few cores."""
    quick = [] if size.full_compiler else ["-XX:TieredStopAtLevel=1"]
    return [f"-Xmx{size.memory}", "-XX:+UseSerialGC", *quick, f"-Djava.io.tmpdir={folder}"]


def _remove(folder: Path, patience_seconds: float = 2) -> None:
    """Removes a folder that killed processes may be writing to for a moment yet."""
    give_up = time.monotonic() + patience_seconds
    while folder.exists() and time.monotonic() < give_up:
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            time.sleep(0.02)
