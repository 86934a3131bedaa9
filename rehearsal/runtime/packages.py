"""The zips of functions, unpacked. All accounts of a process share them, with what Python has compiled in them."""

from __future__ import annotations

import io
import tempfile
import threading
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

_unpacking = threading.Lock()


def unpacked(code_sha256: str, code: Callable[[], bytes]) -> Path:
    """The folder of a zip; unpacked once, whichever functions share it."""
    with _unpacking:
        folder = Path(_all().name) / code_sha256.replace("/", "_")
        if not folder.exists():  # renamed when it is whole: a full disk or Ctrl-C leaves nothing that looks like it
            unfinished = tempfile.mkdtemp(dir=_all().name)
            with zipfile.ZipFile(io.BytesIO(code())) as archive:
                archive.extractall(unfinished)
            Path(unfinished).rename(folder)
    return folder


@cache
def _all() -> tempfile.TemporaryDirectory[str]:
    """Goes when this process ends."""
    return tempfile.TemporaryDirectory(prefix="rehearsal-packages-", ignore_cleanup_errors=True)
