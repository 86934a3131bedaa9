from pathlib import Path

import pytest

from sources.query import Parameter, Query, QueryUnusable, marks, read_queries

SHARE = """
-- What share of a sport a country has,
-- in percent.
-- parameter sport Beach Volleyball: the sport
-- parameter country: its three letters
-- parameter most -3.5: a number
SELECT 1 FROM t WHERE sport = ? AND country = ? AND n < ? AND text <> 'what?' -- why?
"""


def test_the_head_says_what_it_answers_and_what_it_takes():
    query = Query("share", SHARE)
    query.check()
    assert query.description == "What share of a sport a country has, in percent."
    assert query.parameters == (
        Parameter("sport", "Beach Volleyball", "the sport"),
        Parameter("country", None, "its three letters"),
        Parameter("most", "-3.5", "a number"),
    )
    assert [parameter.is_number for parameter in query.parameters] == [False, False, True]


@pytest.mark.parametrize(
    ("sql", "number"),
    [
        ("SELECT 1", 0),
        ("SELECT * FROM t WHERE a = ? AND b IN (?, ?)", 3),
        ("SELECT 'it''s ?', \"a\"\"?\" -- ?\n/* ? \n ? */ FROM t WHERE a = ?", 1),
    ],
)
def test_marks_in_comments_texts_and_quoted_names_are_none(sql, number):
    assert marks(sql) == number


@pytest.mark.parametrize(
    ("name", "sql", "said"),
    [
        ("By-Sport", "-- X.\nSELECT 1", "query 'By-Sport': a name is of a-z, 0-9 and _"),
        ("x", "-- X.\nSELECT 1", "query 'x': a name is"),
        ("bare", "SELECT 1", "query bare: it does not say what it answers"),
        ("late", "SELECT 1 -- X.", "query late: it does not say what it answers"),
        ("few", "-- X.\n-- parameter a 1: it\nSELECT 1", "query few: it has 0 question marks and says 1 parameters"),
        ("many", "-- X.\nSELECT 1 FROM t WHERE a = ?", "query many: it has 1 question marks and says 0 parameters"),
        ("twice", "-- X.\n-- parameter a 1: it\n-- parameter a 2: it\nSELECT ?, ?", "query twice: two parameters"),
    ],
)
def test_a_query_that_cannot_be_what_it_says_is_unusable(name, sql, said):
    with pytest.raises(QueryUnusable) as unusable:
        Query(name, sql).check()
    assert str(unusable.value).startswith(said)


def test_no_folder_has_no_queries(tmp_path: Path):
    assert read_queries(tmp_path / "none") == []
