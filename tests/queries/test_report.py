"""The page of a real lake: every chart is declared over a query that answers with its columns."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

import pytest

from dashboards import DASHBOARDS
from infra.naming import Names
from infra.queries import queries_of
from infra.quicksight import shaped
from lakelet import cli
from lakelet.ask import ask
from lakelet.report import gather as gathering
from lakelet.report.gather import MADE_UP, answers, gather, last_runs, name_of
from lakelet.report.page import page
from lakelet.report.parts import NO_TABLE
from lakelet.report.series import series_of
from sources import SOURCES
from tests.queries import world as odd

OLYMPICS = DASHBOARDS["olympics"]


@pytest.fixture(scope="module")
def report(world):
    return gather(world.place)


@pytest.fixture(scope="module")
def elsewhere(world):
    """The same lake, asked from within a database that holds no table."""
    world.place.client("glue").create_database(DatabaseInput={"Name": "elsewhere"})
    return replace(world.place, outputs={**world.place.outputs, "database": "elsewhere"})


def figure_of(report, title):
    return next(panel for part in report.parts for panel in part.panels if panel.chart.title == title)


def value_of(panel):
    return series_of(panel.chart, panel.answer.columns, panel.answer.rows).figure()


def test_every_chart_has_its_answer_with_its_columns(report):
    assert report.problems == [] and not report.moved and report.parts[0].waiting is None
    for panel in report.parts[0].panels:
        assert series_of(panel.chart, panel.answer.columns, panel.answer.rows).rows, panel.chart.title


def test_the_figures_are_those_of_the_lake(report, world):
    rows = world.athletes
    countries = {(row["id"], row["country"]) for row in rows}
    assert value_of(figure_of(report, "Athletes")) == len(countries)
    known = {row["country"] for row in rows if row["country"] and row["sport"] != "Unknown"}
    assert value_of(figure_of(report, "Countries")) == len(known)
    assert value_of(figure_of(report, "New or changed")) == sum(row["source_run"] == world.last_run for row in rows)
    assert value_of(figure_of(report, "Set aside")) == len(world.aside)


def test_it_names_the_snapshots_that_it_is_from(report, world):
    assert {each.table: each.id for each in report.snapshots} == {
        name: table.refresh().current_snapshot().snapshot_id for name, table in world.tables.items()
    }
    assert {each.table: (each.rows, each.run) for each in report.snapshots} == {
        "athletes": (len(world.athletes), odd.THIRD),
        "athletes_set_aside": (len(world.aside), odd.THIRD),
    }


def test_the_last_runs_are_those_of_the_ledger_the_newest_first(report, world):
    assert [line.entry["run"] for line in report.runs] == sorted((row["run"] for row in world.runs), reverse=True)
    assert all(line.cost is None for line in report.runs)


def test_a_run_whose_usage_was_kept_has_its_price(world):
    ledger = ask(world.place, "run_ledger")
    name = f"olympics/athletes/{odd.FIRST}"
    used = {"region": "eu-north-1", "parts": {}, "unknown": {}, "free": {}}
    costs = {
        line.entry["run"]: line.cost
        for line in last_runs(ledger, {name: used, f"olympics/athletes/{odd.SECOND}": {**used, "region": "mars-1"}})
    }
    assert costs[odd.FIRST] == Decimal(0)
    assert costs[odd.SECOND] is None and costs[odd.THIRD] is None


def test_a_table_that_is_not_there_yet_is_no_fault(elsewhere):
    found = gather(elsewhere)
    assert found.snapshots == () and found.problems == [], "nothing has gone wrong"
    assert figure_of(found, "Athletes by sport").problem == NO_TABLE
    assert "No record was ever set aside" in figure_of(found, "Records set aside, by reason").problem


def test_a_query_that_was_not_deployed_or_is_refused_is_told(world, monkeypatch):
    found = answers(world.place, ["athletes_by_sport", "no_such_query"])
    assert found["athletes_by_sport"].rows
    assert "there is no query no_such_query" in str(found["no_such_query"])


def test_a_write_in_between_is_asked_again_and_then_told(world, monkeypatch):
    looks = iter(range(10))
    monkeypatch.setattr(gathering, "snapshots", lambda *_: (next(looks),) if _ else ())
    monkeypatch.setattr(gathering, "answers", lambda place, names: dict.fromkeys(names, ValueError("TABLE_NOT_FOUND")))
    assert gather(world.place).moved
    assert next(looks) == gathering.TRIES + 1


def test_who_made_it_and_where_is_not_told(world, report):
    home = replace(world.place, title="the lake in /home/ana/secret", kept=object())
    assert name_of(home) == "a rehearsed lake"
    assert name_of(replace(home, option=" --live")) == "the live lake, kept at home"
    assert report.lake == "the test's lake" and report.note == ""
    assert MADE_UP.startswith("Rehearsed")


def test_the_same_lake_gives_the_same_bytes(world, report):
    again = replace(gather(world.place), made_at=report.made_at)
    assert page(again) == page(report)


@pytest.fixture
def command(world, monkeypatch, capsys, tmp_path):
    @contextmanager
    def here(stack, live):
        yield world.place

    monkeypatch.setattr("lakelet.place.open_place", here)
    monkeypatch.setenv("LAKELET_HOME", str(tmp_path))

    def call(*arguments):
        code = cli.main(["report", *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_the_command_writes_the_page_and_prints_its_path(command, tmp_path):
    file = tmp_path / "rehearsal" / "report.html"
    assert command() == (0, f"{file}\n", "")
    assert "Li" not in file.name and "李小龙" not in file.read_text(encoding="utf-8")
    assert "Eve Renamed" in file.read_text(encoding="utf-8")


@pytest.fixture
def gathered(report, monkeypatch):
    """The commands' page is made of what was gathered already."""
    monkeypatch.setattr("lakelet.report.gather.gather", lambda place: report)


