"""The lake of a library: a program that is not ours, built of our components, as its makers would try it at home."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "tests" / "programs" / "library"

COMMANDS = ("run", "query books_by_shelf", "status", "permissions")
# What a shell may have set for other work; nothing answers at this address.
SHELL = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9"),
    "AWS_PROFILE": "no-such-profile",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_REGION": "us-west-2",
    "SPARK_HOME": "/nowhere",
    "PYSPARK_PYTHON": "/nowhere/python",
    "TZ": "Asia/Kathmandu",
}

CALL_ALL = """
import contextlib, io, json, sys
from lakelet.cli import main

said = {}
for command in sys.argv[2:]:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        code = main([*command.split(), "--json", "--program", sys.argv[1]])
    said[command] = code, out.getvalue()
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the commands say of the library's lake."""
    home, elsewhere = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("elsewhere")
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, **SHELL, "LAKELET_HOME": str(home), "PYTHONPATH": path}
    call = [sys.executable, "-c", CALL_ALL, str(LIBRARY), *COMMANDS]
    done = subprocess.run(call, env=environment, cwd=elsewhere, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert {command: code for command, (code, _) in said.items()} == dict.fromkeys(COMMANDS, 0), (
        done.stdout + done.stderr
    )
    return {command: json.loads(out) for command, (_, out) in said.items()}


@pytest.fixture(scope="module")
def titles() -> int:
    """How many books there are, by the word of the stand-in."""
    spec = importlib.util.spec_from_file_location("library_stand_in", LIBRARY / "stand_ins" / "books.py")
    assert spec and spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    truth: int = module.Books().truth()
    return truth


def test_its_run_is_curated_and_its_query_finds_all_books(answers: dict[str, Any], titles: int) -> None:
    (run,) = answers["run"]
    assert run["state"] == "curated"
    assert run["run"].startswith("books/books/")
    shelves = answers["query books_by_shelf"]["rows"]
    assert sum(int(shelf["books"]) for shelf in shelves) == titles


def test_its_status_tells_of_the_rows_set_aside(answers: dict[str, Any]) -> None:
    (source,) = answers["status"]["sources"]
    assert sum(source["set_aside"].values()) == answers["run"][0]["counts"]["set_aside"]


def test_each_of_its_roles_may_do_what_it_must_and_no_more(answers: dict[str, Any]) -> None:
    told = answers["permissions"]
    assert told["is_clean"]
    held = {grant["holder"] for grant in told["proof"]["grants"]}
    assert {name for name in held if not name.startswith("arn:")} == {
        f"library-dev-{name}"
        for name in ("books-books-schedule", "curate-books", "extract-books", "reconcile", "reconcile-schedule",
                     "record", "start", "upkeep", "upkeep-schedule")
    }  # fmt: skip
