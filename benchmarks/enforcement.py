"""What deciding costs: days of the lake with every call decided and its input checked, and days without, in turn."""

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
PAIRS = 3


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
    """The first day starts Java and is not counted."""
    request = Request(sources=(SOURCE,))
    with Progress(io.StringIO()) as progress, open_lake(request, request.chosen(), progress) as lake:
        play(lake, 0)
        account, decided, free = lake.rehearsal.account, [], []
        for pair in range(PAIRS):
            decided.append(play(lake, 1 + 2 * pair))
            with deciding(account, decide_nothing, refuse_nothing):
                free.append(play(lake, 2 + 2 * pair))
            print(f"day {2 * pair + 1}: {decided[-1]:.1f} s decided, {free[-1]:.1f} s not", file=sys.stderr, flush=True)
        watch = Stopwatch()
        with deciding(account, watch.around(account.calls.decide), watch.around(account.gate.strict.refusal)):
            seconds = play(lake, 1 + 2 * PAIRS)
    yield "| a day of 11,000 athletes, Java warm | median seconds |"
    yield "|---|---:|"
    yield f"| every call decided, every input checked | {median(decided):.1f} |"
    yield f"| neither | {median(free):.1f} |"
    share = f"{watch.seconds:.2f} s of processor time ({watch.seconds / seconds:.1%})"
    yield f"\nDeciding makes a day {median(decided) / median(free):.2f} as long, over {PAIRS} pairs of days in turn."
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
