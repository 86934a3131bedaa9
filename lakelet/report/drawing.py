"""Charts as inline SVG. Lengths are in per cent and colours in classes, so that the page decides size and theme.

Text never stands inside the SVG, where it would shrink with the picture; it stands beside it, in the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from lakelet.report.markup import Markup, element

HAIR = Decimal("0.4")  # per cent: as narrow as a bar gets whose value is not 0
TICKS = 4
POINTS = 400  # of a line
DOTS = 60  # on a line; more would hide it


def _at(part: Decimal, whole: Decimal) -> Decimal:
    return Decimal(100) * part / whole if whole else Decimal(0)


def _percent(value: Decimal) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def bounds(numbers: Sequence[Decimal | int]) -> tuple[Decimal, Decimal]:
    """The least and the largest length to draw; 0 is always between them."""
    return Decimal(min([0, *numbers])), Decimal(max([0, *numbers]))


def bar(parts: Sequence[Decimal], low: Decimal, high: Decimal, muted: bool = False) -> Markup:
    """Parts of one bar from 0 on: to the right, or to the left where a part is negative.

    A bar that goes on beyond ``high`` is drawn to the end, with a break in it.
    """
    rects, right, left = [], Decimal(0), Decimal(0)
    for position, part in enumerate(parts, 1):
        begin = right if part >= 0 else left + part
        right, left = (right + part, left) if part >= 0 else (right, left + part)
        if part:
            width = min(max(_at(abs(part), high - low), HAIR), Decimal(100))
            x = min(_at(begin - low, high - low), 100 - width)
            rects.append(
                element(
                    "rect",
                    x=f"{_percent(x)}%",
                    width=f"{_percent(width)}%",
                    height="100%",
                    class_="muted" if muted else f"c{position}",
                )
            )
    zero = _percent(_at(-low, high - low))
    axis = element("line", x1=f"{zero}%", x2=f"{zero}%", y1="0", y2="100%", class_="zero") if low < 0 else Markup("")
    gap = element("line", x1="90%", x2="88%", y1="-10%", y2="110%", class_="cut") if right > high else Markup("")
    return element("svg", *rects, axis, gap, class_="bar", aria_hidden="true", focusable="false")


def lines(xs: Sequence[Decimal], columns: Sequence[Sequence[Decimal | None]], marks: Sequence[Decimal]) -> Markup:
    """A line for each column over a grid at the ``marks``, from the first to the last of which the picture reaches.

    A row without a value is a gap. ``xs`` are from 0 to 100.
    """
    low, high = marks[0], marks[-1]
    drawn = [_grid(marks)]
    for position, column in enumerate(columns, 1):
        for whole in _stretches(xs, column):
            stretch = thinned(whole)
            points = [f"{_percent(x)},{_percent(100 - _at(y - low, high - low))}" for x, y in stretch]
            drawn.append(element("polyline", points=" ".join(points), class_=f"c{position}"))
            # A dot is a line of no length with round ends: a circle would be stretched with the picture.
            dots = "".join(f"M{point}h0" for point in points) if len(points) <= DOTS else ""
            drawn.append(element("path", d=dots, class_=f"c{position} dot") if dots else Markup(""))
    return element("svg", *drawn, class_="plot", viewBox="0 0 100 100", preserveAspectRatio="none",
                   aria_hidden="true", focusable="false")  # fmt: skip


def thinned(points: list[tuple[Decimal, Decimal]]) -> list[tuple[Decimal, Decimal]]:
    """At most about POINTS points: of each part of a long line its lowest and its highest, so that no peak is lost."""
    size = -(-2 * len(points) // POINTS)
    if size <= 2:
        return points
    numbered = list(enumerate(points))
    parts = [numbered[at : at + size] for at in range(0, len(points), size)]
    ends = {0, len(points) - 1}
    for part in parts:
        ends |= {min(part, key=lambda each: each[1][1])[0], max(part, key=lambda each: each[1][1])[0]}
    return [points[at] for at in sorted(ends)]


def ticks(low: Decimal, high: Decimal) -> list[Decimal]:
    """Round numbers from at most ``low`` to at least ``high``, about TICKS steps of them."""
    span = high - low
    if not span:
        return [low - 1, low, low + 1] if low else [Decimal(0), Decimal(1)]
    power = Decimal(10) ** (span / TICKS).adjusted()
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * TICKS >= span)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    return [step * number for number in range(int(first), int(last) + 1)]


def _grid(marks: Sequence[Decimal]) -> Markup:
    heights = [_percent(100 - _at(mark - marks[0], marks[-1] - marks[0])) for mark in marks]
    return element("path", d="".join(f"M0,{height}H100" for height in heights), class_="grid")


def _stretches(xs: Sequence[Decimal], column: Sequence[Decimal | None]) -> list[list[tuple[Decimal, Decimal]]]:
    found: list[list[tuple[Decimal, Decimal]]] = [[]]
    for x, y in zip(xs, column, strict=True):
        if y is None:
            found.append([])
        else:
            found[-1].append((x, y))
    return [stretch for stretch in found if stretch]
