"""AWS's cron: minutes, hours, day of month, month, day of week (1 is Sunday) and year, with ``?``, L, W and #."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rehearsal.errors import RehearsalError

LAST_YEAR = 2199
MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
DAYS = {name: number for number, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}


class ExpressionRefused(RehearsalError):
    """A schedule expression that AWS would not accept."""


@dataclass(frozen=True)
class Cron:
    """Which minutes of which days. Times are wall-clock times of the schedule's zone."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: str
    months: frozenset[int]
    weekdays: str
    years: frozenset[int]

    def times_of(self, day: date) -> Iterator[tuple[int, int]]:
        """Hours and minutes on a day, in order; none on a day that is not meant."""
        if day.year in self.years and day.month in self.months and self._is_day(day):
            yield from ((hour, minute) for hour in self.hours for minute in self.minutes)

    def days_from(self, first: date) -> Iterator[date]:
        """Days on which it may fire, from ``first`` on; years and months that are not meant are stepped over."""
        day = first
        while day.year <= max(self.years, default=0):
            if day.year not in self.years:
                day = date(day.year + 1, 1, 1)
            elif day.month not in self.months:
                day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
            else:
                yield day
                day += timedelta(days=1)

    def _is_day(self, day: date) -> bool:
        if self.weekdays != "?":
            return any(_is_weekday(part, day) for part in self.weekdays.split(","))
        return any(_is_month_day(part, day) for part in self.days.split(","))


def parse(text: str) -> Cron:
    """From the six fields between the brackets of ``cron(...)``. Raises ExpressionRefused."""
    fields = text.upper().split()
    if len(fields) != 6:
        raise ExpressionRefused(f"cron({text}) has {len(fields)} fields; AWS wants six: minutes ... day-of-week year")
    minutes, hours, days, months, weekdays, years = fields
    if (days == "?") == (weekdays == "?"):
        raise ExpressionRefused(f"cron({text}): one of day of month and day of week must be '?', the other not")
    try:
        cron = Cron(
            minutes=tuple(sorted(_numbers(minutes, 0, 59))),
            hours=tuple(sorted(_numbers(hours, 0, 23))),
            days=days,
            months=frozenset(_numbers(months, 1, 12, MONTHS)),
            weekdays=weekdays,
            years=frozenset(_numbers(years, 1970, LAST_YEAR)),
        )
        cron._is_day(date(2024, 2, 29))  # looks at every part of the two day fields
        return cron
    except (ValueError, KeyError) as error:
        raise ExpressionRefused(f"cron({text}): {error}; see the EventBridge Scheduler user guide") from error


def _numbers(field: str, low: int, high: int, names: dict[str, int] | None = None) -> set[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        if span in ("*", "?"):
            first, last = low, high
        else:
            begin, dash, end = span.partition("-")
            first = _number(begin, low, high, names)
            last = _number(end, low, high, names) if dash else (high if step else first)
        wide = last + (high - low + 1 if last < first else 0)  # FRI-MON goes round
        found |= {low + (n - low) % (high - low + 1) for n in range(first, wide + 1, int(step or 1))}
    return found


def _number(text: str, low: int, high: int, names: dict[str, int] | None) -> int:
    number = (names or {}).get(text) or int(text)
    if not low <= number <= high:
        raise ValueError(f"{text} is not within {low} and {high}")
    return number


def _is_month_day(part: str, day: date) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    if part == "L":
        return day.day == last
    if part in ("LW", "WL"):
        return day == _nearest_weekday(day.replace(day=last))
    if part.endswith("W"):
        wanted = _number(part[:-1], 1, 31, None)
        return wanted <= last and day == _nearest_weekday(day.replace(day=wanted))
    return day.day in _numbers(part, 1, 31)


def _nearest_weekday(day: date) -> date:
    """The working day closest to a day, within its month."""
    step = {5: -1, 6: 1}.get(day.weekday(), 0)
    near = day + timedelta(days=step)
    return near if near.month == day.month else day - timedelta(days=2 * step)


def _is_weekday(part: str, day: date) -> bool:
    number = day.isoweekday() % 7 + 1
    if part == "L":
        return number == 7
    if match := re.fullmatch(r"(\w+)#([1-5])", part):
        return number == _number(match[1], 1, 7, DAYS) and (day.day - 1) // 7 + 1 == int(match[2])
    if match := re.fullmatch(r"(\w+)L", part):
        is_last = day.day + 7 > calendar.monthrange(day.year, day.month)[1]
        return number == _number(match[1], 1, 7, DAYS) and is_last
    return number in _numbers(part, 1, 7, DAYS)
