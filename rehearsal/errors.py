"""The one base of all that the rehearsal refuses or fails at."""

from __future__ import annotations


class RehearsalError(Exception):
    """Something could not be rehearsed. The message is one line: what, the offending value, what to do."""


class NotWired(RehearsalError):
    """A call needs a part of the rehearsal (functions, jobs) that nobody has put in place."""


class AccountBusy(RehearsalError):
    """A second account was started while one runs: moto's state and the clock belong to the whole process."""
