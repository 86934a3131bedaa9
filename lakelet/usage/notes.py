"""The measure of a run, kept with the lake."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

from lakelet.tables import open_table
from lakelet.usage.meter import Usage, added

if TYPE_CHECKING:  # it takes half a second, and those who only read the notes do without
    from pyiceberg.catalog.glue import GlueCatalog

KIND = "usage"


class Notes(Protocol):
    """As a kept lake has them."""

    def note(self, kind: str, name: str, body: dict[str, Any]) -> None: ...
    def notes(self, kind: str) -> dict[str, Any]: ...


def keep_usage(kept: Notes, run: str, usage: Usage) -> None:
    """What a run used is added to what it used before: one that was cut off goes on."""
    kept.note(KIND, run, added(kept.notes(KIND).get(run), usage))


def table_bytes(catalog: GlueCatalog, database: str, names: Iterable[str]) -> dict[str, int]:
    """How large the data files of each table are, as its current snapshot tells; a table not made yet is left out."""
    sizes: dict[str, int] = {}
    for name in names:
        table = open_table(catalog, database, name)
        snapshot = table.current_snapshot() if table else None
        if snapshot is not None and snapshot.summary is not None:
            sizes[name] = int(snapshot.summary["total-files-size"] or 0)
    return sizes
