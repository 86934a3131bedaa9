"""Pieces of work at once, told as if they were done one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TypeVar

AT_ONCE = 3  # a driver has at least two cores, and waits for tasks and for the catalog in between

Result = TypeVar("Result")
Say = Callable[[str], None]


def side_by_side(pieces: Sequence[Callable[[Say], Result]], say: Say) -> list[Result]:
    """What the pieces give, in their order, each with a function to say lines with.

    The lines come in the order of the pieces too. The first failure in that order is raised: by then no piece runs,
    and those that had not begun never do.
    """
    if len(pieces) == 1:
        return [pieces[0](say)]
    lines: list[list[str]] = [[] for _ in pieces]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        doing = [pool.submit(piece, said.append) for piece, said in zip(pieces, lines, strict=True)]
        try:
            return [_told(done.result, said, say) for done, said in zip(doing, lines, strict=True)]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
        finally:
            for line in chain.from_iterable(lines):  # of those behind a failure
                say(line)


def _told(result: Callable[[], Result], lines: list[str], say: Say) -> Result:
    try:
        return result()
    finally:
        while lines:
            say(lines.pop(0))