@pytest.mark.usefixtures("gathered")
def test_the_command_tells_programs_what_it_did(command, tmp_path):
    code, out, err = command("--json", "--to", str(tmp_path / "page.html"))
    told = json.loads(out)
    assert (code, err, told["path"], told["problems"]) == (0, "", str(tmp_path / "page.html"), [])


def test_a_page_that_lacks_something_is_written_and_said(command, report, monkeypatch, tmp_path):
    lacking = replace(report, runs=(), runs_problem="there is no query no_such_query")
    monkeypatch.setattr("lakelet.report.gather.gather", lambda place: lacking)
    code, _, err = command()
    assert code == 1 and (tmp_path / "rehearsal" / "report.html").exists()
    assert "the page lacks something: there is no query no_such_query" in err and len(err.splitlines()) == 1


@pytest.mark.usefixtures("gathered")
def test_open_shows_the_page_or_says_that_it_cannot(command, monkeypatch, tmp_path):
    shown = []
    monkeypatch.setattr("webbrowser.open", lambda url: shown.append(url) or len(shown) == 1)
    assert command("--open")[2] == ""
    assert shown == [(tmp_path / "rehearsal" / "report.html").as_uri()]
    assert "no browser was found; open the file yourself" in command("--open")[2]


def test_a_folder_is_no_file(command, tmp_path):
    code, out, err = command("--to", str(tmp_path))
    assert (code, out) == (2, "") and "is a folder; name a file" in err


@pytest.mark.parametrize("query", OLYMPICS.queries)
def test_quicksight_asks_the_same_from_outside_of_the_database(world, elsewhere, query):
    sql = next(each.sql for each in queries_of(["olympics"]) if each.name == query)
    columns = [field.column for field in OLYMPICS.columns(query)]
    names = Names("dev", "123456789012", "eu-north-1")
    asked, direct = ask(elsewhere, shaped(sql, columns, names, SOURCES.values())), ask(world.place, query)
    at = [direct.columns.index(column) for column in columns]
    assert asked.columns == tuple(columns)
    assert sorted(map(repr, asked.rows)) == sorted(repr(tuple(row[each] for each in at)) for row in direct.rows)
