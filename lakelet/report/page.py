"""The page: one HTML file with its style and its pictures in it, and no script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dashboards import Form, Kind
from lakelet.report.figures import figure, tile
from lakelet.report.markup import Markup, element, joined
from lakelet.report.model import LedgerLine, Part, Report, Snapshot
from lakelet.report.writing import NOTHING, moment, written
from sources.runs import State

STYLE = Path(__file__).with_name("style.css")
_MARKS: dict[str, str] = {State.CURATED: "✓", State.FAILED: "✗", State.PARKED: "✗"}
_CHANGES = (("inserted", "New"), ("updated", "Changed"), ("deleted", "Taken away"), ("set_aside", "Set aside"))
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
        element("main", joined(*parts, _runs(report), _origin(report)), id="charts"),
        element("footer", "Made by lakelet report. This file needs no network and runs no script."),
    )
    html = element("html", joined(element("head", head), element("body", body)), lang="en", dir="ltr")
    return f"<!doctype html>\n{html}\n"


def _header(report: Report, title: str) -> Markup:
    about = report.parts[0].dashboard.about if len(report.parts) == 1 else ""
    made = element("p", "Made ", element("time", moment(report.made_at), class_="when"), class_="made")
    ways = [(part.dashboard.source, part.dashboard.title) for part in report.parts] if len(report.parts) > 1 else []
    links = [element("li", element("a", name, href=f"#{source}")) for source, name in ways]
    return element("header", joined(
        element("p", "Lakelet", element("span", report.lake), class_="brand"),
        element("h1", title),
        element("p", about, class_="about") if about else "",
        made,
        element("p", report.note, class_="note") if report.note else "",
        element("nav", element("ul", *links), aria_label="Parts of this page") if links else "",
    ))  # fmt: skip


def _part(part: Part, counter: Iterator[int], alone: bool) -> Markup:
    numbered = [(panel, next(counter)) for panel in part.panels]
    tiles = [tile(panel, number) for panel, number in numbered if panel.chart.kind is Kind.NUMBER]
    drawn = [(panel, number) for panel, number in numbered if panel.chart.kind is not Kind.NUMBER]
    widths = _wide([panel.chart.kind for panel, _ in drawn])
    figures = [figure(panel, number, wide) for (panel, number), wide in zip(drawn, widths, strict=True)]
    heading = f"{part.dashboard.source}-title"
    return element("section", joined(
        element("h2", part.dashboard.title, id=heading, class_="hidden" if alone else None),
        "" if alone else element("p", part.dashboard.about, class_="about"),
        element("dl", joined(*tiles), class_="tiles") if tiles else "",
        element("div", joined(*figures), class_="figures") if figures else "",
    ), id=part.dashboard.source, aria_labelledby=heading)  # fmt: skip


def _wide(kinds: list[Kind]) -> list[bool]:
    """Which figures take a whole row of two: a line over time, and one that would stand alone."""
    wide: list[bool] = []
    waits = False  # whether the one before stands in a row with a free place
    for position, kind in enumerate(kinds):
        is_last = position + 1 == len(kinds) or kinds[position + 1] is Kind.LINE
        wide.append(kind is Kind.LINE or (is_last and not waits))
        waits = not wide[-1] and not waits
    return wide


def _runs(report: Report) -> Markup:
    """The last runs: how each went, what it changed, how long its job took, what it would have cost."""
    if report.runs_problem:
        content = element("p", report.runs_problem, class_="problem")
    elif not report.runs:
        content = element("p", "No run has come so far that the ledger knows it.", class_="calm")
    else:
        content = _runs_table(report.runs)
    return element("section", joined(element("h2", "The last runs", id="runs-title"), content),
                   id="runs", aria_labelledby="runs-title")  # fmt: skip


def _runs_table(runs: tuple[LedgerLine, ...]) -> Markup:
    priced = any(line.cost is not None for line in runs)
    titles = ["Rows read", *(title for _, title in _CHANGES), "Job took", *(["Would cost"] if priced else [])]
    head = element("tr", *(element("th", title, scope="col") for title in ("Run", "State", "Stream")),
                   *(element("th", title, scope="col", class_="n") for title in titles))  # fmt: skip
    body = [_run(line, priced) for line in runs]
    table = element("table", element("thead", head), element("tbody", *body))
    note = "Times are UTC. What a run would cost is AWS's list price for the calls and seconds that really happened."
    return joined(
        element("div", table, class_="scroll", role="region", tabindex="0", aria_labelledby="runs-title"),
        element("p", note if priced else "Times are UTC.", class_="more"),
    )


def _run(line: LedgerLine, priced: bool) -> Markup:
    entry = line.entry
    state = str(entry.get("state") or "unknown")
    kind = "good" if state == State.CURATED else "bad" if state in (State.FAILED, State.PARKED) else "busy"
    badge = element("span", f"{_MARKS.get(state, '…')} {state}", class_=f"badge {kind}")
    reason = element("span", entry["reason"], class_="reason") if entry.get("reason") else ""
    # Before a run is in the tables a 0 says that nothing is known yet.
    known = {name: value for name, value in entry.items() if value or state == State.CURATED}
    counts = [_cell(known.get(name), Form.WHOLE) for name in ("rows_in", *(name for name, _ in _CHANGES))]
    cost = [element("td", NOTHING if line.cost is None else _dollars(line), class_="n")] if priced else []
    return element(
        "tr",
        element("th", written(entry.get("run"), Form.RUN), scope="row", class_="t"),
        element("td", badge, reason),
        element("td", element("bdi", f"{entry.get('source')}/{entry.get('stream')}")),
        *counts,
        _cell(entry.get("seconds") or None, Form.SECONDS),
        *cost,
    )


def _cell(value: object, form: Form) -> Markup:
    return element("td", written(value, form), class_="n none" if value is None else "n")


def _dollars(line: LedgerLine) -> str:
    return f"${line.cost:,.4f}" if line.cost is not None else NOTHING


def _origin(report: Report) -> Markup:
    """Where all of this is from: the snapshots, and the queries."""
    head = element("tr", *(element("th", title, scope="col", class_="n" if title == "Rows" else None)
                           for title in ("Table", "Rows", "Written", "By run", "Snapshot")))  # fmt: skip
    table = element("table", element("thead", head), element("tbody", *map(_snapshot, report.snapshots)))
    moved = "A table was written to while it was asked: charts may be from different snapshots. Make the page again."
    asked = {
        panel.chart.query: panel.answer for part in report.parts for panel in part.panels if panel.answer is not None
    }
    read = sum(answer.bytes_read for answer in asked.values())
    queries = f"{len(asked)} named queries were asked; they read {written(read, Form.BYTES)}."
    return element("section", joined(
        element("h2", "Where this comes from", id="origin-title"),
        element("p", moved, class_="problem") if report.moved else "",
        element("div", table, class_="scroll", role="region", tabindex="0", aria_labelledby="origin-title")
        if report.snapshots else element("p", "No table has been made yet.", class_="calm"),
        element("p", queries, class_="more"),
    ), id="origin", aria_labelledby="origin-title")  # fmt: skip


def _snapshot(snapshot: Snapshot) -> Markup:
    return element(
        "tr",
        element("th", element("bdi", snapshot.table), scope="row"),
        _cell(snapshot.rows, Form.WHOLE),
        element("td", moment(snapshot.committed_at)),
        element("td", element("bdi", written(snapshot.run or None, Form.RUN)), class_="t"),
        element("td", str(snapshot.id), class_="id"),
    )
