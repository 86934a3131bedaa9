"""How a stream is read page by page.

A strategy turns a cursor into the parameters of a request, and an answer into the next cursor. Cursors are strings:
they are kept in DynamoDB between pages. The sweep itself (stop rule, page cap, loop guard) is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class Paging(Protocol):
    """A way through the pages of a stream."""

    @property
    def max_pages(self) -> int:
        """No sweep reads more pages than this; one that would has lost its way, and stops with an error."""

    def first(self) -> str:
        """The cursor of the first page."""

    def params(self, cursor: str) -> dict[str, str]:
        """The request parameters that ask for the page at a cursor."""

    def after(self, cursor: str, _answer: Mapping[str, Any]) -> str | None:
        """The cursor of the page after this answer, or None where the answer says that it is the last."""


@dataclass(frozen=True)
class PageNumber:
    """``?page=1``, ``?page=2``, ... until a page past the end: empty, missing, 404, or a page seen before."""

    param: str
    start: int = 1
    max_pages: int = 2_000

    def first(self) -> str:
        return str(self.start)

    def params(self, cursor: str) -> dict[str, str]:
        return {self.param: cursor}

    def after(self, cursor: str, _answer: Mapping[str, Any]) -> str | None:
        return str(int(cursor) + 1)
