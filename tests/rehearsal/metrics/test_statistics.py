from __future__ import annotations

import pytest

from rehearsal.metrics.statistics import Sample, is_known, statistic

ONE_BY_ONE = [Sample.of(moment, value) for moment, value in enumerate([4.0, 1.0, 3.0, 2.0])]
TOGETHER = [Sample(0, total=9.0, count=3.0, least=1.0, most=5.0), Sample.of(1, 7.0)]


@pytest.mark.parametrize(
    ("name", "single", "together"),
    [
        ("Sum", 10.0, 16.0), ("SampleCount", 4.0, 4.0), ("Average", 2.5, 4.0), ("Minimum", 1.0, 1.0),
        ("Maximum", 4.0, 7.0), ("p0", 1.0, None), ("p50", 2.5, None), ("p100", 4.0, None),
    ],
)  # fmt: skip
def test_a_statistic_of_values_and_of_statistics(name, single, together):
    """Of three values whose sum is known no percentile can be told."""
    assert is_known(name)
    assert statistic(name, ONE_BY_ONE) == single
    assert statistic(name, TOGETHER) == together


def test_percentiles_of_equal_values_can_be_told():
    assert statistic("p90", [Sample(0, 6.0, 3.0, 2.0, 2.0)]) == 2.0


def test_nothing_gives_nothing():
    assert statistic("Sum", []) is None
    assert statistic("Average", [Sample(0, 0.0, 0.0, 0.0, 0.0)]) is None


@pytest.mark.parametrize("name", ["sum", "p101", "p", "tm90", "IQM", "TC(0:9)"])
def test_other_statistics_are_not_known(name):
    assert not is_known(name)
