"""What a stack may choose about a source: ``lakelet:SOURCE`` has it, as in ``{"playlists": ["..."]}``.

``schedules`` is there for every source: when each stream is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SCHEDULES = "schedules"


class OptionRefused(ValueError):
    """A stack chooses what cannot be; the message names the option, what was given and what is possible."""


@dataclass(frozen=True)
class Option:
    """One choice. A ``default`` of several values is a list, of which there is at least one; each fits ``pattern``."""

    name: str
    text: str
    default: str | tuple[str, ...]
    pattern: str

    @property
    def is_list(self) -> bool:
        return isinstance(self.default, tuple)

    def fits(self, value: str) -> bool:
        return re.fullmatch(self.pattern, value) is not None
