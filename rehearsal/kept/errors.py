"""Why a kept lake cannot be used as it is. Nothing is thrown away for any of these: the next step is the user's."""

from __future__ import annotations

from rehearsal.errors import RehearsalError


class KeptError(RehearsalError):
    """A folder cannot hold a kept lake, or was opened in a way that does not allow what was asked."""


class KeptBusy(KeptError):
    """Another process works on the lake. ``pid`` and ``command`` are its own, as far as it has written them down."""

    def __init__(self, message: str, pid: int | None = None, command: str = "") -> None:
        super().__init__(message)
        self.pid, self.command = pid, command


class KeptDamaged(KeptError):
    """The file is there, and cannot be read as what it should be."""


class KeptOfAnotherVersion(KeptError):
    """The file was written by an older or newer program, in a form that this one does not read."""


class KeptFull(KeptError):
    """What was changed cannot be written down: the disk is full, or fails. What was answered before is kept."""
