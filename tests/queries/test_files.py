"""The files in queries/: each is Trino's SQL, says what it answers, orders its rows in full, and is documented."""

from __future__ import annotations

import re

import pytest

from infra.queries import FOLDER, LAKE, queries_of
from rehearsal.athena.errors import BadRequest
from rehearsal.athena.syntax import parse
from sources import SOURCES
from sources.query import read_queries
from sources.spotify import SPOTIFY

QUERIES = {query.name: query for query in queries_of({**SOURCES, SPOTIFY.name: SPOTIFY})}
PAGE = FOLDER.parent / "docs" / "queries.md"
each_query = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)


def test_each_folder_belongs_to_a_source_or_to_the_lake():
    assert {folder.name for folder in FOLDER.iterdir()} <= {LAKE, *SOURCES, SPOTIFY.name}


@each_query
def test_a_query_is_in_trinos_grammar(query):
    parse(query.sql)
    with pytest.raises(BadRequest):
        parse(query.sql + "LIMIT LIMIT")


@each_query
def test_a_query_says_what_it_answers_in_sentences(query):
    assert query.description.endswith(".")
    assert query.sql.endswith("\n") and not query.sql.rstrip().endswith(";")


@each_query
def test_rows_come_in_a_stated_order(query):
    assert "\nORDER BY " in query.sql


@each_query
def test_athena_takes_parameters_in_a_where_clause_only(query):
    statement = " ".join(line for line in query.sql.splitlines() if not line.startswith("--"))
    for before in statement.split("?")[:-1]:
        assert re.findall(r"\b(SELECT|FROM|WHERE|GROUP BY|HAVING|ORDER BY)\b", before)[-1] == "WHERE"


def documentation() -> str:
    """The tables of docs/queries.md, made from the files."""
    parts = []
    for part in (LAKE, *sorted(SOURCES)):
        queries = read_queries(FOLDER / part)
        if not queries:
            continue
        lines = [f"### {part}", "", "| name | what it answers | parameters |", "|---|---|---|"]
        for query in queries:
            takes = [
                f"`{each.name}`: {each.text}" + (f" (`{each.default}`)" if each.default else "")
                for each in query.parameters
            ]
            lines.append(f"| `{query.name}` | {query.description} | {'; '.join(takes)} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def test_the_page_on_queries_is_current():
    _, begin, rest = PAGE.read_text(encoding="utf-8").partition("<!-- made from queries/ -->\n")
    written, end, _ = rest.partition("<!-- end -->")
    assert begin and end
    assert written.strip() == documentation(), f"{PAGE} is old; put this between its two marks:\n{documentation()}"
