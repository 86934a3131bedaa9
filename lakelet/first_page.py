"""What is done as soon as a run has something to curate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rehearsal.hooks import Hooks
from sources.layout import RAW


@contextmanager
def at_the_first_page(hooks: Hooks, source: str, act: Callable[[], object]) -> Iterator[None]:
    """While the block runs, ``act`` is called once: when the first page of a source is stored."""
    told_before = hooks.object_event

    def stored(bucket: str, key: str, event: str) -> None:
        told_before(bucket, key, event)
        if key.startswith(f"{RAW}{source}/"):
            hooks.object_event = told_before
            act()

    hooks.object_event = stored
    try:
        yield
    finally:
        hooks.object_event = told_before
