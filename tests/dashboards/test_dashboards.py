"""What is declared fits what there is: sources, queries, columns."""

import re

import pytest

from dashboards import DASHBOARDS, Chart, Dashboard, Field, Form, Kind
from infra.queries import queries_of
from sources import SOURCES
from sources.spotify import SPOTIFY

CHARTS = [(dashboard, chart) for dashboard in DASHBOARDS.values() for chart in dashboard.charts]


def test_each_dashboard_is_of_a_source_and_stands_under_its_name():
    assert {name: dashboard.source for name, dashboard in DASHBOARDS.items()} == {name: name for name in DASHBOARDS}
    assert set(DASHBOARDS) <= {*SOURCES, SPOTIFY.name}


@pytest.mark.parametrize(("dashboard", "chart"), CHARTS, ids=[chart.title for _, chart in CHARTS])
def test_each_chart_shows_columns_of_a_query_of_its_source(dashboard, chart):
    queries = {query.name: query for query in queries_of([dashboard.source])}
    query = queries[chart.query]
    assert all(each.default is not None for each in query.parameters), "a chart gives no parameters"
    columns = query.sql
    assert [field.column for field in chart.fields if not re.search(rf"\b{field.column}\b", columns)] == []


@pytest.mark.parametrize("chart", [chart for _, chart in CHARTS], ids=[chart.title for _, chart in CHARTS])
def test_each_chart_says_what_to_see_and_is_of_one_piece(chart):
    assert chart.see.endswith(".") and chart.title and chart.rows
    assert (chart.label is None) == (chart.kind is Kind.NUMBER)
    assert len(chart.values) == 1 or chart.kind in (Kind.STACKED, Kind.LINE, Kind.TABLE)
    drawn = chart.values if chart.kind is not Kind.TABLE else ()
    assert all(field.form not in (Form.TEXT, Form.MOMENT, Form.RUN) for field in drawn), "only numbers can be drawn"


def test_columns_and_queries_are_named_once_in_reading_order():
    def chart(query: str, *columns: str) -> Chart:
        return Chart("t", query, Kind.TABLE, "rows", tuple(Field(column, column) for column in columns), "See.")

    dashboard = Dashboard("chess", "Chess", "", (chart("a", "x", "y"), chart("b", "x"), chart("a", "y", "z")))
    assert dashboard.queries == ("a", "b")
    assert [field.column for field in dashboard.columns("a")] == ["x", "y", "z"]
