from __future__ import annotations

import pytest

from rehearsal.metrics.expressions import NotEvaluated, Scope, names_in, read
from rehearsal.metrics.formulas import WrongArgument

NONE = None
VALUES = {"a": (30.0, 20.0, 0.0, 0.0), "b": (20.0, NONE, 20.0, NONE), "none": (NONE,) * 4}
FLAGS = {"m1": (1.0, 1.0, 0.0, 0.0, NONE), "m2": (30.0, NONE, 0.0, 0.0, 30.0), "m3": (0.0, 0.0, 20.0, NONE, 20.0)}


def computed(text, values=VALUES):
    return read(text)(Scope(values, list(values), 60.0, len(next(iter(values.values())))))


@pytest.mark.parametrize(
    ("text", "row"),
    [  # The first three, and those on IF, are the examples of CloudWatch's guide.
        ("a < b", (0, 0, 1, 0)),
        ("a >= 30", (1, 0, 0, 0)),
        ("a > 15 AND b > 15", (1, 0, 0, 0)),
        ("a + b", (50, 20, 20, 0)),
        ("b * 2", (40, NONE, 40, NONE)),
        ("a / b", (1.5, NONE, 0, NONE)),  # nothing is divided by 0, nor by what is missing
        ("-a + 1", (-29, -19, 1, 1)),
        ("2 + 3 * a - 10 / 2", (87, 57, -3, -3)),
        ("(2 + 3) * a", (150, 100, 0, 0)),
        ("a == 20 || b == 20", (1, 1, 1, 0)),
        ("FILL(b, 0)", (20, 0, 20, 0)),
        ("FILL(none, 7)", (7, 7, 7, 7)),
        ("FILL(b, a)", (20, 20, 20, 0)),
        ("FILL(b, REPEAT)", (20, 20, 20, NONE)),
        ("SUM([a, b])", (50, 20, 20, 0)),
        ("SUM(METRICS())", (50, 20, 20, 0)),
        ("AVG([a, b])", (25, 10, 10, 0)),
        ("MAX([a, b])", (30, 20, 20, 0)),
        ("MIN([a, b])", (20, 20, 0, 0)),
        ("a - MAX(a)", (0, -10, -30, -30)),
        ("a / SUM(a)", (0.6, 0.4, 0, 0)),
        ("SUM(METRICS('b'))", (20, NONE, 20, NONE)),
        ("a / PERIOD(a)", (0.5, 1 / 3, 0, 0)),
        ("DIFF(a)", (10, 20, 0, NONE)),
        ("RATE(a)", (10 / 60, 20 / 60, 0, NONE)),
        ("CEIL(a / 40)", (1, 1, 0, 0)),
        ("FLOOR(a / 40)", (0, 0, 0, 0)),
        ("ABS(-a)", (30, 20, 0, 0)),
        ("TIME_SERIES(5)", (5, 5, 5, 5)),
        ("IF(1, b)", (20, NONE, 20, NONE)),
        ("IF(0, b)", (NONE, NONE, NONE, NONE)),
        ("IF(a > 0, b / a, 0)", (20 / 30, 0, 0, 0)),
    ],
)
def test_an_expression_is_computed_point_by_point(text, row):
    assert computed(text) == tuple(None if point is None else pytest.approx(point) for point in row)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("IF(m1, m2, m3)", (30, 0, 20, NONE, NONE)),
        ("IF(m1, 5, m3)", (5, 5, 20, NONE, NONE)),
        ("IF(m1, m2, 5)", (30, 0, 5, 5, NONE)),
    ],
)
def test_if_is_as_in_the_tables_of_the_guide(text, row):
    assert computed(text, FLAGS) == row


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SEARCH('{A,B}', 'Sum')", "function SEARCH in .* is not rehearsed; known are ABS"),
        ("ANOMALY_DETECTION_BAND(a)", "function ANOMALY_DETECTION_BAND"),
        ("SELECT SUM(x) FROM y", "Metrics Insights is not rehearsed"),
        ("a +", "not understood at its end"),
        ("a b", "not understood at b"),
        ("(a", "not understood at its end"),
        ("a $ b", r"not understood at '\$ b'"),
    ],
)
def test_what_is_not_computed_is_refused_by_name(text, reason):
    with pytest.raises(NotEvaluated, match=reason):
        read(text)


def test_a_number_is_no_metric():
    with pytest.raises(WrongArgument, match=r"a metric is needed, got 3\.0"):
        computed("SUM(3)")
    with pytest.raises(WrongArgument, match="FILL with LINEAR is not rehearsed"):
        computed("FILL(a, LINEAR)")


def test_the_ids_of_an_expression():
    assert names_in("IF(a1 > 0, bad / a1, FILL(c, REPEAT)) + METRICS('x')") == {"a1", "bad", "c"}
