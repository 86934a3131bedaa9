"""Made-up athletes. Same seed, same athletes, on any machine: all chance comes from the seed and their numbers.

Blanks around values are plain spaces: what else counts as blank is a matter of taste, and the truth should not be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from stand_ins.chance import draws, is_among, pick, pick_early
from stand_ins.olympics_names import FAMILY, GIVEN, NICKNAMES, NOCS, SPORTS
from stand_ins.olympics_order import CYCLE, Role, roles

Record = dict[str, Any]

MOST_ATHLETES = 5_000_000  # ids have seven digits, and each is used once
_IDS = 10_000_000
_CIRCLE = 1_000_003
_BLANKS: tuple[str | None, ...] = (None, "", "   ")


@dataclass(frozen=True)
class Athlete:
    """An athlete on some day, as served: blanks and lower case included."""

    id: str
    name: str
    respelt: str
    country: str | None
    sport: str
    second_sport: str
    whim: int

    def record(self, sport: str | None, **other: Any) -> Record:
        return {"id": self.id, "name": self.name, "country": self.country, "sport": sport, **other}


class Athletes:
    """All athletes of a seed, by number."""

    def __init__(self, seed: int, changed_share: float, bad_per_thousand: int, sports: int, sports_found: bool) -> None:
        self._seed = seed
        self._sports = SPORTS[:sports]
        self._changed = round(changed_share * _CIRCLE)
        self._sports_found = sports_found
        chance = draws(seed, "start")
        self.cycle = roles(chance[0], bad_per_thousand)
        self._first_id = chance[1] << 16 | chance[2]

    def role(self, number: int) -> Role:
        role = self.cycle[number % CYCLE]
        return Role.PLAIN if role is Role.TWIN and number == 0 else role

    def changes(self, number: int, day: int) -> int:
        """How often an athlete has changed by a day. Each day takes its share of the athletes, evenly spread."""
        turn = number * 618_041
        return sum((turn + start) % _CIRCLE < self._changed for start in _starts(self._seed, day))

    def record(self, number: int, second: bool, day: int) -> Any:
        """What is served of an athlete, in the first record or the second."""
        role, changes = self.role(number), self.changes(number, day)
        athlete = self._athlete(number, role, changes)
        if second:
            return _second_record(athlete, role)
        is_found = self._sports_found and changes > 0
        if role is Role.LATE_SPORT or (role is Role.NO_SPORT and not is_found):
            return _without(athlete.record(None), "sport", athlete.whim)
        if role is Role.NO_COUNTRY and athlete.country is None:
            return _without(athlete.record(athlete.sport), "country", athlete.whim)
        return athlete.record(athlete.sport)

    def _athlete(self, number: int, role: Role, changes: int) -> Athlete:
        # Changes take turns, and athletes begin at different ends: half of a day's changes are of the country.
        country_changes = (changes + number % 2) // 2
        chance = draws(self._seed, number)
        looks = draws(self._seed, number - 1) if role is Role.TWIN else chance
        name, respelt = _names(looks, changes - country_changes)
        country = None
        if role is not Role.NO_COUNTRY or country_changes:
            country = _spelt_country(NOCS[((looks[6] * len(NOCS) >> 16) + 7 * country_changes) % len(NOCS)], looks[7])
        sport = pick_early(self._sports, chance[8])
        others = [other for other in self._sports if other != sport] if role is Role.TWO_SPORTS else self._sports
        return Athlete(self.id(number, role), name, respelt, country, sport, pick(others, chance[9]), chance[10])

    def id(self, number: int, role: Role) -> str:
        digits = self._digits(number)
        if role is Role.TWIN and self._digits(number - 1) < _IDS // 10:
            return str(self._digits(number - 1))
        return f"{digits:07d}" if number % 40 else f"ath-{digits:07d}"

    def _digits(self, number: int) -> int:
        return (number * 7_368_787 + self._first_id) % _IDS


@lru_cache(maxsize=1024)
def _starts(seed: int, day: int) -> tuple[int, ...]:
    """Where on the circle of athletes the changes of each day begin."""
    return tuple(draws(seed, "day", each)[0] * 15 for each in range(1, day + 1))


def _names(chance: Sequence[int], changes: int) -> tuple[str, str]:
    """A name in one of the forms that feeds have, and another spelling of it."""
    given, family = pick(GIVEN, chance[0]), pick(FAMILY, chance[1])
    if changes:
        family += "-" + FAMILY[(chance[1] + changes) % len(FAMILY)]
    initial = f" {chr(65 + (chance[2] * 26 >> 16))}." if chance[2] % 3 else ""
    name, form = f"{given}{initial} {family}", chance[3]
    if is_among(form, 50):
        name = f"{family}, {given}{initial}"
    elif is_among(form, 65):
        name = f"{given} {pick(NICKNAMES, chance[4])} {family}"
    elif is_among(form, 75):
        name = f"{family}{given}"
    if is_among(chance[5], 20):
        name = (f" {name}", f"{name}  ", f" {name} ")[chance[5] % 3]
    return name, f"{family} / {given}{initial}"


def _spelt_country(code: str, draw: int) -> str:
    if is_among(draw, 20):
        return code.lower()
    return f" {code} " if is_among(draw, 30) else code


def _without(record: Record, field: str, whim: int) -> Record:
    """A record whose field is missing, null or blank."""
    if whim % 4 == 0:
        return {name: value for name, value in record.items() if name != field}
    return {**record, field: _BLANKS[whim % 3]}


def _second_record(athlete: Athlete, role: Role) -> Any:
    if role is Role.BAD:
        return pick(_BAD, athlete.whim)(athlete)
    if role is Role.TWO_SPORTS:
        return athlete.record(athlete.second_sport)
    if role is Role.RESPELT:
        return athlete.record(athlete.sport, name=athlete.respelt)
    if role is Role.PADDED_ID:
        return athlete.record(athlete.sport, id=f" {athlete.id} ")
    return athlete.record(athlete.sport)


_BAD: tuple[Callable[[Athlete], Any], ...] = (
    lambda athlete: {"name": athlete.name, "country": athlete.country, "sport": athlete.sport},
    lambda athlete: athlete.record(athlete.sport, id=None),
    lambda athlete: athlete.record(athlete.sport, id="  "),
    lambda athlete: {"id": athlete.id, "country": athlete.country, "sport": athlete.sport},
    lambda athlete: athlete.record(athlete.sport, name=None),
    lambda athlete: athlete.record(athlete.sport, name=" "),
    lambda athlete: athlete.name,
    lambda athlete: athlete.whim,
    lambda athlete: [athlete.id, athlete.name],
    lambda _athlete: None,
)
