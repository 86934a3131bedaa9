"""What a command can end with besides success."""

from __future__ import annotations


class LakeletError(Exception):
    """A command cannot go on. The message is one line that says what to do; ``exit_code`` is the command's."""

    exit_code = 1


class UsageError(LakeletError):
    """The command was called with something that does not exist or does not fit."""

    exit_code = 2
