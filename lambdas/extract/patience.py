"""Trying again: how long to pause, how often, and when to leave it for later."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from lambdas.clock import Clock, iso
from lambdas.extract.errors import Unavailable, Waits
from sources.model import DAY

T = TypeVar("T")
OnRetry = Callable[[Unavailable, float], None]

TRIES = 5
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
DOWN_SECONDS = 300.0  # how long an API that is down is left alone
LONGEST_RETRY_AFTER_SECONDS = float(DAY)  # an API that asks for more than a day is asked again all the same


def _not_told(_trouble: Unavailable, _pause: float) -> None:
    pass


@dataclass(frozen=True)
class Patience:
    """``left`` is the time that may still be waited: the rest is kept for one more request and the writes."""

    clock: Clock
    left: Callable[[], float]
    chance: random.Random

    def keep_trying(self, call: Callable[[], T], on_retry: OnRetry = _not_told) -> T:
        """What a call gives, tried again while the API is unavailable; Waits when that takes too long.

        Before each pause ``on_retry`` is told of the trouble and of the seconds.
        """
        for attempt in range(1, TRIES + 1):
            try:
                return call()
            except Unavailable as trouble:
                pause = trouble.retry_after or self._pause(attempt)
                if attempt == TRIES or not self.can_wait(pause):
                    raise self._later(trouble, attempt) from trouble
                on_retry(trouble, pause)
                self.clock.sleep(pause)
        raise AssertionError("the last try either returns or raises")

    def can_wait(self, seconds: float) -> bool:
        return seconds <= self.left()

    def _pause(self, attempt: int) -> float:
        """Full jitter: anything up to twice the last bound, so that callers which failed together spread out."""
        return self.chance.uniform(0, min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (attempt - 1)))

    def _later(self, trouble: Unavailable, tries: int) -> Waits:
        resume_at = self.clock.now() + (trouble.retry_after or DOWN_SECONDS)
        tried = f"tried {tries} times" if tries > 1 else "tried once"
        return Waits(f"the API is not available: {trouble} ({tried}); goes on by itself at {iso(resume_at)}", resume_at)


def retry_after(header: str | None, now: float) -> float | None:
    """The seconds that a Retry-After header asks for, whether in seconds or as a date; None for neither."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_RETRY_AFTER_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - datetime.fromtimestamp(now, UTC)).total_seconds()), LONGEST_RETRY_AFTER_SECONDS)
