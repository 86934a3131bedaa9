from __future__ import annotations

import pytest

from lakelet.moments import day_of, last_due, moment_of, next_moment
from sources.model import DAY, run_id

START = 1_772_431_200.0  # 2026-03-02T06:00:00Z


def daily(after: float) -> float:
    """Due at START and each day before and after it."""
    return START + ((after - START) // DAY + 1) * DAY


def run(day: int, state: str = "curated") -> dict[str, str]:
    from datetime import UTC, datetime

    return {"run": run_id(datetime.fromtimestamp(START + day * DAY, UTC).isoformat()), "state": state}


def weekly(after: float) -> float:
    """Due at START and each week before and after it."""
    return START + ((after - START) // (7 * DAY) + 1) * 7 * DAY


def test_a_new_lake_begins_with_the_last_time_that_was_due() -> None:
    assert next_moment([], daily, now=START + 3600) == START
    assert next_moment([], daily, now=START - 1) == START - DAY
    assert last_due(daily, START) == START, "a time that is due now is due"


def test_what_is_due_once_a_week_begins_with_the_last_time_too() -> None:
    assert next_moment([], weekly, now=START + 5 * DAY, every=7 * DAY) == START


def test_a_lake_goes_on_a_day_after_its_newest_run_whatever_the_time_is() -> None:
    assert next_moment([run(0), run(1, "parked")], daily, now=START + 90 * DAY) == START + 2 * DAY


@pytest.mark.parametrize("state", ["extracting", "waiting", "extracted", "curating", "failed"])
def test_an_unfinished_run_comes_first_and_the_oldest_before_the_others(state) -> None:
    runs = [run(0), run(1, state), run(2), run(3, state)]
    assert next_moment(runs, daily, now=START) == START + DAY


def test_the_day_of_the_data_is_counted_from_the_first_run() -> None:
    assert day_of([], START) == 0
    assert day_of([run(0), run(1)], START + 5 * DAY) == 5
    assert day_of([run(0)], START - 5 * DAY) == 0, "there are no data from before the first day"
    assert day_of([run(0)], START + 3 * DAY - 3600) == 3, "a day of 23 hours is a day"


def test_the_moment_of_a_run_is_in_its_name() -> None:
    assert moment_of({"run": "20260302T060000Z"}) == START
