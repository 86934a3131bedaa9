"""Why a sweep stops before its end."""

from __future__ import annotations

from lambdas.errors import LambdaError


class ExtractError(LambdaError):
    """A sweep cannot go on."""


class Unavailable(ExtractError):
    """The API did not answer as it should, this time. ``retry_after`` is the pause it asks for, in seconds."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Waits(ExtractError):
    """The run stops in good order, and goes on by itself at ``resume_at`` (seconds since the epoch)."""

    def __init__(self, message: str, resume_at: float) -> None:
        super().__init__(message)
        self.resume_at = resume_at


class Broken(ExtractError):
    """The run fails: trying again at once would not help."""


class KeyRefused(Broken):
    """The API does not take the key."""


class NotThere(Broken):
    """404. Past the first page that is one way to say that there are no more."""


class ChangedShape(Broken):
    """An answer is not what the source declares."""

    def __init__(self, where: str, expected: str, found: str) -> None:
        super().__init__(
            f"changed shape in {where}: expected {expected}, found {found}; nothing of this page is stored; "
            "if the API has changed for good, change the declaration in sources/"
        )
