"""A page of a list, by limit and offset, with the links to the pages around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from stand_ins.api import Request

HOST = "https://api.spotify.com"
MOST_OFFSET = 100_000


@dataclass(frozen=True)
class Slice:
    """So many places of a list, from an offset on."""

    limit: int
    offset: int

    @classmethod
    def asked(cls, request: Request, default: int, most: int) -> Slice | str:
        """What a request asks for, or what is wrong with it, in words."""
        limit = _number(request.params.get("limit", str(default)))
        offset = _number(request.params.get("offset", "0"))
        if limit is None or not 1 <= limit <= most:
            return "Invalid limit"
        return cls(limit, offset) if offset is not None and offset <= MOST_OFFSET else "Invalid offset"

    @property
    def page(self) -> int:
        """Counted from 1."""
        return self.offset // self.limit + 1

    def places(self, total: int) -> range:
        return range(self.offset, min(self.offset + self.limit, total))

    def link(self, request: Request, offset: int, **params: str) -> str:
        """The address of the page from an offset on, on the server that was asked."""
        host = request.headers.get("host")
        query = urlencode({**params, "offset": offset, "limit": self.limit})
        return f"{f'http://{host}' if host else HOST}{request.path}?{query}"


@dataclass(frozen=True)
class Paging:
    """How a list is laid out in pages. The page ``looping`` (0: none) has a next-link to itself."""

    request: Request
    slice: Slice
    looping: int = 0

    def page(self, total: int, item: Callable[[int], Any], **params: str) -> dict[str, Any]:
        """The page that was asked for; ``params`` stay in its links."""
        here, request = self.slice, self.request
        after, before = here.offset + here.limit, max(here.offset - here.limit, 0)
        following = here.offset if here.page == self.looping else after
        has_next = after < total or here.page == self.looping
        return {
            "href": here.link(request, here.offset, **params),
            "items": [item(place) for place in here.places(total)],
            "limit": here.limit,
            "next": here.link(request, following, **params) if has_next else None,
            "offset": here.offset,
            "previous": here.link(request, before, **params) if here.offset else None,
            "total": total,
        }


def before(request: Request, here: Slice) -> Request:
    """The request for the page before; the first page has itself before it."""
    return replace(request, params={**request.params, "offset": str(max(here.offset - here.limit, 0))})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
