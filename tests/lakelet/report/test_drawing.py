"""Where the marks of a chart stand, in per cent."""

import re
from decimal import Decimal

import pytest

from lakelet.report.drawing import POINTS, bar, bounds, lines, thinned, ticks


def rects(drawn):
    found = re.findall(r'x="([\d.-]+)%" width="([\d.-]+)%" height="100%" class="(\w+)"', drawn)
    return [(float(x), float(width), kind) for x, width, kind in found]


def decimals(*values):
    return [Decimal(value) for value in values]


def test_a_bar_is_as_long_as_its_value():
    assert rects(bar(decimals(25), Decimal(0), Decimal(100))) == [(0, 25, "c1")]
    assert rects(bar(decimals(0), Decimal(0), Decimal(100))) == []
    assert rects(bar(decimals(1), Decimal(0), Decimal(10**30))) == [(0, 0.4, "c1")], "what is not 0 can be seen"


def test_parts_stand_end_to_end_and_negative_ones_on_the_other_side():
    assert rects(bar(decimals(10, 30, -40), Decimal(-100), Decimal(100))) == [
        (50, 5, "c1"), (55, 15, "c2"), (30, 20, "c3")]  # fmt: skip
    assert 'class="zero"' in bar(decimals(-1), Decimal(-1), Decimal(1))


def test_a_bar_beyond_the_end_has_a_break():
    assert 'class="cut"' in bar(decimals(200), Decimal(0), Decimal(100))
    assert rects(bar(decimals(200), Decimal(0), Decimal(100))) == [(0, 100, "c1")]
    assert 'class="cut"' not in bar(decimals(100), Decimal(0), Decimal(100))


def test_zero_is_always_within_bounds():
    assert bounds(decimals(5, 9)) == (0, 9) and bounds(decimals(-5, -9)) == (-9, 0) and bounds([]) == (0, 0)


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        (0, 100, [0, 50, 100]),
        (10_611, 10_929, [10_600, 10_700, 10_800, 10_900, 11_000]),
        (-7, 3, [-10, -5, 0, 5]),
        ("0.001", "0.004", ["0.001", "0.002", "0.003", "0.004"]),
        (7, 7, [6, 7, 8]),
        (0, 0, [0, 1]),
    ],
)
def test_ticks_are_round_numbers_around_the_values(low, high, marks):
    assert ticks(Decimal(low), Decimal(high)) == decimals(*marks)


@pytest.mark.parametrize("power", [-30, -1, 0, 5, 30, 400])
def test_ticks_are_few_at_every_size(power):
    high = Decimal(37) * Decimal(10) ** power
    found = ticks(Decimal(0), high)
    assert 3 <= len(found) <= 6 and found[0] <= 0 and found[-1] >= high


def test_a_missing_value_is_a_gap_and_not_a_zero():
    values = [Decimal(1), Decimal(2), None, Decimal(3), Decimal(4)]
    drawn = lines(decimals(0, 25, 50, 75, 100), [values], decimals(0, 2, 4))
    assert 'd="M0,100H100M0,50H100M0,0H100"' in drawn, "a line of the grid for each mark"
    assert re.findall(r'points="([^"]+)"', drawn) == ["0,75 25,50", "75,25 100,0"]


def test_a_long_line_keeps_its_ends_and_its_peaks():
    points = [(Decimal(at), Decimal(at % 7)) for at in range(10_000)]
    points[5_003] = (Decimal(5_003), Decimal(999))
    points[6_001] = (Decimal(6_001), Decimal(-999))
    kept = thinned(points)
    assert len(kept) <= POINTS + 4 and kept == sorted(kept, key=lambda point: point[0])
    assert {points[0], points[-1], points[5_003], points[6_001]} <= set(kept)
    assert thinned(points[:300]) == points[:300]
