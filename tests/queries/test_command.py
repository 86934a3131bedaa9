"""`lakelet query` as it is called, over the deployed lake: what goes where, and what a wrong call says."""

from __future__ import annotations

import csv
import io
import json
import re
from contextlib import contextmanager

import pytest

from infra.queries import queries_of
from lakelet import cli
from sources import SOURCES
from tests.queries import plain


@pytest.fixture
def query(world, monkeypatch, capsys):
    """``query("name", "--csv")`` gives the exit code, what went to stdout, and what went to stderr."""

    @contextmanager
    def here(stack, live):
        yield world.place

    monkeypatch.setattr("lakelet.place.open_place", here)

    def call(*arguments):
        code = cli.main(["query", *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_a_table_goes_to_stdout_and_what_it_took_to_stderr(query):
    code, out, err = query("athletes_by_sport")
    assert (code, out.splitlines()[:3]) == (
        0,
        ["sport         athletes", "------------  --------", "Judo                 5"],
    )
    assert out.splitlines()[-1] == "(6 rows)"
    assert err.startswith("read ") and "Athena charges $0.000048 (for 10 MB at least)" in err
    assert len(err.splitlines()) == 1


def test_csv_holds_what_the_rows_hold(query, world):
    code, out, _ = query("athletes_without_a_sport", "--csv")
    assert code == 0
    back = list(csv.reader(io.StringIO(out, newline="")))[1:]
    assert back == [["" if v is None else str(v) for v in row] for row in plain.athletes_without_a_sport(world)]
    assert '"Gil Nowhere",,' in out


def test_json_keeps_the_types(query, world):
    code, out, _ = query("country_share_in_sport", "--param", "sport=Athletics", "--param", "country=FRA", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["rows"] == [
        {"sport": "Athletics", "country": "FRA", "athletes": 2, "athletes_of_all_countries": 3, "percent": 66.67}
    ]
    assert found["columns"][-1]["name"] == "percent" and found["columns"][-1]["type"].startswith("decimal(")
    assert found["cutoff_bytes"] == 10**10 and found["charge_dollars"] == "0.000048"


def test_sql_is_known_from_a_name(query):
    code, out, _ = query("SELECT name, id FROM athletes WHERE sport = ? AND country = ?", "--csv",
                         "--param", "1=Athletics", "--param", "2=USA")  # fmt: skip
    assert (code, out) == (0, '"name","id"\r\n"Jo Example","0000012"\r\n')


def test_sql_from_the_standard_input(query, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT count(*) AS n FROM athletes -- all of them\n"))
    code, out, _ = query("-", "--csv")
    assert (code, out) == (0, '"n"\r\n"15"\r\n')


@pytest.mark.parametrize("arguments", [(), ("--list",)])
def test_the_queries_are_listed(query, arguments):
    code, out, err = query(*arguments)
    assert (code, err) == (0, "")
    names = {query.name for query in queries_of(SOURCES)}
    assert sorted(names) == [line for line in out.splitlines() if not line.startswith(" ")]
    assert "    --param sport=Athletics  the sport, as the table spells it" in out


def test_the_queries_are_listed_as_json(query):
    _, out, _ = query("--list", "--json")
    told = {each["name"]: each for each in json.loads(out)}
    assert told["rows_since"]["parameters"][0]["default"] is None


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (
            ["athletes_by_sprot"],
            2,
            "there is no query 'athletes_by_sprot' in the test's lake; did you mean athletes_by_s",
        ),
        (["zzz"], 2, "there is no query 'zzz' in the test's lake; see `lakelet query --list`"),
        (["rows_since"], 2, "rows_since needs run, the run after which to look, such as"),
        (["rows_since", "--param", "rnu=1"], 2, "rows_since has no parameter 'rnu'; it takes: run"),
        (
            ["athletes_by_sport", "--param", "sport=Judo"],
            2,
            "athletes_by_sport has no parameter 'sport'; it takes: none",
        ),
        (["rows_since", "--param", "run=1", "--param", "run=2"], 2, "--param run is given twice, as '1' and '2'"),
        (
            ["SELECT 1 FROM athletes WHERE id = ?"],
            2,
            "the SQL has 1 question mark, and parameters were given for: none",
        ),
        (["SELECT 1", "--param", "1=x"], 2, "the SQL has 0 question marks, and parameters were given for: 1"),
        (["SELECT nme FROM athletes"], 1, "Athena: .*line 1:8: Column 'nme' cannot be resolved"),
        (
            ["SELECT 1 FROM nowhere"],
            1,
            "Athena: TABLE_NOT_FOUND: line 1:15: .*nowhere.* does not exist; a table is made by the",
        ),
        (["SELECT FROM athletes"], 1, "Athena: "),
    ],
)
def test_what_cannot_be_answered_is_one_line(query, arguments, code, line):
    ended, out, err = query(*arguments)
    assert (ended, out) == (code, "")
    assert re.match(f"lakelet: {line}", err), err
    assert len(err.splitlines()) == 1


def test_a_parameter_without_a_value_is_a_wrong_call(query):
    with pytest.raises(SystemExit) as stopped:
        query("rows_since", "--param", "run")
    assert stopped.value.code == 2
