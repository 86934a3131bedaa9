"""One source's part of the page: its charts with their answers, or why there are none yet and what is next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dashboards import Chart, Dashboard
from lakelet.answer import Answer
from lakelet.place import Place
from lakelet.report.model import Panel, Part, Waiting

NO_TABLE = "Its table has not been made yet; the first run makes it."
_NO_TABLE = re.compile(r"TABLE_NOT_FOUND|TABLE_OR_VIEW_NOT_FOUND")

Found = Mapping[str, Answer | Exception]  # what came of each named query


def part_of(place: Place, dashboard: Dashboard, ledger: Answer | Exception, found: Found) -> Part:
    """A source's part, from the answers to its queries and to the one for all runs."""
    panels = tuple(_panel(chart, found[chart.query]) for chart in dashboard.charts)
    is_untouched = all(panel.answer is None and not panel.is_fault for panel in panels)
    return Part(dashboard, panels, _waiting(place, dashboard.source, ledger) if is_untouched else None)


def _waiting(place: Place, source: str, ledger: Answer | Exception) -> Waiting:
    """Why a source has no table yet, and what to do."""
    entries = entries_of(ledger) if isinstance(ledger, Answer) else []
    runs = sum(entry["source"] == source for entry in entries)
    status = f"lakelet status {source}{place.option}"
    if runs:
        counted = "1 run" if runs == 1 else f"{runs:,} runs"
        return Waiting(f"{counted} of {source} came, and none is in the tables yet. How each stands:", status)
    if place.is_home:
        return Waiting(f"No run of {source} came yet. Make the first:", f"lakelet run {source}{place.option}")
    return Waiting(f"No run of {source} came yet; the first starts by itself when it is due. When:", status)


def _panel(chart: Chart, found: Answer | Exception) -> Panel:
    if isinstance(found, Answer):
        return Panel(chart, found)
    if is_untouched(found):
        return Panel(chart, None, chart.untouched or NO_TABLE, is_fault=False)
    return Panel(chart, None, f"{chart.query}: {found}")


def is_untouched(error: Exception) -> bool:
    return bool(_NO_TABLE.search(str(error)))


def entries_of(ledger: Answer) -> list[dict[str, Any]]:
    """All runs, by the names of the ledger's columns."""
    return [dict(zip(ledger.columns, row, strict=True)) for row in ledger.rows]
