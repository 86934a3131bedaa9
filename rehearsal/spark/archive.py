"""A class-data archive: Java's own snapshot of the classes that a job loads, which halves its start.

Java checks an archive against itself and the class path, and goes without when they differ; so does this module.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from rehearsal.spark import cache
from rehearsal.spark.java import Java

QUIET = ("-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr")


def folder() -> Path:
    return cache.folder() / "archive"


def path(java: Java, classpath: str) -> Path:
    """Where the archive of this Java and these libraries is, or would be."""
    return folder() / f"{identity(java, classpath)}.jsa"


def identity(java: Java, classpath: str) -> str:
    """Changes when Java, or a library by its place, size or age, does."""
    parts = [str(java.home), java.version]
    for name in classpath.split(os.pathsep):
        found = Path(name).stat()
        parts.append(f"{name} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def options(java: Java, classpath: str) -> list[str]:
    """Java's options for using the archive; none when there is none."""
    base, archive = base_path(java, classpath), path(java, classpath)
    if not (base.exists() and archive.exists()):
        return []
    return [*QUIET, f"-XX:SharedArchiveFile={base}{os.pathsep}{archive}"]


def base_path(java: Java, classpath: str) -> Path:
    """The archive of Java's own classes, on which the other one stands."""
    return folder() / f"base-{identity(java, classpath)}.jsa"


def recording(java: Java, classpath: str, to: Path) -> list[str]:
    """Java's options for writing an archive when it ends."""
    return [f"-XX:SharedArchiveFile={base_path(java, classpath)}", f"-XX:ArchiveClassesAtExit={to}"]
