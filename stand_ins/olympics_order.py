"""In which order athletes are served, and which of them are served in a second record.

Every record is a function of its place, so page 90 of 100 is as quick as page 1 and a million athletes need no memory.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from enum import Enum, auto
from math import gcd


class Role(Enum):
    """What is odd about an athlete."""

    PLAIN = auto()
    NO_SPORT = auto()  # null, missing or blank
    LATE_SPORT = auto()  # the same, and a sport in a second record
    TWO_SPORTS = auto()  # the second one in a second record
    REPEATED = auto()  # the same record again
    RESPELT = auto()  # the same again with the name in another spelling
    PADDED_ID = auto()  # the same again with blanks around the id
    TWIN = auto()  # name and country of the athlete before, and where it can be, the same id but for leading zeros
    NO_COUNTRY = auto()  # null, missing or blank
    BAD = auto()  # a second record that is no good


CYCLE = 1_000
PER_CYCLE = {
    Role.NO_SPORT: 24,
    Role.LATE_SPORT: 6,
    Role.TWO_SPORTS: 10,
    Role.REPEATED: 18,
    Role.RESPELT: 3,
    Role.PADDED_ID: 2,
    Role.TWIN: 4,
    Role.NO_COUNTRY: 5,
}
MOST_BAD = CYCLE - sum(PER_CYCLE.values())
_TWICE = {Role.LATE_SPORT, Role.TWO_SPORTS, Role.REPEATED, Role.RESPELT, Role.PADDED_ID, Role.BAD}


def roles(shift: int, bad_per_thousand: int) -> list[Role]:
    """The roles of a thousand athletes. Each is spread evenly, so that a hundred athletes show nearly all of them."""
    dealt = [role for role, count in PER_CYCLE.items() for _ in range(count)]
    dealt += [Role.PLAIN] * (CYCLE - len(dealt) - bad_per_thousand) + [Role.BAD] * bad_per_thousand
    return [dealt[(number * 617 + shift) % CYCLE] for number in range(CYCLE)]


class Order:
    """``order[place]`` is an athlete's number, and whether this is the athlete's second record.

    First and second records are mixed evenly, the second ones in an order of their own: about half of them come
    before the first record, and nearly all on another page.
    """

    def __init__(self, athletes: int, cycle: Sequence[Role]) -> None:
        self._twice = [number for number, role in enumerate(cycle) if role in _TWICE]
        cycles, rest = divmod(athletes, CYCLE)
        self._second = cycles * len(self._twice) + bisect_left(self._twice, rest)
        self._stride = next(step for step in range(self._second * 5 // 8 + 1, 2**62) if gcd(step, self._second) == 1)
        self._size = athletes + self._second

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, place: int) -> tuple[int, bool]:
        second_before = place * self._second // self._size
        if (place + 1) * self._second // self._size == second_before:
            return place - second_before, False
        cycles, number = divmod(second_before * self._stride % self._second, len(self._twice))
        return cycles * CYCLE + self._twice[number], True
