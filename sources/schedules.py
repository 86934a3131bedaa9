"""When a stream is read: at a time of day in a time zone of the IANA database."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE = 60
DAY = 86_400
WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


@dataclass(frozen=True)
class Daily:
    """Every day at ``at`` (HH:MM)."""

    at: str
    zone: str

    @property
    def every_seconds(self) -> int:
        """From one time to the next; where the clocks change, an hour more or less."""
        return DAY


@dataclass(frozen=True)
class Weekly:
    """Every week on a day (MON to SUN) at ``at`` (HH:MM)."""

    on: str
    at: str
    zone: str

    @property
    def every_seconds(self) -> int:
        return 7 * DAY


Schedule = Daily | Weekly
