"""The tour, walked to the letter: its commands in their order, on a lake of its own. Then all other documented ones.

They are called in this process: there are many, and each would import the same again.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

from lakelet.cli import COMMANDS, main, make_parser
from lakelet.request import Request
from stand_ins.olympics import Olympics

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
OTHER_LAKES = {"--stack", "--program"}  # what a process has imported for one program, it keeps


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tour")


@pytest.fixture
def call(home, monkeypatch, capsys) -> Callable[[list[str]], tuple[int, str, str]]:
    """``call(["status"])``: how the command ends, and what it prints. Of all athletes an eighth are served."""
    monkeypatch.setenv("LAKELET_HOME", str(home))
    monkeypatch.chdir(ROOT)
    served = [FEWER.get(option.name, option.default) for option in fields(Olympics)]
    monkeypatch.setattr(Olympics.__init__, "__defaults__", tuple(served))
    return lambda words: (main(words), *capsys.readouterr())


WALK = list(documented(TOUR))
END = WALK.pop()  # it throws the lake away
COUNTS = re.compile(r"^(?:rows in|merged) .*", re.MULTILINE)
FEWER = {"athletes": 1_400, "sports": 12}  # still on three pages, of which the tour breaks the last


def counts_of_two_days(api: Olympics) -> list[str]:
    """What two runs tell of their rows, by the truth of what is served to them."""
    told, old = [], {}
    for day in (0, 1):
        truth = replace(api, day=day).truth()
        new = {(row.id, row.sport): row for row in truth.rows or ()}
        inserted, deleted = len(new.keys() - old.keys()), len(old.keys() - new.keys())
        updated = sum(old[key] != row for key, row in new.items() if key in old)
        told += [
            f"rows in  {truth.rows_in:,} = merged {truth.merged:,} + duplicates {truth.duplicates:,}"
            f" + set aside {truth.set_aside:,}",
            f"merged   {truth.merged:,} = inserted {inserted:,} + updated {updated:,}"
            f" + unchanged {len(new) - inserted - updated:,}; deleted {deleted:,}",
        ]
        old = new
    return told


@pytest.fixture(scope="module")
def counted() -> list[str]:
    """The lines of the runs that say what became of the rows."""
    return []


@pytest.mark.parametrize(("words", "code"), WALK, ids=lambda value: str(value)[:60])
def test_the_tour(call, counted, words, code) -> None:
    found, out, err = call(words)
    assert found == code, out + err
    assert "Traceback" not in err
    counted += COUNTS.findall(out)


def test_the_runs_of_the_tour_count_what_is_served(counted) -> None:
    """The second finds the data of the first, and that of the run between which failed is not there."""
    assert counted == counts_of_two_days(Olympics(**FEWER))


def test_the_tour_shows_the_counts_of_all_athletes() -> None:
    assert COUNTS.findall(TOUR.read_text()) == counts_of_two_days(Olympics())


@pytest.mark.parametrize(
    "words",
    [words for words in ELSEWHERE if words[0] in ("query", "cost", "status", "report") and not OTHER_LAKES & {*words}],
    ids=" ".join,
)
def test_what_only_looks_answers_on_the_lake_of_the_tour(call, words) -> None:
    code, out, err = call(words)
    assert code == 0, err
    assert out.strip()


def test_the_tables_of_the_tour_are_looked_after(call) -> None:
    """The job really runs: after two days there is nothing for it to do yet."""
    code, out, err = call(["upkeep", "--dry-run"])
    assert code == 0, err
    assert "all 2 tables in order, nothing would be done" in out
    assert [line.split()[:2] for line in err.splitlines() if line.startswith("upkeep")] == [["upkeep", "succeeded"]]


def test_the_end_of_the_tour(call, home) -> None:
    assert END == (["reset", "--yes"], 0)
    code, _, err = call(END[0])
    assert (code, list(home.iterdir())) == (0, []), err


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
