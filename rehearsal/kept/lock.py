"""One process at a time may change a kept lake. The lock dies with the process that holds it, however that ends."""

from __future__ import annotations

import fcntl
import os
import shlex
import sys
import time
from pathlib import Path

from rehearsal.kept.errors import KeptBusy

LOCK = "lock"
TRIES, PAUSE_SECONDS = 5, 0.02  # one who looks whether it is locked has it for a moment


class FolderLock:
    """Held from the moment it is made. Raises KeptBusy while another process (or another lock of this one) holds it."""

    def __init__(self, folder: Path) -> None:
        self._descriptor = _locked(folder)
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n{shlex.join(sys.argv)}\n".encode(), 0)

    def release(self) -> None:
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def _locked(folder: Path) -> int:
    path, holder = folder / LOCK, ""
    for _ in range(TRIES):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 4096, 0).decode(errors="replace")
        else:
            if path.exists() and path.stat().st_ino == os.fstat(descriptor).st_ino:
                return descriptor
            # Somebody removed the folder between the two, and this is the lock of nothing.
        os.close(descriptor)
        time.sleep(PAUSE_SECONDS)
    raise _busy(folder, holder)


def is_locked(folder: Path) -> bool:
    """Whether a process works on the lake at this moment."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _busy(folder: Path, holder: str) -> KeptBusy:
    pid, _, command = holder.strip().partition("\n")
    if not pid.isdigit():  # it has the lock, and has not written its name yet
        return KeptBusy(f"the lake in {folder} is in use by another process; wait until it has ended")
    who = f"process {pid}" + (f" ({command})" if command else "")
    return KeptBusy(
        f"the lake in {folder} is in use by {who}; wait until it has ended, or end it: kill {pid}", int(pid), command
    )
