"""What the rehearsal tells while it works: an event for each thing that starts, ends or moves."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Event:
    """``kind`` such as "function-started", ``name`` of what it is about. ``moment`` is monotonic: for durations."""

    kind: str
    name: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    moment: float = field(default_factory=time.monotonic)


Listener = Callable[[Event], None]


def ignore(_event: Event) -> None:
    """The listener of who does not want to know."""


def tell(listener: Listener, kind: str, name: str, **detail: Any) -> None:
    listener(Event(kind, name, detail))
