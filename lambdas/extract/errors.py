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


class Refused(Broken):
    """The API says no to a request, with a ``status`` of its own for why: 400, 401, 403, 404 and the like."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class KeyRefused(Broken):
    """The API does not take the key."""

    def __init__(self, where: str, source: str, secret_id: str) -> None:
        super().__init__(
            f"{where}: the API refuses our key in the secret {secret_id}; "
            f"set a good one: pulumi config set --secret lakelet:{source}ApiKey, then pulumi up"
        )


class ChangedShape(Broken):
    """An answer is not what the source declares. ``declared`` says where that is: it is what to change."""

    def __init__(self, where: str, expected: str, found: str, declared: str) -> None:
        super().__init__(
            f"changed shape in {where}: expected {expected}, found {found}; nothing of this page is stored; "
            f"if the API has changed for good, change {declared}"
        )
