"""The tour, walked to the letter: its commands in their order, on a lake of its own. Then all other documented ones."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakelet.cli import COMMANDS, main, make_parser
from lakelet.request import Request

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TOUR = ROOT / "docs" / "tour.md"
ENDS_WITH = re.compile(r"ends with exit code (\d)")


def documented(page: Path) -> Iterator[tuple[list[str], int]]:
    """The lakelet commands in the page's code blocks, each with the exit code that its comment tells."""
    is_code = False
    for line in page.read_text().splitlines():
        is_code ^= line.startswith("```")
        if is_code and line.startswith("lakelet "):
            words, _, comment = line.removeprefix("lakelet ").partition("  #")
            told = ENDS_WITH.search(comment)
            yield shlex.split(words.split(" > ")[0]), int(told[1]) if told else 0


ELSEWHERE = [
    words for page in PAGES if page not in (TOUR, ROOT / "docs" / "add-a-source.md") for words, _ in documented(page)
]


def call(home: Path, words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lakelet", *words],
        cwd=ROOT, env={**os.environ, "LAKELET_HOME": str(home)}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tour")


WALK = list(documented(TOUR))
END = WALK.pop()  # it throws the lake away


@pytest.mark.parametrize(("words", "code"), WALK, ids=lambda value: str(value)[:60])
def test_the_tour(home, words, code) -> None:
    done = call(home, words)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [words for words in ELSEWHERE if words[0] in ("query", "cost", "status", "report") and "--stack" not in words],
    ids=" ".join,
)
def test_what_only_looks_answers_on_the_lake_of_the_tour(home, words, monkeypatch, capsys) -> None:
    """In this process: there are many, and each would import the same again."""
    monkeypatch.setenv("LAKELET_HOME", str(home))
    monkeypatch.chdir(ROOT)
    assert main(words) == 0, capsys.readouterr().err
    assert capsys.readouterr().out.strip()


def test_the_end_of_the_tour(home) -> None:
    assert END == (["reset", "--yes"], 0)
    done = call(home, END[0])
    assert (done.returncode, list(home.iterdir())) == (0, []), done.stderr


@pytest.mark.parametrize("words", ELSEWHERE, ids=" ".join)
def test_what_is_documented_can_be_called(words) -> None:
    """Runs, and stacks in an account: that they do what they say is shown by tests of their own."""
    arguments = make_parser().parse_args(words)
    if words[0] == "run":
        Request.of(arguments)


def test_every_command_is_documented() -> None:
    text = "\n".join(page.read_text() for page in PAGES)
    names = {command.__name__.rsplit(".", 1)[-1] for command in COMMANDS}
    assert [name for name in sorted(names) if f"lakelet {name}" not in text] == []
