"""Why a statement gives no answer: Athena would refuse it, or it cannot be rehearsed."""

from __future__ import annotations

from rehearsal.errors import RehearsalError

Place = tuple[int, int]  # line and column, from 1


class QueryFailed(RehearsalError):
    """Athena fails this statement too. ``code`` is Trino's, such as COLUMN_NOT_FOUND; the words are Athena's."""

    def __init__(self, code: str, message: str, at: Place | None = None) -> None:
        where = f"line {at[0]}:{at[1]}: " if at else ""
        super().__init__(f"{code}: {where}{message}")
        self.code = code


class CannotRehearse(RehearsalError):
    """Athena might answer it; the home engine does not, rather than answer something else."""

    def __init__(self, what: str) -> None:
        super().__init__(f"cannot be rehearsed: {what}")


class BadRequest(RehearsalError):
    """Athena refuses the call itself, with InvalidRequestException: text that is no SQL, an unknown workgroup."""
