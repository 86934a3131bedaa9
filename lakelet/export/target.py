"""Where the rows go: a file that is there whole or not at all, or the standard output."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from lakelet.errors import UsageError
from lakelet.export.tables import NotExported

STDOUT = "-"
_HIDDEN = ".lakelet-export-"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def path_for(text: str, force: bool) -> Path:
    """The file to write, whole; UsageError where it cannot be one, before anything is asked."""
    path = Path(os.path.realpath(text))
    if path.is_dir():
        raise UsageError(f"{text} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}; make it first: mkdir -p '{path.parent}'")
    _check_free(path, force)
    return path


@contextmanager
def opened(path: Path | None, force: bool) -> Iterator[tuple[BinaryIO, Path]]:
    """What to write to (None: the standard output), and a folder for what does not fit into memory.

    The file gets its name at the end, when all of it is on the disk; if it comes to no end, nothing is left.
    """
    if path is None:
        with TemporaryDirectory(prefix=_HIDDEN) as folder:
            yield sys.stdout.buffer, Path(folder)
            sys.stdout.buffer.flush()
        return
    with _told(path), TemporaryDirectory(prefix=_HIDDEN, dir=path.parent) as folder:
        part = Path(folder) / "part"
        with part.open("wb") as file:
            yield file, Path(folder)
            file.flush()
            os.fsync(file.fileno())
        _check_free(path, force)  # another may have put one there meanwhile
        part.replace(path)


def _check_free(path: Path, force: bool) -> None:
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is there and is no ordinary file; name another")
    if path.exists() and not force:
        raise UsageError(f"{path} is there already; name another file, or replace it with --force")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the disk says no with, as one line and the next step."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NotExported(f"no room for {path} ({error.strerror}); nothing was written; make room there, or name a "
                              "file on another disk") from error  # fmt: skip
        if error.errno in _FORBIDDEN:
            raise NotExported(f"{path.parent} cannot be written to ({error.strerror}); name another folder") from error
        raise
