"""What came of a run."""

from __future__ import annotations

from dataclasses import dataclass, field

from sources.runs import State

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

    @property
    def exit_code(self) -> int:
        """0 when the run is in the tables, 3 when it goes on later by itself, else 1."""
        return EXIT_CODES.get(self.state, 1)
