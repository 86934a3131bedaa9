"""A Java for drivers, seen from the rehearsal: in a process group and a folder of its own, which go with it."""

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
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from rehearsal.forking import Process, Script
from rehearsal.scripts import Kind, start
from rehearsal.spark import archive, jars, jvm
from rehearsal.spark.java import Java
from rehearsal.spark.leash import END
from rehearsal.spark.settings import Size

KEEPER = Path(__file__).with_name("keeper.py")
FLAGS = ("-X", "utf8", "-u")
PLAIN = Kind(distributions=(), modules=(), flags=FLAGS)
KEPT_FROM_THE_SHELL = ("PATH", "LANG", "LC_ALL", "TZ", "HOME", "USER")


class AnyMachine(ABC):
    """Scripts run in it one after the other, each in a driver of its own, never two at a time.

    ``folder`` holds what it is made of and ``stdout`` and ``stderr``, which grow as it serves; ``work`` is the working
    folder and the place for temporary files, of Java and of each script. ``runs`` are those that it has served.
    """

    def __init__(self, folder: Path, runs: int = 0) -> None:
        self.folder, self.runs = folder, runs
        self.work = folder / "work"

    @property
    @abstractmethod
    def is_alive(self) -> bool: ...

    @abstractmethod
    def close(self) -> None:
        """Ends Java, now. Closing twice is harmless; the folder stays until ``remove``."""

    @abstractmethod
    def remove(self) -> None: ...

    def start(
        self,
        script: Path,
        plan: Mapping[str, object],
        environment: Mapping[str, str],
        pass_fds: Sequence[int] = (),
        kind: Kind = PLAIN,
    ) -> Process:
        """A process that reads its plan, leads a group of its own, works here and writes where Java does."""
        written = self.folder / f"{script.stem}.json"
        written.write_text(json.dumps(plan))
        inherited = {name: os.environ[name] for name in KEPT_FROM_THE_SHELL if name in os.environ}
        with (self.folder / "stdout").open("ab") as out, (self.folder / "stderr").open("ab") as err:
            variables = {**inherited, **self._own_variables(), **environment}
            files = out.fileno(), err.fileno(), tuple(pass_fds)
            return start(kind, Script(script, (str(written),), variables, self.work, *files))

    def clear(self) -> None:
        """Removes what a script has left in the working folder. The folder stays: Java stands in it."""
        for left in self.work.iterdir():
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() and not left.is_symlink() else left.unlink()

    def _own_variables(self) -> dict[str, str]:
        here = str(self.work)
        addresses = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": here, "TMPDIR": here}
        return {**addresses, "PYSPARK_PYTHON": sys.executable}


class Machine(AnyMachine):
    """Starts at once."""

    def __init__(
        self,
        java: Java,
        size: Size,
        with_iceberg: bool = False,
        options: Sequence[str] | None = None,
    ) -> None:
        libraries = jars.classpath(with_iceberg)
        super().__init__(Path(tempfile.mkdtemp(prefix="glue-")))
        self._ending = threading.Lock()
        try:
            self.work.mkdir()
            chosen = archive.options(java, jvm.classpath(libraries)) if options is None else options
            command = jvm.command(java.command, libraries, [*tuning(size, self.work), *chosen])
            of_java = {"SPARK_HOME": str(jvm.spark_home()), "AWS_EC2_METADATA_DISABLED": "true"}
            self._keeper = self.start(KEEPER, {"java": command, "folder": str(self.folder)}, of_java)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    @property
    def is_alive(self) -> bool:
        return self._keeper.poll() is None and jvm.told_end(self.folder) is None

    def run_down(self, timeout_seconds: float = 900) -> None:
        """Lets Java end by itself, which is when it writes what it was asked to keep."""
        assert self._keeper.stdin is not None
        self._keeper.stdin.write(f"{jvm.RUN_DOWN}\n".encode())
        self._keeper.stdin.flush()
        give_up = time.monotonic() + timeout_seconds
        while self.is_alive and time.monotonic() < give_up:
            time.sleep(0.05)

    def close(self) -> None:
        with self._ending:
            end(self._keeper)

    def remove(self) -> None:
        self.close()
        _remove(self.folder)


def tuning(size: Size, folder: Path) -> list[str]:
    """Java's options. One collector thread and the quick compiler suit small jobs on a machine of few cores.

    That compiler's own 48 MB are full after some dozen queries: from then on Java throws code away and compiles anew.
    """
    quick = [] if size.full_compiler else ["-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m"]
    return [f"-Xmx{size.memory}", "-XX:+UseSerialGC", *quick, f"-Djava.io.tmpdir={folder}"]


def end(process: Process, patience_seconds: float = 2) -> None:
    """A process on a leash ends its group when it is told to; where something does not let it, force does."""
    if process.returncode is not None:  # it was waited for: its number may be another process's
        return
    assert process.stdin is not None
    with suppress(BrokenPipeError, ValueError):
        process.stdin.write(f"{END}\n".encode())
    with suppress(BrokenPipeError):
        process.stdin.close()
    try:
        process.wait(patience_seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _remove(folder: Path, patience_seconds: float = 2) -> None:
    """Removes a folder that killed processes may be writing to for a moment yet."""
    give_up = time.monotonic() + patience_seconds
    while folder.exists() and time.monotonic() < give_up:
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            time.sleep(0.02)
