"""When schedules are due: each case worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rehearsal.events.cron import ExpressionRefused
from rehearsal.events.expressions import Timing


def epoch(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def next_times(expression: str, after: str, count: int = 1, **settings) -> list[str]:
    timing, moment, times = Timing(expression, **settings), epoch(after), []
    for _ in range(count):
        found = timing.next_time(moment)
        if found is None:
            return [*times, "never"]
        moment = found
        times.append(datetime.fromtimestamp(found, UTC).strftime("%Y-%m-%d %H:%M"))
    return times


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("cron(0 6 * * ? *)", "2026-11-21T05:59:59", ["2026-11-21 06:00", "2026-11-22 06:00"]),
        ("cron(0 6 * * ? *)", "2026-11-21T06:00:00", ["2026-11-22 06:00", "2026-11-23 06:00"]),
        ("cron(*/15 8-9 * * ? *)", "2026-11-21T08:50:00", ["2026-11-21 09:00", "2026-11-21 09:15"]),
        ("cron(5,10 0 1 1 ? *)", "2026-11-21T00:00:00", ["2027-01-01 00:05", "2027-01-01 00:10"]),
        ("cron(0 8 ? * MON-FRI *)", "2026-11-20T09:00:00", ["2026-11-23 08:00", "2026-11-24 08:00"]),
        ("cron(0 8 ? * 1 *)", "2026-11-20T09:00:00", ["2026-11-22 08:00", "2026-11-29 08:00"]),
        ("cron(0 8 L * ? *)", "2028-02-01T00:00:00", ["2028-02-29 08:00", "2028-03-31 08:00"]),
        ("cron(0 8 ? * 6L *)", "2026-11-01T00:00:00", ["2026-11-27 08:00", "2026-12-25 08:00"]),
        ("cron(0 8 ? * TUE#2 *)", "2026-11-01T00:00:00", ["2026-11-10 08:00", "2026-12-08 08:00"]),
        ("cron(0 8 15W * ? *)", "2026-11-01T00:00:00", ["2026-11-16 08:00", "2026-12-15 08:00"]),  # the 15th: a Sunday
        ("cron(0 8 1W 8 ? *)", "2026-01-01T00:00:00", ["2026-08-03 08:00", "2027-08-02 08:00"]),  # never back a month
        ("cron(0 8 1 JAN,JUL ? 2027)", "2026-11-01T00:00:00", ["2027-01-01 08:00", "2027-07-01 08:00", "never"]),
        ("cron(0 0 30 2 ? 2027)", "2026-11-01T00:00:00", ["never"]),
        ("at(2026-12-24T15:00:00)", "2026-11-21T00:00:00", ["2026-12-24 15:00", "never"]),
    ],
)
def test_next_times(expression, after, expected):
    assert next_times(expression, after, len(expected)) == expected


def test_a_zone_keeps_its_wall_clock_over_the_change_of_time():
    times = next_times("cron(0 6 * * ? *)", "2026-10-23T12:00:00", 3, zone="Europe/Stockholm")
    assert times == ["2026-10-24 04:00", "2026-10-25 05:00", "2026-10-26 05:00"]


def test_a_time_that_spring_skips_is_not_due():
    times = next_times("cron(30 2 * * ? *)", "2026-03-28T00:00:00", 2, zone="Europe/Stockholm")
    assert times == ["2026-03-28 01:30", "2026-03-30 00:30"]  # there is no 02:30 on the 29th


def test_a_time_that_autumn_repeats_is_due_once():
    times = next_times("cron(30 2 * * ? *)", "2026-10-24T12:00:00", 2, zone="Europe/Stockholm")
    assert times == ["2026-10-25 00:30", "2026-10-26 01:30"]


def test_at_is_read_in_its_zone():
    assert next_times("at(2026-07-01T00:00:00)", "2026-01-01T00:00:00", zone="America/New_York") == ["2026-07-01 04:00"]


def test_a_rate_counts_from_the_creation_of_the_schedule():
    created = epoch("2026-11-21T10:07:00")
    assert next_times("rate(15 minutes)", "2026-11-21T10:07:00", 2, created=created) == [
        "2026-11-21 10:22",
        "2026-11-21 10:37",
    ]
    assert next_times("rate(1 day)", "2026-11-25T10:07:00", created=created) == ["2026-11-26 10:07"]


def test_dates_bound_a_schedule_and_a_rate_counts_from_its_start():
    start, end = epoch("2026-12-01T00:00:00"), epoch("2026-12-01T02:00:00")
    times = next_times("rate(1 hour)", "2026-11-21T00:00:00", 4, start=start, end=end)
    assert times == ["2026-12-01 00:00", "2026-12-01 01:00", "2026-12-01 02:00", "never"]
    assert next_times("cron(0 0 * * ? *)", "2026-11-21T00:00:00", start=start) == ["2026-12-01 00:00"]


@pytest.mark.parametrize(
    ("expression", "zone", "message"),
    [
        ("cron(0 6 * * *)", "UTC", "5 fields"),
        ("cron(0 6 * * * *)", "UTC", "must be '?'"),
        ("cron(0 24 * * ? *)", "UTC", "24 is not within 0 and 23"),
        ("cron(0 0 ? * FUN *)", "UTC", "FUN"),
        ("rate(15)", "UTC", "written as 15 minutes"),
        ("rate(0 minutes)", "UTC", "written as 15 minutes"),
        ("at(tomorrow)", "UTC", "2026-11-21T06:00:00"),
        ("every day", "UTC", "'every day'"),
        ("cron(0 6 * * ? *)", "Europe/Atlantis", "Europe/Atlantis"),
    ],
)
def test_what_aws_would_not_accept_is_refused(expression, zone, message):
    with pytest.raises(ExpressionRefused, match=message.replace("?", r"\?")):
        Timing(expression, zone).next_time(0)
