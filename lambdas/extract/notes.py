"""What is worth knowing of a run, and no reason to fail: the notes that are kept with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lambdas.extract.asked import Asked
from lambdas.extract.envelope import End, Page


def of_page(asked: Asked, page: Page, is_last: bool, notes: Iterable[str]) -> list[str]:
    """What a page tells that is not among the notes yet; of the last one of a part, also what does not follow."""
    return _new_fields(page.news, notes) + (_held_back(asked, page.envelope) if is_last else [])


def of_end(asked: Asked, end: End, says_more: bool) -> list[str]:
    early = f"{asked} is empty, and still says that there is another: what follows is not read"
    return ([early] if says_more else []) + _held_back(asked, end.envelope)


def _new_fields(news: Mapping[str, str], notes: Iterable[str]) -> list[str]:
    """A note for each new field that has none yet; what is found there differs from page to page."""
    heads = {path: f"new field {path}, " for path in news}
    return [f"{head}{news[path]}" for path, head in heads.items() if not any(note.startswith(head) for note in notes)]


def left_out(asked: Asked, status: int) -> str:
    """A part that cannot be read, or not to its end."""
    why = "it is not there" if status == 404 else "our app may not read it"
    what = "is left out" if asked.is_first else f"is left out from page {asked.page} on"
    mend = "look for a typing error" if status == 404 else "make it public"
    return f"{asked.part} {what}: {why} ({status}); {mend}, or take it out of {asked.chosen}"


def _held_back(asked: Asked, envelope: Mapping[str, Any]) -> list[str]:
    """A part of which the API does not give all."""
    words = asked.stream.paging.held_back(envelope)
    mend = f"choose smaller {asked.chosen}" if asked.part else f"narrow {asked.declared}"
    return [f"{asked.part or asked.stream.name}: {words}; to have all, {mend}"] if words else []
