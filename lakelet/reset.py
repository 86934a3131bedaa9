"""Throwing a lake at home away."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from lakelet.errors import UsageError
from lakelet.place import home
from rehearsal.kept.lock import FolderLock


def reset(live: bool, is_sure: bool, ask: Callable[[str], str] = input) -> str:
    """Removes the folder of a lake, and says what was done. Raises KeptBusy while a command uses it."""
    folder = home(live)
    if not folder.exists():
        return f"there is no lake in {folder}; nothing was removed"
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    if not is_sure and not _agrees(folder, size, ask):
        return "nothing was removed"
    lock = FolderLock(folder)  # a damaged lake has one too
    try:
        shutil.rmtree(folder)
    finally:
        lock.release()
    return f"removed {folder} ({megabytes(size)})"


def _agrees(folder: Path, size: int, ask: Callable[[str], str]) -> bool:
    if not sys.stdin.isatty():
        raise UsageError(f"removing {folder} cannot be undone, and there is nobody to ask; add --yes")
    return ask(f"remove {folder} ({megabytes(size)}) with all that it holds? [y/N] ").strip().lower() in ("y", "yes")


def megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
