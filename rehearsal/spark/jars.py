"""The Java libraries that Glue brings and pyspark does not: fetched once, checked, kept in the user's cache."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rehearsal.errors import RehearsalError
from rehearsal.spark import cache

Say = Callable[[str], None]


class LibraryUnavailable(RehearsalError):
    """A library could not be fetched."""


class LibraryChanged(RehearsalError):
    """What was fetched is not the library that was pinned."""


class DiskFull(RehearsalError):
    """There is no room left to keep a library."""


class NotSetUp(RehearsalError):
    """A library is not in the cache yet."""


@dataclass(frozen=True)
class Library:
    """One library by its Maven coordinates; ``sha256`` is of the file that is known to work."""

    group: str
    name: str
    version: str
    sha256: str
    megabytes: float

    @property
    def coordinates(self) -> str:
        return f"{self.group}:{self.name}:{self.version}"

    @property
    def file_name(self) -> str:
        return f"{self.name}-{self.version}.jar"


ICEBERG = Library(
    "org.apache.iceberg",
    "iceberg-spark-runtime-4.1_2.13",
    "1.11.0",
    "d6ea6c5d099288daeb7d5a92061bd3d7d8f296492632b42378e5f2f0e3066242",
    48,
)
LIBRARIES = (
    ICEBERG,
    Library(  # with the AWS SDK in it, which S3A uses too
        "org.apache.iceberg",
        "iceberg-aws-bundle",
        "1.11.0",
        "38f01da7e96850cdd05e6616d758b77b43314b712a8808e3f9a824d56976162f",
        64,
    ),
    Library(
        "org.apache.hadoop",
        "hadoop-aws",
        "3.4.2",
        "d2d24e6b715b5656b9d238bf13b6682a07e2004dd36aad74a73aeb854319f4d9",
        1,
    ),
    Library(  # not in the bundle, and without it every S3A call fails
        "software.amazon.awssdk",
        "s3-transfer-manager",
        "2.44.4",
        "dbcad736b19f6eb8471f9edf027d9fffe994228f25f415894efd01fd80cb6c02",
        0.3,
    ),
    Library(
        "com.mysql",
        "mysql-connector-j",
        "9.4.0",
        "49ed93c8b2bea9cb0929b85a8a28837b191d0f8eac6919fdcef16e36e2cd53b3",
        2.6,
    ),
)


def folder() -> Path:
    return cache.folder() / "jars"


def classpath(iceberg: bool = True) -> str:
    """The libraries as a Java class path; without Iceberg's own for a job that does not ask for it.

    Refused while one is missing. A file is only ever in the cache after its checksum was found right.
    """
    for library in missing(LIBRARIES, folder()):
        raise NotSetUp(f"{library.file_name} is not in {folder()}; set Spark up once: {cache.SETUP}")
    wanted = [library for library in LIBRARIES if iceberg or library is not ICEBERG]
    return os.pathsep.join(str(folder() / library.file_name) for library in wanted)


def missing(libraries: tuple[Library, ...], where: Path) -> list[Library]:
    return [library for library in libraries if not (where / library.file_name).exists()]


def keep(fetched: Path, library: Library, where: Path) -> None:
    """Moves a fetched file to its place, if it is the right one; a wrong one goes, to be fetched anew."""
    found = sha256(fetched)
    if found != library.sha256:
        fetched.unlink()
        raise LibraryChanged(
            f"{library.coordinates} has SHA-256 {found}, not {library.sha256}; it was deleted: "
            f"run {cache.SETUP} again, and if it stays so, ask who stands between you and the repository"
        )
    where.mkdir(parents=True, exist_ok=True)
    fetched.replace(where / library.file_name)


def disk_full(where: Path) -> DiskFull:
    needed = sum(library.megabytes for library in LIBRARIES) * 2
    free = shutil.disk_usage(_existing(where)).free / 1e6
    return DiskFull(
        f"no room in {where} ({free:.0f} MB free, {needed:.0f} MB needed): make room, or name a folder elsewhere "
        f"in REHEARSAL_CACHE, and run {cache.SETUP} again; it goes on where it was"
    )


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)
