"""Where a page leads: to another page of its part, to the next part, to the end, or nowhere."""

from __future__ import annotations

from lambdas.extract.asked import Asked
from lambdas.extract.bookmark import Bookmark, Step, to_next_part, within_part
from lambdas.extract.envelope import End, Page
from lambdas.extract.errors import Broken
from sources.paging import PagingBroken


def cursor_after(mark: Bookmark, asked: Asked, found: Page) -> str | None:
    """The cursor of the page after this one in its part, None where it is the last; Broken where it does not say."""
    try:
        return asked.stream.paging.after(mark.at, found.envelope)
    except PagingBroken as broken:
        raise leads_nowhere(asked, broken) from broken


def leads_nowhere(asked: Asked, why: object) -> Broken:
    return Broken(f"{asked} leads nowhere: {why}; nothing of it is stored, and the next try reads it again")


def step_after(mark: Bookmark, asked: Asked, after: str | None) -> Step:
    if after is not None:
        return within_part(mark, after)
    return to_next_part(mark.part_read(), asked.stream, asked.page + 1, f"page {asked.page} says that it is the last")


def says_more(mark: Bookmark, asked: Asked, end: End) -> bool:
    """Whether an empty page is not the last one by its own words, where pages have words for that."""
    paging = asked.stream.paging
    try:
        return not paging.ends_by_repeating and paging.after(mark.at, end.envelope) is not None
    except PagingBroken:
        return True
