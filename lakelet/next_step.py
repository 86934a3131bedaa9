"""What to do about a run that is not in the tables. At home nothing goes on by itself: a command takes it up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lakelet import program
from lakelet.key import KEY_VARIABLE
from sources.runs import State


def next_step(entry: Mapping[str, Any], again: str, live: bool = False) -> str | None:
    """One line; None for a run that asks for nothing. ``entry`` is the ledger's, if any; ``again`` the command."""
    run = f"{entry.get('stream')}/{entry.get('run')}"
    match entry.get("state"):
        case State.CURATED:
            return None
        case State.PARKED:
            return f"mend its cause, then: lakelet retry {run}{' --live' if live else ''}{program.option()}"
        case State.WAITING if live:
            at = datetime.fromtimestamp(entry["resume_at"], UTC).astimezone()
            return f"after {at:%Y-%m-%d %H:%M %Z} go on with: {again}"
        case State.FAILED if live and "refuses our key" in entry.get("reason", ""):
            return f"put the right key into {KEY_VARIABLE}, then: {again}"
        case None | State.FAILED:
            return f"mend its cause, then: {again}"
    return f"go on with: {again}"
