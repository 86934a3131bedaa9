"""What deciding costs: days of the lake with every call decided and its input checked, and days without, in pairs."""

from __future__ import annotations

import io
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from lakelet.lake import Lake, open_lake
from lakelet.progress import Progress
from lakelet.request import Request
from rehearsal.account import Account
from rehearsal.calls import decide_nothing
from sources import SOURCES

SOURCE = "olympics"
WARM_UP = 2
PAIRS = 4  # even, since each comes first in every other one: a day has a little more to read than the one before


@dataclass
class Stopwatch:
    """The seconds in a function, over all threads."""

    seconds: float = 0.0
    calls: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any) -> Any:
            began = time.thread_time()
            try:
                return function(*arguments)
            finally:
                spent = time.thread_time() - began
                with self._lock:
                    self.seconds += spent
                    self.calls += 1

        return timed


def enforcement() -> Iterator[str]:
    """The first days start Java, and have it compile what a day runs: they are not counted."""
    request = Request(sources=(SOURCE,))
    with Progress(io.StringIO()) as progress, open_lake(request, request.chosen(), progress) as lake:
        for day in range(WARM_UP):
            play(lake, day)
        account = lake.rehearsal.account
        decided: list[float] = []
        free: list[float] = []
        ours, nothing = (account.calls.decide, account.gate.strict.refusal), (decide_nothing, refuse_nothing)
        for turn in range(2 * PAIRS):
            is_free = turn % 4 in (1, 2)
            with deciding(account, *(nothing if is_free else ours)):
                seconds = play(lake, WARM_UP + turn)
            (free if is_free else decided).append(seconds)
            print(f"day {WARM_UP + turn}: {seconds:.1f} s{'' if is_free else ', decided'}", file=sys.stderr, flush=True)
        watch = Stopwatch()
        with deciding(account, watch.around(account.calls.decide), watch.around(account.gate.strict.refusal)):
            seconds = play(lake, WARM_UP + 2 * PAIRS)
    yield "| a day of 11,000 athletes, Java warm | median seconds |"
    yield "|---|---:|"
    yield f"| every call decided, every input checked | {median(decided):.1f} |"
    yield f"| neither | {median(free):.1f} |"
    share = f"{watch.seconds:.2f} s of processor time ({watch.seconds / seconds:.1%})"
    ratios = sorted(one / other for one, other in zip(decided, free, strict=True))
    spread = f"of {PAIRS} pairs, from {ratios[0]:.2f} to {ratios[-1]:.2f}, the median"
    yield f"\nDeciding makes a day {median(ratios):.2f} as long: {spread}."
    yield f"Of one more day of {seconds:.1f} s, {share} went into it.\n"


def play(lake: Lake, day: int) -> float:
    began = time.monotonic()
    outcomes = lake.play_day(SOURCES[SOURCE], day)
    if any(outcome.exit_code for outcome in outcomes):
        raise SystemExit(f"day {day} ended as {[outcome.state for outcome in outcomes]}; nothing was measured")
    return time.monotonic() - began


def refuse_nothing(_: Any) -> None:
    return None


@contextmanager
def deciding(account: Account, decide: Callable[..., Any], refusal: Callable[..., Any]) -> Iterator[None]:
    """While the block runs, calls are decided and their input is checked by these."""
    calls, strict = account.calls, account.gate.strict
    before = calls.decide, strict.refusal
    calls.decide, strict.refusal = decide, refusal  # type: ignore[method-assign]
    try:
        yield
    finally:
        calls.decide, strict.refusal = before  # type: ignore[method-assign]
