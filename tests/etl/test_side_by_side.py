from __future__ import annotations

import threading

import pytest

from etl.side_by_side import AT_ONCE, Say, side_by_side


def piece(name: str, begins: threading.Event, after: threading.Event, fails: bool = False):
    def work(say: Say) -> str:
        begins.set()
        assert after.wait(10)
        say(name)
        if fails:
            raise ValueError(name)
        return name

    return work


def events(count: int, are_set: bool) -> list[threading.Event]:
    made = [threading.Event() for _ in range(count)]
    if are_set:
        for each in made:
            each.set()
    return made


def test_pieces_run_at_once_and_are_told_in_their_order():
    second_began, *begins = events(2, False)
    lines: list[str] = []
    pieces = [piece("a", begins[0], second_began), piece("b", second_began, begins[0])]
    assert side_by_side(pieces, lines.append) == lines == ["a", "b"]


def test_the_first_failure_in_order_is_raised_with_every_line_and_what_has_not_begun_never_does():
    began, go = events(AT_ONCE + 3, False), threading.Event()
    pieces = [piece(str(n), began[n], go if n else began[1], fails=n < 2) for n in range(len(began))]
    release = threading.Timer(0.05, go.set)
    release.start()
    lines: list[str] = []
    with pytest.raises(ValueError, match=r"^0$"):
        side_by_side(pieces, lines.append)
    release.join()
    assert lines == [str(n) for n, each in enumerate(began) if each.is_set()]
    assert not began[-1].is_set()


def test_a_piece_alone_is_heard_as_it_goes():
    lines: list[str] = []

    def work(say: Say) -> int:
        say("begun")
        return len(lines)

    assert side_by_side([work], lines.append) == [1]
