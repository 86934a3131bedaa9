"""What a chart says, in a sentence computed from its data: its caption, and its text alternative."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from dashboards import Field, Form, Kind
from lakelet.report.markup import isolated
from lakelet.report.series import Series
from lakelet.report.writing import as_moment, as_number, clipped, share, short, written

EMPTY = "(empty)"
HYPHEN = "\u2011"  # at which no line breaks
FEW = 5  # rows of which a middle says nothing
CUT_FROM = 8  # times as long as the next
CUT_SHOWS = Decimal("1.25")


def caption(series: Series) -> str:
    """Never empty: no rows, and rows without a value, are said too."""
    if not series.rows:
        return f"There are no {series.chart.rows} yet."
    if series.chart.kind is Kind.TABLE:
        return f"{counted(len(series), series.chart.rows)}."
    if not any(series.numbers(field) for field in series.chart.values):
        return f"{counted(len(series), series.chart.rows)}, none of them with a value."
    return {Kind.LINE: _line, Kind.STACKED: _stacked}.get(series.chart.kind, _bars)(series)


def counted(count: int, rows: str) -> str:
    return f"{count:,} {rows}" if count != 1 else f"1 of the {rows}"


def name_of(label: Any, field: Field | None) -> str:
    """What a row is called, short enough for a sentence."""
    if field is None:
        return ""
    return clipped(field.none if label is None else written(label, field.form)).strip() or EMPTY


def is_nobody(label: Any, field: Field | None) -> bool:
    """Whether a row stands for those without a value."""
    return field is not None and (label is None or label == field.stand_in)


def rest(series: Series) -> str:
    """What is said of the rows that are not drawn."""
    left = series.after(series.chart.top)
    if not left.rows:
        return ""
    field = series.chart.values[0]
    sums = f", together {_written(sum(left.numbers(field), Decimal(0)), field)}" if field.adds_up else ""
    return f"and {len(left):,} more{sums}" if len(series.chart.values) == 1 else f"and {len(left):,} more"


def _bars(series: Series) -> str:
    field, label = series.chart.values[0], series.chart.label
    pairs = [(as_number(value), name) for value, name in zip(series.column(field), series.labels, strict=True)]
    named = [(number, name) for number, name in pairs if number is not None and not is_nobody(name, label)]
    nobody = [(number, name) for number, name in pairs if number is not None and is_nobody(name, label)]
    said = [_spread(series, named)] if named else []
    said += [
        f"A further {_written(number, field)} stand under {_called(name, label)}." for number, name in nobody if number
    ]
    return " ".join(said)


def _spread(series: Series, named: list[tuple[Decimal, Any]]) -> str:
    """From the most to the fewest, with the middle between them."""
    field, label, rows = series.chart.values[0], series.chart.label, series.chart.rows
    if len(named) == 1:
        return f"One of the {rows}: {_called(named[0][1], label)} with {_written(named[0][0], field)}."
    most, least = max(number for number, _ in named), min(number for number, _ in named)
    if most == least:
        return f"All {len(named):,} {rows} have {_written(most, field)}."
    top, bottom = ("most", "fewest") if field.form is Form.WHOLE else ("the highest", "the lowest")
    said = [
        f"Of {len(named):,} {rows}, {_those(most, named, label)} {top}: {_written(most, field)}"
        f"{_of_all(most, series.numbers(field), field)}.",
        f"{_those(least, named, label)} {bottom}: {_written(least, field)}.",
    ]
    middle = sorted((number for number, _ in named), reverse=True)[(len(named) - 1) // 2]
    if len(named) >= FEW and middle != least:
        said.append(f"Half have {_written(middle, field)} or more.")
    return " ".join(said)


def _those(number: Decimal, named: list[tuple[Decimal, Any]], label: Field | None) -> str:
    names = [name for each, name in named if each == number]
    others = f" and {len(names) - 1:,} more have" if len(names) > 1 else " has"
    return f"{_called(names[0], label)}{others}"


def _of_all(part: Decimal, numbers: list[Decimal], field: Field) -> str:
    whole = sum(numbers, Decimal(0))
    may = field.adds_up and whole > 0 and min(numbers) >= 0
    return f", {share(part, whole)} of all" if may else ""


def _line(series: Series) -> str:
    ordered, said = in_order(series), []
    for field in series.chart.values:
        points = [(number, label) for label, value in zip(ordered.labels, ordered.column(field), strict=True)
                  if (number := as_number(value)) is not None]  # fmt: skip
        if not points:
            continue
        (first, began), (last, ended) = points[0], points[-1]
        title = field.title.lower()
        if len(points) == 1:
            said.append(f"One point so far: {_written(last, field)} {title} at {_called(ended, series.chart.label)}.")
            continue
        change = last - first
        way = "as many as" if not change else f"{_written(abs(change), field)} {'more' if change > 0 else 'fewer'} than"
        said.append(
            f"{_written(last, field)} {title} at {_called(ended, series.chart.label)}, "
            f"{way} at {_called(began, series.chart.label)}, {len(points):,} points in all."
        )
    return " ".join(said)


def _stacked(series: Series) -> str:
    parts = [
        f"{_written(sum(series.numbers(field), Decimal(0)), field)} {field.title.lower()}"
        for field in series.chart.values
    ]
    together = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    if len(series) == 1:
        return f"One of the {series.chart.rows} so far: {together}."
    said = f"{len(series):,} {series.chart.rows}, together {together}."
    return f"{said} The longest bar is cut, so that the others can be seen." if cut_at(series) else said


def cut_at(series: Series) -> Decimal | None:
    """Where to cut a stacked bar that is so long that no other could be seen; None where there is none."""
    if series.chart.kind is not Kind.STACKED:
        return None
    rows = [[as_number(value) or Decimal(0) for value in row] for row in series.first(series.chart.top).rows]
    lengths = sorted((sum(part for part in row if part > 0) for row in rows), reverse=True)
    if len(lengths) < 2 or not lengths[1] or any(part < 0 for row in rows for part in row):
        return None
    return Decimal(lengths[1]) * CUT_SHOWS if lengths[0] > CUT_FROM * lengths[1] else None


def in_order(series: Series) -> Series:
    """The rows by time where all labels are times, else as they came."""
    if not all(as_moment(label) for label in series.labels):
        return series
    order = sorted(range(len(series)), key=lambda at: str(as_moment(series.labels[at])))
    return Series(series.chart, tuple(series.labels[at] for at in order), tuple(series.rows[at] for at in order))


def _called(label: Any, field: Field | None) -> str:
    name = name_of(label, field)
    is_time = field is not None and field.form in (Form.MOMENT, Form.RUN)
    return isolated(name.replace("-", HYPHEN) if is_time else name)


def _written(value: Any, field: Field) -> str:
    return short(value, field.form)
