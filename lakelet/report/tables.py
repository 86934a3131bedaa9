"""The end of the page: the last runs, and the snapshots and queries that it was made from."""

from __future__ import annotations

from dashboards import Form
from lakelet.report.markup import Markup, element, joined
from lakelet.report.model import LedgerLine, Report, Snapshot
from lakelet.report.writing import NOTHING, moment, written
from sources.runs import State

_MARKS: dict[str, str] = {State.CURATED: "✓", State.FAILED: "✗", State.PARKED: "✗"}
_CHANGES = (("inserted", "New"), ("updated", "Changed"), ("deleted", "Taken away"), ("set_aside", "Set aside"))


def runs(report: Report) -> Markup:
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
    said = [element("span", entry[name], class_="reason") for name in ("reason", "notes") if entry.get(name)]
    # Before a run is in the tables a 0 says that nothing is known yet.
    known = {name: value for name, value in entry.items() if value or state == State.CURATED}
    counts = [_cell(known.get(name), Form.WHOLE) for name in ("rows_in", *(name for name, _ in _CHANGES))]
    cost = [element("td", NOTHING if line.cost is None else _dollars(line), class_="n")] if priced else []
    return element(
        "tr",
        element("th", written(entry.get("run"), Form.RUN), scope="row", class_="t"),
        element("td", badge, *said),
        element("td", element("bdi", f"{entry.get('source')}/{entry.get('stream')}")),
        *counts,
        _cell(entry.get("seconds") or None, Form.SECONDS),
        *cost,
    )


def _cell(value: object, form: Form) -> Markup:
    return element("td", written(value, form), class_="n none" if value is None else "n")


def _dollars(line: LedgerLine) -> str:
    return f"${line.cost:,.4f}" if line.cost is not None else NOTHING


def origin(report: Report) -> Markup:
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
