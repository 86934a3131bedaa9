"""The page: one HTML file with its style and its pictures in it, and no script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dashboards import Chart, Kind
from lakelet.report.figures import figure, tile
from lakelet.report.markup import Markup, element, joined
from lakelet.report.model import Part, Report, Waiting
from lakelet.report.tables import origin, runs
from lakelet.report.writing import moment

MOST_COLUMNS = 5  # of a table that takes half a row
STYLE = Path(__file__).with_name("style.css")
# A page that may load nothing and run nothing, whatever came into it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def page(report: Report) -> str:
    """The whole file. Nothing in it depends on when or where it is made, but for what the report says."""
    title = report.parts[0].dashboard.title if len(report.parts) == 1 else "What the lake holds"
    head = joined(
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="generator", content="lakelet report"),
        element("link", rel="icon", href="data:,"),  # else a browser asks the server of the page for one
        element("title", f"{title} · {report.lake}"),
        element("style", Markup(STYLE.read_text(encoding="utf-8"))),
    )
    counter = iter(range(1, 1_000_000))
    parts = [_part(part, counter, alone=len(report.parts) == 1) for part in report.parts]
    body = joined(
        element("a", "To the charts", href="#charts", class_="skip"),
        _header(report, title),
        element("main", joined(*parts, runs(report), origin(report)), id="charts"),
        element("footer", "Made by lakelet report. This file needs no network and runs no script."),
    )
    html = element("html", joined(element("head", head), element("body", body)), lang="en", dir="ltr")
    return f"<!doctype html>\n{html}\n"


def _header(report: Report, title: str) -> Markup:
    about = report.parts[0].dashboard.about if len(report.parts) == 1 else ""
    made = element("p", "Made ", element("time", moment(report.made_at), class_="when"), class_="made")
    ways = [(part.dashboard.source, part.dashboard.title) for part in report.parts]
    ways += [("runs", "The last runs"), ("origin", "Where this comes from")]
    links = [element("li", element("a", name, href=f"#{place}")) for place, name in ways if len(report.parts) > 1]
    return element("header", joined(
        element("p", "Lakelet", element("span", report.lake), class_="brand"),
        element("h1", title),
        element("p", about, class_="about") if about else "",
        made,
        element("p", report.note, class_="note") if report.note else "",
        element("nav", element("ul", *links), aria_label="Parts of this page") if links else "",
    ))  # fmt: skip


def _part(part: Part, counter: Iterator[int], alone: bool) -> Markup:
    heading = f"{part.dashboard.source}-title"
    return element("section", joined(
        element("h2", part.dashboard.title, id=heading, class_="hidden" if alone else None),
        "" if alone else element("p", part.dashboard.about, class_="about"),
        _waiting(part.waiting) if part.waiting else _charts(part, counter),
    ), id=part.dashboard.source, aria_labelledby=heading)  # fmt: skip


def _waiting(waiting: Waiting) -> Markup:
    return element("p", waiting.why, " ", element("code", waiting.command), class_="waiting")


def _charts(part: Part, counter: Iterator[int]) -> Markup:
    """The figures and charts; those whose tables have not been made yet are only named."""
    numbered = [(panel, next(counter)) for panel in part.panels if not panel.is_to_come]
    to_come = [panel.chart.title for panel in part.panels if panel.is_to_come]
    tiles = [tile(panel, number) for panel, number in numbered if panel.chart.kind is Kind.NUMBER]
    drawn = [(panel, number) for panel, number in numbered if panel.chart.kind is not Kind.NUMBER]
    widths = _wide([panel.chart for panel, _ in drawn])
    figures = [figure(panel, number, wide) for (panel, number), wide in zip(drawn, widths, strict=True)]
    return joined(
        element("dl", joined(*tiles), class_="tiles") if tiles else "",
        element("div", joined(*figures), class_="figures") if figures else "",
        element("p", f"To come, once a run has made their tables: {', '.join(to_come)}.", class_="calm")
        if to_come else "",
    )  # fmt: skip


def _wide(charts: list[Chart]) -> list[bool]:
    """Which figures take a whole row of two: those that need it, and one that would stand alone."""
    wide: list[bool] = []
    waits = False  # whether the one before stands in a row with a free place
    for position, chart in enumerate(charts):
        is_last = position + 1 == len(charts) or _needs_a_row(charts[position + 1])
        wide.append(_needs_a_row(chart) or (is_last and not waits))
        waits = not wide[-1] and not waits
    return wide


def _needs_a_row(chart: Chart) -> bool:
    """A line over time does, and a table of many columns."""
    return chart.kind is Kind.LINE or (chart.kind is Kind.TABLE and len(chart.fields) > MOST_COLUMNS)
