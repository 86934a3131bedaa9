"""What can be wrong with the way a stand-in is called."""

from __future__ import annotations


class StandInError(Exception):
    """A stand-in was asked for something that it does not have. The message is one line that says what it has."""
