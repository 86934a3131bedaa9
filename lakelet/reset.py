"""Throwing a lake at home away."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from lakelet.place import home
from lakelet.sure import agrees
from rehearsal.kept.lock import FolderLock


def reset(live: bool, is_sure: bool, ask: Callable[[str], str] = input) -> str:
    """Removes the folder of a lake, and says what was done. Raises KeptBusy while a command uses it."""
    folder = home(live)
    if not folder.exists():
        return f"there is no lake in {folder}; nothing was removed"
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    deed, why = f"remove {folder} ({megabytes(size)}) with all that it holds", f"removing {folder} cannot be undone"
    if not agrees(deed, is_sure, ask, why):
        return "nothing was removed"
    lock = FolderLock(folder)  # a damaged lake has one too
    try:
        shutil.rmtree(folder)
    finally:
        lock.release()
    return f"removed {folder} ({megabytes(size)})"


def megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
