"""When a schedule is due: ``at(...)``, ``rate(...)`` and ``cron(...)`` in a time zone, within its dates."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rehearsal.events.cron import ExpressionRefused, parse

UNITS = {"minute": 60, "hour": 3600, "day": 86_400}


@dataclass(frozen=True)
class Timing:
    """A schedule's expression and dates. Moments are epoch seconds; ``created`` is where a rate counts from."""

    expression: str
    zone: str = "UTC"
    created: float = 0.0
    start: float | None = None
    end: float | None = None

    def next_time(self, after: float) -> float | None:
        """The first moment later than ``after``; None when there is none. Raises ExpressionRefused."""
        earliest = after if self.start is None else max(after, math.nextafter(self.start, -math.inf))
        kind, text = self._parts()
        found = {"at": self._next_at, "rate": self._next_rate, "cron": self._next_cron}[kind](text, earliest)
        return None if found is None or (self.end is not None and found > self.end) else found

    def _parts(self) -> tuple[str, str]:
        match = re.fullmatch(r"(at|rate|cron)\((.*)\)", self.expression.strip())
        if match is None:
            raise ExpressionRefused(f"schedule expression {self.expression!r} is neither at(), rate() nor cron()")
        return match[1], match[2].strip()

    def _next_at(self, text: str, after: float) -> float | None:
        try:
            moment = _epoch(datetime.strptime(text, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=self._zone_info()))
        except ValueError as error:
            raise ExpressionRefused(f"at({text}): the time is written as 2026-11-21T06:00:00") from error
        return moment if moment > after else None

    def _next_rate(self, text: str, after: float) -> float:
        match = re.fullmatch(r"([1-9]\d*) +(minute|hour|day)s?", text)
        if match is None:
            raise ExpressionRefused(f"rate({text}): a rate is written as 15 minutes")
        step = int(match[1]) * UNITS[match[2]]
        base = self.created + step if self.start is None else self.start
        return base if base > after else base + (math.floor((after - base) / step) + 1) * step

    def _next_cron(self, text: str, after: float) -> float | None:
        """A time that the zone skips in spring is not due; one that comes twice in autumn is due the first time."""
        cron, zone = parse(text), self._zone_info()
        for day in cron.days_from(datetime.fromtimestamp(after, zone).date()):
            for hour, minute in cron.times_of(day):
                wall = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
                if _epoch(wall) > after and not _is_skipped(wall, zone):
                    return _epoch(wall)
        return None

    def _zone_info(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ExpressionRefused(f"there is no time zone {self.zone!r}") from error


def _epoch(moment: datetime) -> float:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)


def _is_skipped(wall: datetime, zone: ZoneInfo) -> bool:
    return wall.astimezone(UTC).astimezone(zone).replace(fold=0) != wall
