"""The page about adding a source, followed to the letter: its files written, its commands run, its examples tried."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from lambdas.extract import envelope, notes
from lambdas.extract.asked import Asked
from lambdas.extract.envelope import Page
from lambdas.extract.errors import ChangedShape
from sources import model, paging, shape
from sources.configured import configured
from sources.model import Api, Source, Stream, Table, Weekly
from stand_ins.api import Request
from tests.copies import copy_project

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "add-a-source.md").read_text()
STEPS, OTHERWISE = PAGE.split("## When your API is another\n")


def blocks(language: str, text: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, with the source that the page adds."""
    copy = tmp_path_factory.mktemp("added") / "lakelet"
    copy_project(copy)
    for name, text in re.findall(r"^`([\w/.]+)`:\n\n```\w+\n(.*?)^```$", STEPS, re.MULTILINE | re.DOTALL):
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text(text)
    return copy


def module(project: Path, name: str) -> ModuleType:
    """A module that the page adds, loaded beside those of the project itself."""
    spec = importlib.util.spec_from_file_location(f"added_{name.replace('/', '_')}", project / f"{name}.py")
    assert spec and spec.loader
    loaded = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture(scope="module")
def declared(project) -> Source:
    source: Source = module(project, "sources/medals").MEDALS
    return source


@pytest.fixture(scope="module")
def stand_in(project) -> type[Any]:
    made: type[Any] = module(project, "stand_ins/medals").Medals
    return made


def command(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(project), "LAKELET_HOME": str(project / ".lakelet")}
    call = [sys.executable, "-m", "lakelet", *arguments]
    return subprocess.run(call, cwd=project, env=environment, capture_output=True, text=True, timeout=300, check=False)


def commands() -> list[list[str]]:
    """The rehearsal's commands on the page, in their order."""
    return [
        line.split()[1:] for block in blocks("", STEPS) for line in block.splitlines() if line.startswith("lakelet ")
    ]


# The steps


def test_the_files_are_written_as_those_of_the_project(project) -> None:
    added = [str(file.relative_to(project)) for file in project.rglob("medals.py")]
    assert len(added) == 3
    for check in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *check, *added], cwd=project, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout


def test_the_page_runs_asks_and_looks() -> None:
    assert [words[0] for words in commands()] == ["run", "query", "status"]


def test_the_run_is_curated_and_tells_what_the_page_shows(project, stand_in) -> None:
    done = command(project, *commands()[0])
    assert done.returncode == 0, done.stderr
    assert "is curated" in done.stdout
    (shown,) = blocks("text", STEPS)
    assert set(shown.splitlines()) <= set(done.stdout.splitlines()), done.stdout
    assert f"merged {stand_in().truth()} " in shown


def test_the_query_answers(project, stand_in) -> None:
    done = command(project, *commands()[1], "--csv")
    assert done.returncode == 0, done.stderr
    header, *rows = done.stdout.splitlines()
    assert header.replace('"', "") == "country,gold,silver,bronze"
    medals = [list(map(int, row.replace('"', "").split(",")[1:])) for row in rows]
    assert sum(map(sum, medals)) == stand_in().truth()
    assert medals == sorted(medals, reverse=True)


def test_the_status_has_the_rows_the_reasons_and_the_note(project) -> None:
    done = command(project, *commands()[2])
    assert done.returncode == 0, done.stderr
    for told in ("medals", "290", "withdrawn 6", "no country 4", "note: 1944 is left out"):
        assert told in done.stdout


def test_a_stack_may_choose_what_the_page_chooses(declared) -> None:
    (settings,) = blocks("yaml", STEPS)
    given = yaml.safe_load(settings)["config"]["lakelet:medals"]
    stream = configured(declared, given).stream("medals")
    assert stream.parts == ("2020", "2024", "2028")
    assert (stream.schedule.at, stream.schedule.zone) == ("05:00", "Europe/Oslo")


# What is different with other APIs

WORDS: dict[str, Any] = {**vars(model), **vars(paging), **vars(shape)}
FRAGMENTS = [block for block in blocks("python", OTHERWISE) if not block.startswith("def ")]


