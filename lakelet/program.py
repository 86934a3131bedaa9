"""The Pulumi program that a command is about: this project's own, or the one that ``--program`` names."""

from __future__ import annotations

import hashlib
import shlex
import sys
from pathlib import Path

from lakelet.errors import UsageError

OWN = Path(__file__).resolve().parent.parent

_named = ""  # as the user wrote it; empty: our own


def choose(name: str) -> None:
    """From here on the sources, transforms and stand-ins of that program are the lake's. Before they are imported."""
    global _named
    found = Path(name).resolve()
    if not (found / "Pulumi.yaml").is_file():
        raise UsageError(f"--program {name} has no Pulumi.yaml; give the folder of a Pulumi Python program")
    _named = name
    if found != OWN:
        sys.path[:0] = [str(found), str(OWN)]


def folder() -> Path:
    """Where the program is."""
    return Path(_named).resolve() if _named else OWN


def option() -> str:
    """What makes another command mean the same program, with a space before it."""
    return f" --program {shlex.quote(_named)}" if _named else ""


def data(root: str | None) -> Path:
    """Where the lake of the program stays: beside it, or in a folder of its own where ``root`` is for all lakes."""
    if not root:
        return folder() / ".lakelet"
    if folder() == OWN:
        return Path(root)
    return Path(root) / f"{folder().name}-{hashlib.sha256(str(folder()).encode()).hexdigest()[:8]}"
