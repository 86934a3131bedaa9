"""A query as a chart asks it."""

import pytest

from dashboards import filled
from sources.query import Query, QueryUnusable


def test_the_defaults_stand_where_the_question_marks_were():
    sql = "-- Who?\n-- parameter least 7: how many\n-- parameter name O'Hara: whose\nSELECT 1 WHERE a >= ? AND b = ?\n"
    assert filled(Query("who", sql)).endswith("SELECT 1 WHERE a >= 7 AND b = 'O''Hara'\n")


def test_a_question_mark_in_a_comment_a_text_or_a_name_stays_as_it_is():
    sql = """-- Really?
-- parameter least 7: how many?
SELECT "a?", 'it''s ?' /* and ? */ WHERE a >= ? -- ?
"""
    assert filled(Query("really", sql)) == sql.replace(">= ?", ">= 7")


def test_a_parameter_without_a_default_is_named():
    query = Query("who", "-- Who it is.\n-- parameter name: whose\nSELECT 1 WHERE b = ?\n")
    with pytest.raises(QueryUnusable, match="query who: no chart can ask it: its parameter name has no default"):
        filled(query)
