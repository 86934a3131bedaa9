"""What a page is made from. The same of these gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dashboards import Chart, Dashboard

if TYPE_CHECKING:
    from lakelet.ask import Answer


@dataclass(frozen=True)
class Panel:
    """A chart with the answer that it shows, or with the reason why there is none. ``is_fault``: whether someone
    should look into that."""

    chart: Chart
    answer: Answer | None
    problem: str = ""
    is_fault: bool = True

    @property
    def is_to_come(self) -> bool:
        """Whether its table has not been made yet, and nothing more can be said of it."""
        return self.answer is None and not self.is_fault and not self.chart.untouched


@dataclass(frozen=True)
class Waiting:
    """Why there is nothing to show of a source yet, and the command that is next."""

    why: str
    command: str


@dataclass(frozen=True)
class Part:
    """One source's part of the page. While it is ``waiting`` none of its tables has been made."""

    dashboard: Dashboard
    panels: tuple[Panel, ...]
    waiting: Waiting | None = None


@dataclass(frozen=True)
class Snapshot:
    """The state of a table that the answers are from. ``run`` wrote it; ``rows`` is None where it does not say."""

    table: str
    id: int
    committed_at: float
    rows: int | None
    run: str = ""


@dataclass(frozen=True)
class LedgerLine:
    """A run as the ledger has it: the ledger's columns by name, and what it would have cost where that is known."""

    entry: Mapping[str, Any]
    cost: Decimal | None = None


@dataclass(frozen=True)
class Report:
    """``lake`` is what the lake is called; ``note`` is what a reader must know of its data, such as that they are
    synthetic. ``moved`` says that a table was written to while it was asked."""

    lake: str
    made_at: float
    parts: tuple[Part, ...]
    snapshots: tuple[Snapshot, ...] = ()
    runs: tuple[LedgerLine, ...] = ()
    note: str = ""
    runs_problem: str = ""
    moved: bool = False

    @property
    def problems(self) -> list[str]:
        """What went wrong, each once; a page without any shows all that it was declared to show."""
        faults = [panel.problem for part in self.parts for panel in part.panels if panel.problem and panel.is_fault]
        return list(dict.fromkeys([*faults, *filter(None, [self.runs_problem])]))
