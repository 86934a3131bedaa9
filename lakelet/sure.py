"""Asking before something is changed in a real account."""

from __future__ import annotations

import sys
from collections.abc import Callable

from lakelet.errors import UsageError


def agrees(deed: str, is_sure: bool, ask: Callable[[str], str] = input) -> bool:
    """Whether the user wants ``deed`` done. Raises UsageError where nobody can be asked and ``--yes`` is missing."""
    if is_sure:
        return True
    if not sys.stdin.isatty():
        raise UsageError(f"to {deed} would change a real account, and there is nobody to ask; add --yes")
    return ask(f"{deed}? [y/N] ").strip().lower() in ("y", "yes")
