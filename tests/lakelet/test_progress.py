from __future__ import annotations

import io

from lakelet.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_step_that_ended_leaves_a_line_and_its_seconds() -> None:
    screen = io.StringIO()
    with Progress(screen) as progress:
        progress.step("deploy", "starting")
        progress.done("deploy", "69 resources")
    assert screen.getvalue().startswith("deploy     69 resources")
    assert list(progress.seconds) == ["deploy"]


def test_a_step_that_comes_again_adds_to_its_seconds() -> None:
    with Progress(io.StringIO()) as progress:
        for _ in range(2):
            progress.step("extract", "page 1")
            progress.done("extract", "done")
        progress.done("record", "never begun")
    assert list(progress.seconds) == ["extract", "record"]
    assert progress.seconds["record"] == 0


def test_a_lap_has_only_what_came_since_the_last_one() -> None:
    with Progress(io.StringIO()) as progress:
        progress.done("deploy", "once")
        assert list(progress.lap()) == ["deploy"]
        progress.done("extract", "each day")
        assert list(progress.lap()) == ["extract"]


def test_on_a_terminal_the_line_that_moves_is_wiped_in_the_end() -> None:
    screen = Terminal()
    with Progress(screen) as progress:
        progress.step("extract", "page 1")
    assert screen.getvalue().endswith("\r\x1b[2K")


def test_more_about_a_step_that_has_ended_is_not_shown() -> None:
    screen = io.StringIO()
    with Progress(screen) as progress:
        progress.update("extract", "page 9")
    assert screen.getvalue() == ""
