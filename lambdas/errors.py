"""The base of all errors of this room, and those that both halves of it raise."""

from __future__ import annotations


class LambdaError(Exception):
    """Something that a function of the lake cannot do; the message says in one line what to do next."""


class SettingMissing(LambdaError):
    """A variable that the function needs is not in its environment."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the environment variable {name} is not set; deploy the stack again: infra sets it")


class Lost(LambdaError):
    """A conditional write found the item in another state than expected: somebody else was faster."""


def one_line(text: object, most: int = 300) -> str:
    """A text without line breaks, cut where it gets too long to read."""
    line = " ".join(str(text).split())
    return line if len(line) <= most else f"{line[: most - 3]}..."
