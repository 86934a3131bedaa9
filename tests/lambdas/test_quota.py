"""Calls counted for all functions that read a source: none too many in any window, and none lost without need."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from lambdas.extract import windows
from lambdas.extract.quota import OutOfQuota, Quota
from sources.model import DAY, MINUTE, Limit
from tests.lambdas.conftest import FIVE_O_CLOCK, Fused, StillClock, Tables

THREE_IN_TEN = Limit(3, 10, rolls=True)


@pytest.fixture
def quota(aws: Callable[[str], Any], tables: Tables, clock: StillClock) -> Callable[..., Quota]:
    return lambda *limits: Quota(aws("dynamodb"), tables.quota, "spotify", limits, clock)


def window(aws: Callable[[str], Any], tables: Tables) -> dict[str, Any]:
    (item,) = aws("dynamodb").scan(TableName=tables.quota)["Items"]
    return dict(item)


def test_a_rolling_window_is_free_again_when_its_oldest_call_falls_out(
    quota: Callable[..., Quota], clock: StillClock
) -> None:
    spotify = quota(THREE_IN_TEN)
    for after in (0, 4, 3):
        clock.time += after
        spotify.spend()
    with pytest.raises(OutOfQuota, match="3 calls in 10 s") as out:
        spotify.spend()
    assert out.value.resume_at == FIVE_O_CLOCK + 10
    clock.time = FIVE_O_CLOCK + 9.999
    with pytest.raises(OutOfQuota):
        spotify.spend()
    clock.time = FIVE_O_CLOCK + 10
    spotify.spend()
    with pytest.raises(OutOfQuota) as out:
        spotify.spend()
    assert out.value.resume_at == FIVE_O_CLOCK + 14


def test_a_rolling_window_has_no_border_over_which_calls_could_double(
    quota: Callable[..., Quota], clock: StillClock
) -> None:
    clock.time = 10 * (FIVE_O_CLOCK // 10) + 9
    spotify = quota(THREE_IN_TEN)
    for _ in range(3):
        spotify.spend()
    clock.time += 2
    with pytest.raises(OutOfQuota):
        spotify.spend()


def test_what_is_left_is_told(quota: Callable[..., Quota], clock: StillClock) -> None:
    spotify = quota(THREE_IN_TEN)
    assert spotify.left() == 3
    spotify.spend()
    assert spotify.left() == 2
    clock.time += 10
    assert spotify.left() == 3
    assert quota().left() is None


def test_no_window_counts_a_call_that_another_has_no_room_for(
    aws: Callable[[str], Any], tables: Tables, quota: Callable[..., Quota], clock: StillClock
) -> None:
    both = quota(THREE_IN_TEN, Limit(2, DAY))
    both.spend()
    both.spend()
    with pytest.raises(OutOfQuota, match="2 calls in 86400 s"):
        both.spend()
    assert quota(THREE_IN_TEN).left() == 1
    quota(THREE_IN_TEN).spend()
    with pytest.raises(OutOfQuota, match="3 calls in 10 s"):
        quota(THREE_IN_TEN, Limit(5, DAY)).spend()
    assert quota(Limit(5, DAY)).left() == 3


def test_only_what_still_counts_is_kept(
    aws: Callable[[str], Any], tables: Tables, quota: Callable[..., Quota], clock: StillClock
) -> None:
    spotify = quota(THREE_IN_TEN)
    for _ in range(9):
        spotify.spend()
        clock.time += 4
    item = window(aws, tables)
    assert len(item["moments"]["L"]) == 3
    assert int(item["expires"]["N"]) > clock.now()


def test_a_limit_that_was_lowered_holds_at_once(quota: Callable[..., Quota], clock: StillClock) -> None:
    for _ in range(3):
        quota(THREE_IN_TEN).spend()
        clock.time += 1
    with pytest.raises(OutOfQuota) as out:
        quota(Limit(1, 10, rolls=True)).spend()
    assert out.value.resume_at == FIVE_O_CLOCK + 12  # when the newest has fallen out


def test_a_rolling_window_is_read_and_updated_and_nothing_else(
    aws: Callable[[str], Any], tables: Tables, clock: StillClock
) -> None:
    asked: list[str] = []

    class Listening:
        def burn(self, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            asked.extend(next(iter(item)) for item in kwargs.get("TransactItems", []))
            return call(*args, **kwargs)

    client = Fused(aws("dynamodb"), Listening())  # type: ignore[arg-type]
    Quota(client, tables.quota, "spotify", (THREE_IN_TEN, Limit(3, MINUTE)), clock).spend()
    assert asked == ["Update", "Update"]


def test_of_many_functions_at_once_only_so_many_get_through_and_none_is_sent_away_early(
    quota: Callable[..., Quota],
) -> None:
    spotify = quota(Limit(12, 30, rolls=True))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _number: spotify.spend(), range(12)))
    with pytest.raises(OutOfQuota):
        spotify.spend()


def test_not_even_a_millisecond_is_given_away() -> None:
    update = windows.with_one_more([], 0, Limit(1, 10, rolls=True), 100.0019)
    (moment,) = update["ExpressionAttributeValues"][":put_moments"]["L"]
    assert windows.falls_out(int(moment["N"]), THREE_IN_TEN) >= 110.0019


@hypothesis(deadline=None, max_examples=100)
@given(
    st.integers(1, 5),
    st.integers(1, 10),
    st.lists(st.floats(0, 4, allow_nan=False), max_size=60),
    st.floats(0, 2e9, allow_nan=False),
)
def test_no_window_wherever_it_begins_has_more_calls_than_the_limit(
    calls: int, seconds: int, pauses: list[float], now: float
) -> None:
    limit = Limit(calls, seconds, rolls=True)
    kept: list[int] = []
    let_in: list[float] = []
    for pause in pauses:
        now += pause
        kept = windows.counting(kept, limit, now)
        free_at = windows.free_at(kept, limit)
        if free_at is None:
            let_in.append(now)
            update = windows.with_one_more(kept, 1, limit, now)
            kept = [int(each["N"]) for each in update["ExpressionAttributeValues"][":put_moments"]["L"]]
        else:
            assert now < free_at <= now + seconds + 0.001
    for begin in let_in:
        assert sum(begin <= moment < begin + seconds for moment in let_in) <= calls
