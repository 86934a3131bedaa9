"""The home engine against what a real Trino said: see docs/decisions/athena-at-home.md for how the files were made."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def cases(name):
    """Statements and the lines below them."""
    blocks = (HERE / name).read_text().strip().split("\n\n")[1:]
    return [(first, [line[2:] for line in rest]) for first, *rest in (block.split("\n") for block in blocks)]


def shown(row):
    return " | ".join("NULL" if cell is None else cell or "''" for cell in row)


@pytest.mark.parametrize(
    ("sql", "rows"), cases("values.txt"), ids=lambda case: case[:60] if isinstance(case, str) else ""
)
def test_the_answer_is_trinos(ask, sql, rows):
    assert ([shown(row) for row in ask(sql)] or ["(no rows)"]) == rows


@pytest.mark.parametrize(
    ("sql", "said"), cases("refused.txt"), ids=lambda case: case[:60] if isinstance(case, str) else ""
)
def test_what_trino_refuses_is_refused_in_its_words(words, sql, said):
    assert [words(sql)] == said


@pytest.mark.parametrize(
    ("sql", "said"), cases("not_rehearsed.txt"), ids=lambda case: case[:60] if isinstance(case, str) else ""
)
def test_what_might_differ_is_refused_by_name(words, sql, said):
    assert [words(sql)] == said


@pytest.mark.parametrize(
    "sql",
    [
        "select x::varchar from t",
        "select * exclude (x) from t",
        "select * replace (1 as x) from t",
        "from t select x",
        "select {'a': 1}",
        "select [x for x in array[1]]",
        "select 1 == 1",
        "select 5 // 2",
        "select x from t qualify true",
        "select x from t where x ilike 'a'",
        "select x from t limit 1 offset 1",
        "select x from t using sample 1",
        "pivot t on x using sum(y)",
        "summarize select 1",
        "select left('abc', 1)",
        "select x is true from t",
        "select `x` from t",
        "select 1x",
        "select",
        "",
        "-- nothing",
    ],
)
def test_what_is_no_sql_of_trinos_is_refused_with_its_place(words, sql):
    assert words(sql).startswith("line 1:")
