"""Fetches libraries with the Ivy that pyspark brings along, so that nothing else needs to be installed.

Where it looks is Spark's own business: the local Maven and Ivy folders, then the public repository, or the one that
the variable DEFAULT_ARTIFACT_REPOSITORY names.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rehearsal.spark import cache, jars, jvm
from rehearsal.spark.jars import Library, Say

ALL = jars.LIBRARIES
PROGRESS_SECONDS = 5


def fetch_missing(java: str, say: Say, libraries: tuple[Library, ...] = ALL) -> int:
    """Fetches what the cache lacks, one library after the other, each kept as soon as it is there. How many it was."""
    wanted = jars.missing(libraries, jars.folder())
    if not wanted:
        return 0
    ivy_folder = cache.folder() / "ivy"
    # Ivy works in a thread, so that Ctrl-C finds this one waiting here and not inside py4j.
    with _room(ivy_folder), ThreadPoolExecutor(1) as worker, _resolver(java, ivy_folder) as resolver:
        for library in wanted:
            started = time.monotonic()
            say(f"{library.file_name}: fetching {library.megabytes:g} MB")
            coming = worker.submit(_fetch, resolver, library, ivy_folder)
            while not wait([coming], PROGRESS_SECONDS).done:
                say(f"{library.file_name}: {_megabytes(library, ivy_folder):.0f} of {library.megabytes:g} MB")
            jars.keep(coming.result(), library, jars.folder())
            say(f"{library.file_name}: fetched and checked in {time.monotonic() - started:.0f} s")
    shutil.rmtree(ivy_folder, ignore_errors=True)  # it holds each library once more
    return len(wanted)


def _megabytes(library: Library, ivy_folder: Path) -> float:
    """How much of a library has come so far."""
    return sum(part.stat().st_size for part in ivy_folder.rglob(f"{library.name}*.part")) / 1e6


def _fetch(resolver: Any, library: Library, ivy_folder: Path) -> Path:
    """The file, from Ivy. Without what it depends on: the AWS SDK alone would be 640 MB, and the bundle has it."""
    from py4j.protocol import Py4JJavaError

    wanted = resolver.java.net.URI(f"ivy://{library.coordinates}?transitive=false")
    try:
        found = resolver.org.apache.spark.util.DependencyUtils.resolveMavenDependencies(wanted)
    except Py4JJavaError as error:
        free = shutil.disk_usage(ivy_folder).free / 1e6
        raise why(library, ivy_folder, (ivy_folder / "log").read_text(errors="replace"), free) from error
    return Path(found.head())


def why(library: Library, ivy_folder: Path, log: str, megabytes_free: float) -> Exception:
    """What kept a library from being fetched, as Ivy's log tells; on a full disk the log itself may be cut off."""
    if "No space left on device" in log or megabytes_free < library.megabytes:
        return jars.disk_full(ivy_folder)
    return jars.LibraryUnavailable(
        f"{library.coordinates} could not be fetched: is there a network? (a mirror can be named in "
        f"DEFAULT_ARTIFACT_REPOSITORY; what was tried is in {ivy_folder / 'log'}) "
        f"Run {cache.SETUP} again; it goes on where it was"
    )


@contextmanager
def _room(ivy_folder: Path) -> Iterator[None]:
    """Makes the folder; a disk without room for it is told as such."""
    try:
        ivy_folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise jars.disk_full(ivy_folder) from error
        raise


@contextmanager
def _resolver(java: str, ivy_folder: Path) -> Iterator[Any]:
    """A Java with Spark in it, seen from Python."""
    from py4j.java_gateway import GatewayParameters, JavaGateway

    command = jvm.command(java, options=("-XX:TieredStopAtLevel=1", f"-Dspark.jars.ivy={ivy_folder}"))
    announcement = ivy_folder / "gateway"
    announcement.unlink(missing_ok=True)
    with (ivy_folder / "log").open("wb") as log:
        own = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(jvm.spark_home())}
        machine = jvm.start(command, {**os.environ, **own}, announcement, log)
        try:
            port, secret = machine.gateway()
            # Without memory management, or each object would knock at a Java that is gone.
            parameters = GatewayParameters(port=port, auth_token=secret, enable_memory_management=False)
            gateway = JavaGateway(gateway_parameters=parameters)
            yield gateway.jvm
            gateway.close()
        finally:
            machine.close()
