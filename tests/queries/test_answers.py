"""Each deployed query, asked through Athena's API, answers what plain Python finds in the same rows."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal

import pytest

from infra.queries import queries_of
from lakelet.ask import ask, named_queries
from sources import SOURCES
from tests.queries.plain import ANSWERS, UNTOLD
from tests.queries.world import FIRST, SECOND, THIRD, World

NAMES = [query.name for query in queries_of(["olympics"])]
ASKED = [
    *((name, {}) for name in NAMES if name not in ("rows_since", "set_aside_records")),
    ("rows_since", {"run": SECOND}),
    ("rows_since", {"run": THIRD}),
    ("set_aside_records", {"run": FIRST}),
    ("set_aside_records", {"run": "it's none' OR '1' = '1"}),
    ("country_share_in_sport", {"country": "FRA", "sport": "Athletics"}),
    ("country_share_in_sport", {"country": "CHN", "sport": "Judo"}),
    ("country_share_in_sport", {"country": "SWE", "sport": "Bo'xing"}),
]


@pytest.mark.parametrize(("name", "parameters"), ASKED, ids=str)
def test_a_named_query_answers_what_the_rows_say(world: World, name, parameters):
    answer = ask(world.place, name, parameters)
    told = [place for place, column in enumerate(answer.columns) if column not in UNTOLD.get(name, ())]
    assert [tuple(row[place] for place in told) for row in answer.rows] == ANSWERS[name](world, **parameters)


def test_every_query_has_an_answer_in_plain_python_and_none_is_left_over():
    assert sorted(NAMES) == sorted(ANSWERS)


def test_what_is_deployed_is_what_is_in_the_files(place):
    assert {query.name: query.sql for query in named_queries(place)} == {q.name: q.sql for q in queries_of(SOURCES)}


def test_the_lake_is_odd_enough_to_show_something(world):
    empty = [name for name, parameters in ASKED if not parameters and not ANSWERS[name](world)]
    assert empty == []
    assert ANSWERS["country_share_in_sport"](world, "Athletics", "FRA")[0][-1] == Decimal("66.67")


def test_commits_are_told_with_their_time(world):
    answer = ask(world.place, "changes_by_commit")
    times = [row[answer.columns.index("committed_at")] for row in answer.rows]
    made = [snapshot.timestamp_ms for snapshot in world.tables["athletes"].refresh().snapshots()]
    assert [round(time.timestamp() * 1000) for time in times] == sorted(made, reverse=True)
    assert {time.utcoffset() for time in times} == {UTC.utcoffset(None)}
