"""Where the page is put."""

from __future__ import annotations

import os
import re
from pathlib import Path

from lakelet.errors import UsageError
from lakelet.place import home

NAME = "report.html"


def path_for(to: Path | None, stack: str | None, live: bool) -> Path:
    """The file to write, whole; UsageError where it is a folder, before anything is asked."""
    if to is not None and to.is_dir():
        raise UsageError(f"--to {to} is a folder; name a file, such as {to / NAME}")
    return (to or default_path(stack, live)).absolute()


def default_path(stack: str | None, live: bool) -> Path:
    """Beside the lake at home; for a stack, in a folder of its own there."""
    if stack is None:
        return home(live) / NAME
    return home().parent / f"stack-{re.sub(r'[^A-Za-z0-9_.-]', '-', stack)}" / NAME


def store(page: str, path: Path) -> Path:
    """Puts the page there in one go: whoever has it open never sees half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_text(page, encoding="utf-8", newline="\n")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
