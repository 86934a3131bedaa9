"""Asks a lake for everything that its page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

from pyiceberg.catalog.glue import GlueCatalog

from dashboards import DASHBOARDS, filled
from lakelet.answer import Answer
from lakelet.ask import QueryCutOff, QueryRefused, ask, named_queries
from lakelet.cost import NoPrices, cost_of_run
from lakelet.place import Place
from lakelet.report.model import LedgerLine, Report, Snapshot
from lakelet.report.parts import Found, entries_of, is_untouched, part_of
from lakelet.tables import open_catalog
from lakelet.usage.notes import KIND
from sources.query import QueryUnusable

LEDGER = "run_ledger"  # the named query that has all runs, the newest first
RUNS = 12  # of them are shown, and the last of each stream
TRIES = 3  # to read all from the same snapshots
AT_ONCE = 4  # queries to a real account; at home they share the same two hands
MADE_UP = "Rehearsed: the data are made up by the stand-in API, and the times are those of the rehearsal's clock."


def gather(place: Place) -> Report:
    """What the dashboards of the deployed sources show, all from one snapshot of each table where that can be had."""
    dashboards = [DASHBOARDS[name] for name in sorted(place.outputs["curate_jobs"]) if name in DASHBOARDS]
    wanted = dict.fromkeys([query for dashboard in dashboards for query in dashboard.queries] + [LEDGER])
    catalog = open_catalog(place.catalog_properties, place.client("glue"))
    after = snapshots(catalog, place.outputs["database"])
    for _ in range(TRIES):
        before, found = after, answers(place, list(wanted))
        after = snapshots(catalog, place.outputs["database"])
        if before == after:
            break
    ledger = found[LEDGER]
    return Report(
        lake=name_of(place),
        made_at=place.now(),
        parts=tuple(part_of(place, dashboard, ledger, found) for dashboard in dashboards),
        snapshots=after,
        runs=last_runs(ledger, usages(place)) if isinstance(ledger, Answer) else (),
        note=MADE_UP if place.is_home and not place.is_live else "",
        runs_problem=str(ledger) if isinstance(ledger, Exception) and not is_untouched(ledger) else "",
        moved=before != after,
    )


def name_of(place: Place) -> str:
    """What a reader may know of where the lake is: not the folder of the person who made the page."""
    if not place.is_home:
        return place.title
    return "the live lake, kept at home" if place.is_live else "a rehearsed lake"


def answers(place: Place, names: Sequence[str]) -> Found:
    """The answer to each named query, or why there is none. What concerns the whole lake is raised."""
    deployed = {query.name: query for query in named_queries(place)}

    def answer(name: str) -> Answer | Exception:
        if name not in deployed:
            return QueryRefused(f"there is no query {name} in {name_of(place)}; deploy the lake as it is now")
        try:
            return ask(place, filled(deployed[name]))
        except (QueryRefused, QueryCutOff, QueryUnusable) as error:
            return error

    with ThreadPoolExecutor(1 if place.is_home else AT_ONCE) as pool:
        return dict(zip(names, pool.map(answer, names), strict=True))


def snapshots(catalog: GlueCatalog, database: str) -> tuple[Snapshot, ...]:
    """What each Iceberg table of the lake stands at."""
    found = []
    for identifier in sorted(catalog.list_tables(database)):
        current = catalog.load_table(identifier).current_snapshot()
        if current is None:
            continue
        summary = current.summary.additional_properties if current.summary else {}
        found.append(
            Snapshot(
                table=identifier[-1],
                id=current.snapshot_id,
                committed_at=current.timestamp_ms / 1000,
                rows=_rows(summary),
                run=summary.get("run_id", ""),
            )
        )
    return tuple(found)


def _rows(summary: Mapping[str, str]) -> int | None:
    """Those that are there: what delete files have taken away still counts among the records."""
    records, deleted = summary.get("total-records"), summary.get("total-position-deletes", "0")
    return int(records) - int(deleted) if records else None


def usages(place: Place) -> Mapping[str, Any]:
    """What the runs used, by their names; a real account does not say."""
    return place.kept.notes(KIND) if place.kept else {}


def last_runs(ledger: Answer, used: Mapping[str, Any]) -> tuple[LedgerLine, ...]:
    """The newest runs and the last of each stream, each with its price where it is known what it used."""
    entries, streams = [], set()
    for position, entry in enumerate(entries_of(ledger)):
        stream = (entry["source"], entry["stream"])
        if position < RUNS or stream not in streams:
            entries.append(entry)
        streams.add(stream)
    return tuple(LedgerLine(entry, _cost(used.get(_name(entry)))) for entry in entries)


def _name(entry: Mapping[str, Any]) -> str:
    return f"{entry['source']}/{entry['stream']}/{entry['run']}"


def _cost(usage: Any) -> Decimal | None:
    if usage is None:
        return None
    try:
        return cost_of_run(usage).total
    except NoPrices:  # of that region; the page is no place to say which there are
        return None
