"""``python -m stand_ins``: by hand, until Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from stand_ins.__main__ import main


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_url_serves_and_stops(ask: Callable[..., Any], number: signal.Signals) -> None:
    options = ["--athletes=50", "--page-size=20", "--key=by-hand", "--fault=429@2", "--end=missing"]
    server = subprocess.Popen(
        [sys.executable, "-m", "stand_ins", "olympics", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        replies = [ask(url, page, x_rapidapi_key="by-hand") for page in (1, 2, 4)]
        server.send_signal(number)
        rest, said = server.communicate(timeout=30)
    finally:
        server.kill()
    assert [reply.status for reply in replies] == [200, 429, 200]
    assert replies[2].json == {"year": "2024"}
    assert (server.returncode, rest) == (0, "")
    assert "50 athletes" in said and "page 2: 429" in said and said.endswith("stopped\n")
    assert "by-hand" not in said and "Traceback" not in said


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--fault", "fire@2"], "stand_ins: no fault 'fire@2'"),
        (["--athletes", "many"], "stand_ins: athletes is a whole number, not 'many'"),
    ],
)
def test_a_wrong_call_is_one_line(capsys: pytest.CaptureFixture[str], options: list[str], line: str) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        assert main(["olympics", *options]) == 2
    finally:
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, handler)
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith(line) and said.err.count("\n") == 1
