"""What came of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sources.runs import State

NEVER_BEGUN = "the ledger has nothing of it: the function that reads the API broke before it could write down a word"
EXIT_CODES = {State.CURATED.value: 0, State.WAITING.value: 3}


@dataclass(frozen=True)
class RunOutcome:
    """One run of one stream: what the ledger says of it, and what the tables hold after it."""

    run: str
    state: str
    reason: str = ""
    pages: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    rows_by: dict[str, dict[str, int]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    next_step: str = ""
    notes: tuple[str, ...] = ()
    log: str = ""  # the file with what it has written, at home, if it broke

    @classmethod
    def of(cls, run: object, entry: Mapping[str, Any], **more: Any) -> RunOutcome:
        """As the ledger's entry tells it."""
        return cls(
            run=str(run),
            state=entry.get("state", "unknown"),
            reason=entry.get("reason", "") if entry else NEVER_BEGUN,
            notes=tuple(entry.get("notes", ())),
            pages=max(entry.get("page", 1) - 1, 0),
            counts={name: value for name, value in entry.get("counts", {}).items() if isinstance(value, int)},
            **more,
        )

    @property
    def exit_code(self) -> int:
        """0 when the run is in the tables, 3 when it goes on later by itself, else 1."""
        return EXIT_CODES.get(self.state, 1)