@pytest.mark.parametrize(
    "fragment", FRAGMENTS, ids=lambda fragment: fragment.split("=")[0] + fragment.split("=")[1][:12]
)
def test_an_example_is_part_of_a_declaration(fragment, declared) -> None:
    given = eval(f"dict({fragment})", dict(WORDS))
    stream = declared.streams[0]
    whole = (declared.api, declared, stream, *stream.feeds)
    (part,) = [each for each in whole if set(given) <= {field.name for field in fields(each)}]
    changed = {Api: "api", Stream: "streams", Table: "feeds"}.get(type(part), "")
    new = replace(part, **given)
    source = {"api": lambda: replace(declared, api=new), "streams": lambda: replace(declared, streams=(new,))}
    configured(source[changed]() if changed in source else new, {})


def test_a_value_in_the_table_is_part_of_a_declaration(declared) -> None:
    said = re.findall(r"^\| `(\w+=[^`]+)` \|", OTHERWISE, re.MULTILINE)
    assert len(said) == 5
    for text in said:
        if "..." not in text:
            replace(declared.tables[0], **eval(f"dict({text})"))


def test_the_ways_through_pages_are_there() -> None:
    ways = re.findall(r"\| `((?:PageNumber|NextLink|Offset)\([^`]*)`:", OTHERWISE)
    assert [type(eval(way, dict(WORDS))).__name__ for way in ways] == ["PageNumber", "NextLink", "Offset"]


def test_no_daily_stream_is_made_weekly_by_a_stack(declared) -> None:
    assert not isinstance(declared.streams[0].schedule, Weekly)
    with pytest.raises(ValueError, match="may have only: at, zone"):
        configured(declared, {"schedules": {"medals": {"on": "MON"}}})


# Drift, as the page has it


@pytest.fixture
def asked(declared) -> Asked:
    return Asked("medals", configured(declared, {}).streams[0], 1, "2024")


@pytest.fixture
def answer(stand_in) -> dict[str, Any]:
    given: dict[str, Any] = stand_in().answer(Request("/v1/games/2024/medals")).payload
    return given


def test_a_page_of_the_stand_in_is_as_declared(asked, answer) -> None:
    found = envelope.check(asked, answer)
    assert isinstance(found, Page) and not found.news


def test_a_new_field_is_noted(asked, answer) -> None:
    answer["medals"][7]["sponsor"] = "Acme"
    found = envelope.check(asked, answer)
    assert isinstance(found, Page)
    (note,) = notes.of_page(asked, found, False, [])
    assert f"`{note}`" in OTHERWISE


def test_a_new_field_stops_where_a_table_says_so(asked, answer) -> None:
    answer["medals"][7]["sponsor"] = "Acme"
    careful = replace(asked.stream, feeds=(replace(asked.stream.feeds[0], on_new_field="stop"),))
    with pytest.raises(ChangedShape, match="sponsor"):
        envelope.check(replace(asked, stream=careful), answer)


def test_a_field_that_is_gone_or_of_another_kind_stops(asked, answer) -> None:
    gone = {**answer, "medals": [{**medal} for medal in answer["medals"]]}
    for medal in gone["medals"]:
        del medal["country"]
    with pytest.raises(ChangedShape, match="country"):
        envelope.check(asked, gone)
    for number, medal in enumerate(answer["medals"]):
        medal["id"] = number
    with pytest.raises(ChangedShape, match="expected a text, found a whole number"):
        envelope.check(asked, answer)


def test_an_odd_record_and_an_optional_field_that_is_gone_do_not(asked, answer) -> None:
    answer["medals"][3]["id"] = 3
    for medal in answer["medals"]:
        del medal["athlete"]
    assert isinstance(envelope.check(asked, answer), Page)


def test_a_page_without_records_must_not_have_more_fields(asked) -> None:
    with pytest.raises(ChangedShape, match="warning"):
        envelope.check(asked, {"year": 2024, "medals": [], "warning": "no more today"})


# Permissions, as the page has them


def test_the_stand_in_has_what_the_proof_of_permissions_needs(stand_in) -> None:
    second = Request("/v1/games/2024/medals").with_param("page", 2)
    assert stand_in().answer(second).payload["medals"]
    assert stand_in(day=1).records(2024) != stand_in().records(2024)
    assert any(medal["country"] is None for medal in stand_in().records(2024))
