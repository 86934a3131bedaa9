"""The rows of CloudWatch's own tables on missing data, and the cases beside them."""

from __future__ import annotations

import pytest

from rehearsal.metrics.evaluation import Point, Rule, judge

KEEP = "the state that was"
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
NO_DATA = "INSUFFICIENT_DATA"


def points(row: str) -> list[Point]:
    """ "0 - X": within, missing, beyond; the newest is the last."""
    values = {"0": 0.0, "X": 9.0, "-": None}
    return [Point(values[mark], start=-60.0 * age) for age, mark in enumerate(reversed(row.split()))]


def rule(missing: str, datapoints: int = 3, periods: int = 3, comparison: str = "GreaterThanThreshold") -> Rule:
    return Rule(comparison, 1.0, periods, datapoints, missing)  # type: ignore[arg-type]


@pytest.mark.parametrize("treatment", range(4), ids=TREATMENTS)
@pytest.mark.parametrize(
    ("datapoints", "row", "states"),
    [
        (3, "0 - X - X", ("OK", "OK", "OK", "OK")),
        (3, "0 - - - -", ("OK", "OK", "OK", "OK")),
        (3, "- - - - -", (NO_DATA, KEEP, "ALARM", "OK")),
        (3, "0 X X - X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (3, "- - X - -", ("ALARM", KEEP, "ALARM", "OK")),
        (2, "0 - X - X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (2, "0 0 X 0 X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (2, "0 - X - -", ("OK", "OK", "ALARM", "OK")),
        (2, "- - - - 0", ("OK", "OK", "ALARM", "OK")),
        (2, "- - - X -", ("ALARM", KEEP, "ALARM", "OK")),
        # Not at once: the next data point may be within. So the text beside the tables.
        (3, "- - - - X", (KEEP, KEEP, "ALARM", "OK")),
        (3, "- - - X -", (KEEP, KEEP, "ALARM", "OK")),
        (3, "- - - X 0", ("OK", "OK", "OK", "OK")),
        # Three real points are enough, wherever they are; older ones do not count.
        (3, "X X 0 0 0", ("OK", "OK", "OK", "OK")),
        (3, "X X X 0 X", ("OK", "OK", "OK", "OK")),
        (2, "X X X 0 0", ("OK", "OK", "OK", "OK")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("current", ["OK", "ALARM", NO_DATA])
def test_the_state_follows_from_the_points(datapoints, row, states, treatment, current):
    wanted = current if states[treatment] == KEEP else states[treatment]
    assert judge(points(row), rule(TREATMENTS[treatment], datapoints), current).state == wanted


@pytest.mark.parametrize(
    ("comparison", "beyond", "within"),
    [
        ("GreaterThanThreshold", (1.1, 9.0), (1.0, 0.9)),
        ("GreaterThanOrEqualToThreshold", (1.0, 9.0), (0.9, -1.0)),
        ("LessThanThreshold", (0.9, -9.0), (1.0, 1.1)),
        ("LessThanOrEqualToThreshold", (1.0, 0.0), (1.1, 9.0)),
    ],
)
def test_a_comparison_says_what_is_beyond(comparison, beyond, within):
    one = rule("missing", 1, 1, comparison)
    assert [judge([Point(value, 0)], one, "OK").state for value in (*beyond, *within)] == ["ALARM"] * 2 + ["OK"] * 2


def test_the_points_that_decided_are_told_newest_first():
    verdict = judge(points("X 0 - X -"), rule("notBreaching"), "OK")
    assert [point.value for point in verdict.decided_by] == [9.0, 0.0, 9.0]
    verdict = judge(points("- - - 0 -"), rule("breaching"), "OK")
    assert ([point.value for point in verdict.decided_by], verdict.filled) == ([0.0], 2)
