"""Asking before something is done that cannot be undone, or that changes a real account."""

from __future__ import annotations

import sys
from collections.abc import Callable

from lakelet.errors import UsageError


def agrees(deed: str, is_sure: bool, ask: Callable[[str], str] = input, why: str = "") -> bool:
    """Whether the user wants ``deed`` done. Raises UsageError where nobody can be asked and ``--yes`` is missing.

    ``why`` says why it is asked at all; by default, that it would change a real account.
    """
    if is_sure:
        return True
    if not sys.stdin.isatty():
        why = why or f"to {deed} would change a real account"
        raise UsageError(f"{why}, and there is nobody to ask; add --yes")
    return ask(f"{deed}? [y/N] ").strip().lower() in ("y", "yes")
