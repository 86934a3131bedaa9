"""The double of the catalogue: ``GET /books?page=N``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stand_ins.api import Answer, Api, Request, refusal

PAGE_SIZE = 25
SHELVES = ("A1", "A2", "B1")
UNTITLED = 20  # one record in so many has no title yet


@dataclass
class Books(Api):
    """So many books; every day the next one in the order of their numbers is moved to the cellar."""

    books: int = 60
    day: int = 0

    key_header = "x-api-key"

    def answer(self, request: Request) -> Answer:
        page = self.page_of(request)
        if page is None:
            return refusal(404, f"nothing at {request.path}")
        return Answer(200, {"books": self.records()[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]})

    def page_of(self, request: Request) -> int | None:
        return int(request.params.get("page", "1")) if request.path == "/books" else None

    def before(self, request: Request) -> Request:
        return request.with_param("page", max((self.page_of(request) or 1) - 1, 1))

    def records(self) -> list[dict[str, Any]]:
        return [_record(number, in_cellar=number < self.day) for number in range(self.books)]

    def truth(self, days: Iterable[int] | None = None) -> int:
        """How many books are in the table, whatever the days: none comes, and none goes."""
        return sum(record["title"] is not None for record in self.records())

    def describe(self) -> str:
        return f"{self.books} books"


def _record(number: int, in_cellar: bool) -> dict[str, Any]:
    title = None if number % UNTITLED == UNTITLED - 1 else f"Volume {number}"
    shelf = "cellar" if in_cellar else SHELVES[number % len(SHELVES)]
    return {"id": f"b{number}", "title": title, "author": f"Author {number % 7}", "shelf": shelf}
