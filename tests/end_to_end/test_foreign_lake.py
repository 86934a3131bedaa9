"""The lake of a library: a program that is not ours, built of our components, as its makers would try it at home."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "tests" / "programs" / "library"

Lakelet = Callable[..., str]


@pytest.fixture(scope="module")
def lakelet(tmp_path_factory: pytest.TempPathFactory) -> Lakelet:
    """``lakelet("run", "--json")``: what the command prints of the library's lake."""
    home, elsewhere = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("elsewhere")
    environment = {**os.environ, "LAKELET_HOME": str(home)}
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))

    def call(*arguments: str) -> str:
        command = [sys.executable, "-m", "lakelet", *arguments, "--program", str(LIBRARY)]
        done = subprocess.run(
            command, env={**environment, "PYTHONPATH": path}, cwd=elsewhere, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return call


@pytest.fixture(scope="module")
def titles() -> int:
    """How many books there are, by the word of the stand-in."""
    spec = importlib.util.spec_from_file_location("library_stand_in", LIBRARY / "stand_ins" / "books.py")
    assert spec and spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    truth: int = module.Books().truth()
    return truth


def test_its_run_is_curated_and_its_query_finds_all_books(lakelet: Lakelet, titles: int) -> None:
    (run,) = json.loads(lakelet("run", "--json"))
    assert run["state"] == "curated"
    assert run["run"].startswith("books/books/")
    shelves: list[dict[str, Any]] = json.loads(lakelet("query", "books_by_shelf", "--json"))["rows"]
    assert sum(int(shelf["books"]) for shelf in shelves) == titles


def test_each_of_its_roles_may_do_what_it_must_and_no_more(lakelet: Lakelet) -> None:
    told = json.loads(lakelet("permissions", "--json"))
    assert told["is_clean"]
    held = {grant["holder"] for grant in told["proof"]["grants"]}
    assert {name for name in held if not name.startswith("arn:")} == {
        f"library-dev-{name}"
        for name in ("books-books-schedule", "curate-books", "extract-books", "reconcile", "reconcile-schedule",
                     "record", "start", "upkeep", "upkeep-schedule")
    }  # fmt: skip
