"""One chart as a figure of the page: a heading, the picture with its text alternative, the sentence, the data."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from dashboards import Field, Form, Kind
from lakelet.report import drawing
from lakelet.report.markup import Markup, element, joined
from lakelet.report.model import Panel
from lakelet.report.series import ColumnMissing, Series, series_of
from lakelet.report.words import EMPTY, caption, cut_at, in_order, is_nobody, name_of, rest
from lakelet.report.writing import NUMERIC, as_moment, as_number, short, written

SHOWN_ROWS = 200  # of the data as a table; more belong into a file, not into a page


def figure(panel: Panel, number: int, wide: bool = False) -> Markup:
    """The panel, whatever came of its query; ``number`` makes its ids its own."""
    return element("figure", joined(*_content(panel, f"chart-{number}")), class_="wide" if wide else None,
                   aria_labelledby=f"chart-{number}")  # fmt: skip


def _content(panel: Panel, title: str) -> list[Markup]:
    chart, answer = panel.chart, panel.answer
    begin = [element("h3", chart.title, id=title), element("p", chart.see, class_="see")]
    if answer is None:
        return [*begin, element("p", panel.problem, class_="problem" if panel.is_fault else "calm")]
    try:
        series = series_of(chart, answer.columns, answer.rows)
    except ColumnMissing as error:
        return [*begin, element("p", str(error), class_="problem")]
    said = caption(series)
    if chart.kind is Kind.TABLE:
        return [*begin, element("figcaption", said), data(series, title, chart.top)]
    end = [element("figcaption", said), _unfold(series, title)]
    if not any(series.numbers(field) for field in chart.values):
        return [*begin, *end]
    picture = element("div", _DRAW[chart.kind](series), role="img", aria_label=f"{chart.title}. {said}")
    return [*begin, _legend(series), picture, *end]


def tile(panel: Panel, number: int) -> Markup:
    """One figure, large, with what it means under it."""
    chart, answer = panel.chart, panel.answer
    shown, means = "–", chart.see
    if answer is None:
        shown = "0" if chart.untouched and not panel.is_fault else shown
        means = panel.problem
    else:
        try:
            shown = short(series_of(chart, answer.columns, answer.rows).figure(), chart.values[0].form)
        except ColumnMissing as error:
            means = str(error)
    return element(
        "div", element("dt", chart.title), element("dd", element("span", shown, class_="value"),
        element("span", means, class_="see")), class_="tile", id=f"tile-{number}",
    )  # fmt: skip


def data(series: Series, title: str, most: int = SHOWN_ROWS) -> Markup:
    """The rows as a table that can be scrolled with the keyboard."""
    fields = series.chart.fields
    head = element("tr", *(element("th", field.title, scope="col", class_=_side(field)) for field in fields))
    body = [_row(series, position) for position in range(min(len(series), most))]
    left = len(series) - len(body)
    more = f"and {left:,} more; all of them: lakelet query {series.chart.query}" if left else ""
    table = element("table", element("thead", head), element("tbody", *body))
    scroll = element("div", table, class_="scroll", role="region", tabindex="0", aria_labelledby=title)
    return joined(scroll, element("p", more, class_="more") if more else "")


def _row(series: Series, position: int) -> Markup:
    label = series.chart.label
    cells = [element("th", _name(series.labels[position], label), scope="row", class_=_side(label))] if label else []
    for field, value in zip(series.chart.values, series.rows[position], strict=True):
        text = field.none if value is None and field.form not in NUMERIC else written(value, field.form)
        cells.append(element("td", element("bdi", text), class_=_side(field, value is None)))
    return element("tr", *cells)


def _unfold(series: Series, title: str) -> Markup:
    count = f"{len(series):,} {'row' if len(series) == 1 else 'rows'}"
    whose = element("span", f"of {series.chart.title} ", class_="hidden")
    summary = element("summary", "The data ", whose, "as a table ", element("span", count, class_="count"))
    return element("details", summary, data(series, title)) if series.rows else Markup("")


def _name(label: Any, field: Field | None) -> Markup:
    """A row's name whole, which keeps its own direction of writing."""
    if field is not None and label is None:
        return element("em", field.none)
    return element("bdi", written(label, field.form).strip() or EMPTY if field else "")


def _side(field: Field, is_none: bool = False) -> str | None:
    named = {"n": field.form in NUMERIC, "t": field.form in (Form.MOMENT, Form.RUN), "none": is_none}
    names = [name for name, holds in named.items() if holds]
    return " ".join(names) or None


def _legend(series: Series) -> Markup:
    """Which colour is what; none where there is only one."""
    if len(series.chart.values) < 2:
        return Markup("")
    items = [
        element("li", element("svg", element("rect", width="100%", height="100%", class_=f"c{position}"), class_="key",
                              aria_hidden="true"), field.title)
        for position, field in enumerate(series.chart.values, 1)
    ]  # fmt: skip
    return element("ul", *items, class_="legend")


def _bars(series: Series) -> Markup:
    shown, chart = series.first(series.chart.top), series.chart
    parts = [[as_number(value) or Decimal(0) for value in row] for row in shown.rows]
    low, high = drawing.bounds([sum(part for part in row if (part > 0) is up) for row in parts for up in (True, False)])
    cut = cut_at(shown)
    rows = []
    for label, row, lengths in zip(shown.labels, shown.rows, parts, strict=True):
        nobody = is_nobody(label, chart.label)
        rows.append(element(
            "div",
            element("span", element("bdi", name_of(label, chart.label)), class_="label nobody" if nobody else "label"),
            drawing.bar(lengths, low, cut or high, muted=nobody),
            element("span", short(row[0] if len(row) == 1 else sum(lengths), chart.values[0].form), class_="n"),
            class_="row",
        ))  # fmt: skip
    more = element("p", rest(series), class_="more") if len(series) > chart.top else ""
    return joined(element("div", joined(*rows), class_="rows"), more)


def _line(series: Series) -> Markup:
    ordered = in_order(series)
    columns = [[as_number(value) for value in ordered.column(field)] for field in series.chart.values]
    known = [number for column in columns for number in column if number is not None]
    marks = drawing.ticks(min(known), max(known))
    form = series.chart.values[0].form
    axis = element("div", *(element("span", short(mark, form)) for mark in reversed(marks)), class_="axis n")
    ends = (ordered.labels[:1] + ordered.labels[-1:]) if len(ordered) > 1 else ordered.labels
    names = element("div", *(element("bdi", name_of(label, series.chart.label)) for label in ends), class_="ends")
    return element("div", axis, drawing.lines(_places(ordered), columns, marks), names, class_="line-plot")


def _places(series: Series) -> list[Decimal]:
    """Where each row stands between left and right: by its time, or one after the other."""
    times = [as_moment(label) for label in series.labels]
    places = [Decimal(int(time.timestamp())) if time else Decimal(position) for position, time in enumerate(times)]
    if not all(times):
        places = [Decimal(position) for position in range(len(series))]
    first, span = min(places), max(places) - min(places)
    return [Decimal(100) * (place - first) / span if span else Decimal(50) for place in places]


_DRAW: dict[Kind, Callable[[Series], Markup]] = {Kind.BAR: _bars, Kind.STACKED: _bars, Kind.LINE: _line}
