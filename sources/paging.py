"""How a stream is read page by page.

A strategy turns a cursor into the parameters of a request, and a page into the next cursor. Cursors are strings: they
are kept in DynamoDB between pages. ``envelope`` is the object of an answer that holds the list of records. The sweep
itself (stop rule, page cap, loop guard) is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit


class PagingBroken(ValueError):
    """A page does not say where the next one is; the message says what it does say."""


class Paging(Protocol):
    """A way through the pages of a stream. ``ends_by_repeating``: a page that was there before stands for the end."""

    @property
    def max_pages(self) -> int:
        """No sweep reads more pages than this; one that would has lost its way, and stops with an error."""

    @property
    def ends_by_repeating(self) -> bool: ...

    def first(self) -> str:
        """The cursor of the first page."""

    def params(self, cursor: str) -> dict[str, str]:
        """The request parameters that ask for the page at a cursor."""

    def after(self, cursor: str, envelope: Mapping[str, Any]) -> str | None:
        """The cursor of the page after this one, or None where it says that it is the last."""

    def held_back(self, envelope: Mapping[str, Any]) -> str:
        """In words, what does not follow a last page because the API never gives so much; empty where nothing is."""


@dataclass(frozen=True)
class PageNumber:
    """``?page=1``, ``?page=2``, ... until a page past the end: empty, missing, 404, or a page seen before."""

    param: str
    start: int = 1
    max_pages: int = 2_000
    ends_by_repeating: ClassVar[bool] = True

    def first(self) -> str:
        return str(self.start)

    def params(self, cursor: str) -> dict[str, str]:
        return {self.param: cursor}

    def after(self, cursor: str, _envelope: Mapping[str, Any]) -> str | None:
        return str(int(cursor) + 1)

    def held_back(self, _envelope: Mapping[str, Any]) -> str:
        return ""


@dataclass(frozen=True)
class NextLink:
    """Each page has the address of the next in ``field``, the last one null. Of the address only the query counts.

    So the key goes nowhere else, whatever host a link names.
    """

    field: str = "next"
    max_pages: int = 2_000
    ends_by_repeating: ClassVar[bool] = False

    def first(self) -> str:
        return ""

    def params(self, cursor: str) -> dict[str, str]:
        return dict(parse_qsl(cursor, keep_blank_values=True))

    def after(self, cursor: str, envelope: Mapping[str, Any]) -> str | None:
        link = envelope.get(self.field)
        if link is None:
            return None
        query = urlsplit(link).query if isinstance(link, str) else ""
        if not query:
            raise PagingBroken(f"its {self.field} is {str(link)[:100]!r}, which is no link to another page")
        following = urlencode(parse_qsl(query, keep_blank_values=True))
        if following == cursor:
            raise PagingBroken(f"its {self.field} leads to itself ({query[:100]})")
        return following

    def held_back(self, _envelope: Mapping[str, Any]) -> str:
        return ""


@dataclass(frozen=True)
class Offset:
    """``?offset=0``, ``?offset=50``, ... until a page says that it is the last, or the API gives no more than ``most``.

    The API may give fewer records a page than it was asked for: ``limit`` in a page is the step that it took.
    """

    param: str = "offset"
    most: int = 1_000
    next_field: str = "next"
    total_field: str = "total"
    max_pages: int = 2_000
    ends_by_repeating: ClassVar[bool] = False

    def first(self) -> str:
        return "0"

    def params(self, cursor: str) -> dict[str, str]:
        return {self.param: cursor}

    def after(self, cursor: str, envelope: Mapping[str, Any]) -> str | None:
        step = envelope.get("limit")
        if not isinstance(step, int) or isinstance(step, bool) or step < 1:
            raise PagingBroken(f"its limit is {str(step)[:100]!r}, and no step to the next page can be told from it")
        following = int(cursor) + step
        return str(following) if envelope.get(self.next_field) and following + step <= self.most else None

    def held_back(self, envelope: Mapping[str, Any]) -> str:
        total = envelope.get(self.total_field)
        is_more = isinstance(total, int) and total > self.most
        return f"it finds {total:,} records, and the API gives {self.most:,} at most" if is_more else ""
