"""The page about adding a source, followed to the letter: its files written, its commands run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "add-a-source.md").read_text()
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".lakelet", "tests", "benchmarks", "docs", "__pycache__", ".*_cache")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, with the source that the page adds."""
    copy = tmp_path_factory.mktemp("added") / "lakelet"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    for name, text in re.findall(r"^`([\w/.]+)`:\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text(text)
    for change in re.findall(r"^```diff\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        subprocess.run(["git", "apply", "-"], cwd=copy, input=change, text=True, check=True)
    return copy


def command(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(project), "LAKELET_HOME": str(project / ".lakelet")}
    call = [sys.executable, "-m", "lakelet", *arguments]
    return subprocess.run(call, cwd=project, env=environment, capture_output=True, text=True, timeout=300, check=False)


def commands() -> list[list[str]]:
    """The rehearsal's commands on the page, in their order."""
    return [line.split()[1:] for line in PAGE.splitlines() if line.startswith("lakelet ")]


def test_the_page_runs_asks_and_looks() -> None:
    assert [words[0] for words in commands()] == ["run", "query", "status"]


def test_the_run_is_curated_and_counts_what_it_set_aside(project) -> None:
    done = command(project, *commands()[0])
    assert done.returncode == 0, done.stderr
    assert "is curated" in done.stdout
    assert "rows in  300 = merged 297 + duplicates 0 + set aside 3" in done.stdout


def test_the_query_answers(project) -> None:
    done = command(project, *commands()[1], "--csv")
    assert done.returncode == 0, done.stderr
    header, *rows = done.stdout.splitlines()
    assert header.replace('"', "") == "country,gold,silver,bronze"
    medals = [list(map(int, row.replace('"', "").split(",")[1:])) for row in rows]
    assert sum(map(sum, medals)) == 297
    assert medals == sorted(medals, reverse=True)


def test_the_status_speaks_of_it(project) -> None:
    done = command(project, *commands()[2])
    assert done.returncode == 0, done.stderr
    assert "medals" in done.stdout and "297" in done.stdout
