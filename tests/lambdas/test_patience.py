from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdas.extract.errors import Broken, Unavailable, Waits
from lambdas.extract.patience import LONGEST_PAUSE_SECONDS, TRIES, Patience, retry_after
from tests.lambdas.conftest import FIVE_O_CLOCK, StillClock


def patience(clock: StillClock, seconds: float, seed: int = 1) -> Patience:
    end = clock.now() + seconds
    return Patience(clock, lambda: end - clock.now(), random.Random(seed))


def failing(times: int, retry_after: float | None = None) -> Callable[[], str]:
    left = [Unavailable("down", retry_after)] * times

    def call() -> str:
        if left:
            raise left.pop()
        return "there"

    return call


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10), st.floats(0, 200), st.none() | st.floats(0, 300), st.integers())
def test_it_never_waits_longer_than_it_may(times: int, seconds: float, pause: float | None, seed: int) -> None:
    clock = StillClock()
    try:
        assert patience(clock, seconds, seed).keep_trying(failing(times, pause)) == "there"
        assert len(clock.slept) == times < TRIES
    except Waits as later:
        assert later.resume_at >= clock.now()
        assert len(clock.slept) < TRIES
    assert sum(clock.slept) <= seconds + 1e-6
    assert not pause or all(slept == pause for slept in clock.slept)
    assert pause or all(slept <= LONGEST_PAUSE_SECONDS for slept in clock.slept)


def test_callers_that_failed_together_spread_out() -> None:
    pauses = set()
    for seed in range(20):
        clock = StillClock()
        patience(clock, 900, seed).keep_trying(failing(3))
        pauses.add(tuple(clock.slept))
    assert len(pauses) == 20


def test_what_no_try_mends_is_not_tried_again() -> None:
    clock = StillClock()

    def call() -> str:
        raise Broken("400")

    with pytest.raises(Broken):
        patience(clock, 900).keep_trying(call)
    assert clock.slept == []


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        (" 120 ", 120.0),
        ("Sat, 21 Nov 2026 05:01:00 GMT", 60.0),
        ("Sat, 21 Nov 2026 05:01:00 -0000", 60.0),
        ("Sat, 21 Nov 2026 06:01:00 +0100", 60.0),
        ("Fri, 20 Nov 2026 05:00:00 GMT", 0.0),
        ("99999999999", 86_400.0),
        ("9" * 5000, 86_400.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_in_all_its_forms(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, FIVE_O_CLOCK) == seconds


@settings(deadline=None, max_examples=60)
@given(st.text())
def test_any_retry_after_is_understood_or_left_alone(header: str) -> None:
    seconds = retry_after(header, FIVE_O_CLOCK)
    assert seconds is None or 0 <= seconds <= 86_400
