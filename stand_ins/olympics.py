"""The double of the `olympic-sports-api`: ``GET /athletes?year=2024&page=N``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from stand_ins.api import Answer, Api, Request, refusal
from stand_ins.errors import StandInError
from stand_ins.olympics_athletes import MOST_ATHLETES, Athletes
from stand_ins.olympics_names import SPORTS
from stand_ins.olympics_order import MOST_BAD, Order
from stand_ins.olympics_truth import Truth, work_out

PATH = "/athletes"
YEAR = "2024"
HOST = "olympic-sports-api.p.rapidapi.com"
ENDS = ("empty", "missing", "404", "repeat")
_ROWS_KEPT_UP_TO = 100_000  # athletes; above, the truth is counts only


def _option(default: Any, help: str) -> Any:
    return field(default=default, metadata={"help": help})


@dataclass
class Olympics(Api):
    """Athletes of the Games, with all that is odd about real feeds. Each field is an option."""

    seed: int = _option(1, "another seed, other athletes")
    athletes: int = _option(11_000, "how many there are on day 0")
    page_size: int = _option(500, "records on a page")
    end: str = _option("empty", f"what comes after the last page: {', '.join(ENDS)}")
    day: int = _option(0, "the day of the data; each differs a little from the one before")
    changed_share: float = _option(0.01, "share of the athletes who change country or name from day to day")
    new_per_day: int = _option(0, "athletes who join each day, after all the others")
    bad_per_thousand: int = _option(5, "bad records to a thousand athletes")
    sports: int = _option(len(SPORTS), "how many sports there are: each is a partition of the table")
    sports_found: int = _option(0, "1: an athlete without a sport has one from the first change on")

    key_header = "x-rapidapi-key"

    def __post_init__(self) -> None:
        if self.end not in ENDS:
            raise StandInError(f"no end {self.end!r}; a page past the last can be: {', '.join(ENDS)}")
        for name, least, most in (
            ("athletes", 0, MOST_ATHLETES),
            ("page_size", 1, MOST_ATHLETES),
            ("day", 0, 100_000),
            ("changed_share", 0, 1),
            ("new_per_day", 0, MOST_ATHLETES),
            ("bad_per_thousand", 0, MOST_BAD),
            ("sports", 2, len(SPORTS)),
        ):
            if not least <= getattr(self, name) <= most:
                raise StandInError(f"{name} {getattr(self, name)} is out of range; give {least:,} to {most:,}")

    def answer(self, request: Request) -> Answer:
        refused = self._refusal(request)
        page = self.page_of(request)
        if refused or page is None:
            return refused or refusal(400, f"page {request.params.get('page')!r} is not a number from 1")
        if page <= self.pages(self.day) or self.end == "repeat":
            return _page(self.page(min(page, self.pages(self.day)), self.day))
        if self.end == "404":
            return refusal(404, f"page {page} does not exist")
        return _page([]) if self.end == "empty" else Answer(200, {"year": YEAR})

    def page_of(self, request: Request) -> int | None:
        text = request.params.get("page", "1")
        is_number = text.isascii() and text.isdigit() and len(text) < 10
        return int(text) or None if is_number and request.path == PATH else None

    def before(self, request: Request) -> Request:
        return request.with_param("page", max((self.page_of(request) or 1) - 1, 1))

    def describe(self) -> str:
        return f"{self.athletes:,} athletes in {self._size(self.day):,} records on {self.pages(self.day):,} pages"

    def truth(self, days: Iterable[int] | None = None, rows: bool | None = None) -> Truth:
        """What a lake must hold that has read these days in this order. Above 100,000 athletes: counts only."""
        served = (record for day in ([self.day] if days is None else days) for record in self.records(day))
        return work_out(served, keep_rows=self.athletes <= _ROWS_KEPT_UP_TO if rows is None else rows)

    def pages(self, day: int) -> int:
        """How many pages there are. Where there is nothing to serve, one page says so."""
        return max(-(-self._size(day) // self.page_size), 1)

    def page(self, page: int, day: int) -> list[Any]:
        """The records of a page."""
        start = (page - 1) * self.page_size
        return [self._record(place, day) for place in range(start, min(start + self.page_size, self._size(day)))]

    def records(self, day: int) -> Iterator[Any]:
        """All records of a day, in the order in which they are served."""
        return (self._record(place, day) for place in range(self._size(day)))

    def _refusal(self, request: Request) -> Answer | None:
        if request.path != PATH:
            return refusal(404, f"Endpoint '{request.path}' does not exist")
        if request.headers.get("x-rapidapi-host", HOST) != HOST:
            return refusal(404, "API doesn't exists")
        if request.params.get("year", YEAR) != YEAR:
            return refusal(400, f"no athletes of the year {request.params['year']!r}; there are: {YEAR}")
        return None

    def _size(self, day: int) -> int:
        return len(self._order) + day * self.new_per_day

    def _record(self, place: int, day: int) -> Any:
        joined = place - len(self._order)  # those who joined later come after all others, once each
        number, second = (self.athletes + joined, False) if joined >= 0 else self._order[place]
        return self._people.record(number, second, day)

    @cached_property
    def _people(self) -> Athletes:
        return Athletes(self.seed, self.changed_share, self.bad_per_thousand, self.sports, bool(self.sports_found))

    @cached_property
    def _order(self) -> Order:
        return Order(self.athletes, self._people.cycle)


def _page(records: list[Any]) -> Answer:
    return Answer(200, {"year": YEAR, "athletes": records})
