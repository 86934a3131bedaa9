"""The answer to each named query in plain Python, from the rows themselves: no SQL, no engine."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.queries.world import World

Rows = list[tuple[Any, ...]]


def last(value: Any) -> tuple[bool, Any]:
    """A key that sorts NULL behind everything."""
    return (value is None, value or "")


def percent(part: int, whole: int) -> Decimal | None:
    return (Decimal(100 * part) / whole).quantize(Decimal("0.01"), ROUND_HALF_UP) if whole else None


def distinct(rows: Iterable[dict[str, Any]], column: str) -> int:
    return len({row[column] for row in rows if row[column] is not None})


def grouped(rows: Iterable[dict[str, Any]], *columns: str) -> dict[Any, list[dict[str, Any]]]:
    groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in columns)].append(row)
    return groups


def picked(rows: Iterable[dict[str, Any]], *columns: str) -> Rows:
    return [tuple(row[column] for column in columns) for row in rows]


def athletes_by_sport(world: World) -> Rows:
    counts = Counter(row["sport"] for row in world.athletes)
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def athletes_by_country(world: World) -> Rows:
    found = []
    for (country,), rows in grouped(world.athletes, "country").items():
        found.append((country, distinct(rows, "id"), len({row["sport"] for row in rows} - {"Unknown"})))
    return sorted(found, key=lambda each: (-each[1], last(each[0])))


def countries_by_sports(world: World) -> Rows:
    known = [row for row in world.athletes if row["country"] is not None and row["sport"] != "Unknown"]
    found = [(c, distinct(rows, "sport"), distinct(rows, "id")) for (c,), rows in grouped(known, "country").items()]
    return sorted(found, key=lambda each: (-each[1], -each[2], each[0]))


def athletes_in_several_sports(world: World) -> Rows:
    found = []
    for (athlete,), rows in grouped(world.athletes, "id").items():
        if len(rows) > 1:
            newest = max(rows, key=lambda row: (row["source_run"], row["source_page"], row["source_position"]))
            sports = sorted(row["sport"] for row in rows)
            found.append((athlete, newest["name"], newest["country"], len(rows), ", ".join(sports)))
    return sorted(found, key=lambda each: (-each[3], each[0]))


def athletes_without_a_sport(world: World) -> Rows:
    rows = sorted((row for row in world.athletes if row["sport"] == "Unknown"), key=lambda row: row["id"])
    return picked(rows, "id", "name", "country", "source_run", "source_page", "source_position")


def country_share_in_sport(world: World, sport: str = "Athletics", country: str = "USA") -> Rows:
    in_sport = [row for row in world.athletes if row["sport"] == sport]
    mine = sum(row["country"] == country for row in in_sport)
    return [(sport, country, mine, len(in_sport), percent(mine, len(in_sport)))] if mine else []


def last_run_changes(world: World) -> Rows:
    rows = [row for row in world.athletes if row["source_run"] == world.last_run]
    rows.sort(key=lambda row: (row["sport"], row["id"]))
    return picked(rows, "sport", "id", "name", "country", "source_page", "source_position")


def last_run_by_sport(world: World) -> Rows:
    found = []
    for (sport,), rows in grouped(world.athletes, "sport").items():
        new = sum(row["source_run"] == world.last_run for row in rows)
        found.append((sport, len(rows), new, percent(new, len(rows))))
    return sorted(found, key=lambda each: (-each[2], each[0]))


def rows_since(world: World, run: str) -> Rows:
    rows = [row for row in world.athletes if row["source_run"] > run]
    rows.sort(key=lambda row: (row["sport"], row["id"]))
    rows.sort(key=lambda row: row["source_run"], reverse=True)
    return picked(rows, "source_run", "sport", "id", "name", "country", "source_page", "source_position")


def changes_by_commit(world: World) -> Rows:
    """From the summaries of the snapshots; when each was made is not told here."""
    found = []
    for snapshot in world.tables["athletes"].refresh().snapshots():
        told = dict(snapshot.summary.additional_properties) if snapshot.summary else {}
        did = (
            int(told.get(f"spark.merge-into.num-target-rows-{what}", 0)) for what in ("inserted", "updated", "deleted")
        )
        numbers = (int(told["total-records"]), int(told.get("changed-partition-count", 0)))
        found.append((snapshot.timestamp_ms, told.get("run_id"), *did, *numbers, snapshot.snapshot_id))
    return [each[1:] for each in sorted(found, key=lambda each: (-each[0], each[-1]))]


def files_by_sport(world: World) -> Rows:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for file in world.tables["athletes"].refresh().inspect.files().to_pylist():
        totals = found[file["partition"]["sport"]]
        for place, value in enumerate((file["record_count"], 1, file["file_size_in_bytes"])):
            totals[place] += value
    return sorted(((sport, *totals) for sport, totals in found.items()), key=lambda each: (-each[3], each[0]))


def set_aside_by_page(world: World) -> Rows:
    found = Counter((row["source_run"], _page(row["object"]), row["reason"]) for row in world.aside)
    rows = sorted((*key, count) for key, count in found.items())
    return sorted(rows, key=lambda each: each[0], reverse=True)


def _page(key: str) -> int:
    return int(re.findall(r"page=(\d+)", key)[0])


def set_aside_by_reason(world: World) -> Rows:
    found = [
        (reason, len(rows), distinct(rows, "source_run"), max(row["source_run"] for row in rows))
        for (reason,), rows in grouped(world.aside, "reason").items()
    ]
    return sorted(found, key=lambda each: (-each[1], each[0]))


def set_aside_records(world: World, run: str) -> Rows:
    rows = [row for row in world.aside if row["source_run"] == run]
    rows.sort(key=lambda row: (row["object"], row["position"]))
    return picked(rows, "object", "position", "reason", "record")


LEDGER = (
    "source", "stream", "run", "state", "pages", "rows_in", "merged", "duplicates", "set_aside", "inserted",
    "updated", "deleted", "unchanged", "attempts", "seconds", "scheduled_at", "updated_at", "reason", "notes",
)  # fmt: skip


def _newest_first(runs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    by_name = sorted(runs, key=lambda row: (row["source"], row["stream"]))
    return sorted(by_name, key=lambda row: row["run"], reverse=True)


def run_ledger(world: World) -> Rows:
    return picked(_newest_first(world.runs), *LEDGER)


def runs_unfinished(world: World) -> Rows:
    rows = [row for row in world.runs if row["state"] != "curated"]
    rows.sort(key=lambda row: (row["run"], row["source"], row["stream"]))
    return picked(rows, "source", "stream", "run", "state", "attempts", "reason", "updated_at")


def _curated(world: World) -> list[dict[str, Any]]:
    return [row for row in world.runs if row["state"] == "curated"]


def runs_out_of_balance(world: World) -> Rows:
    rows = [row for row in _curated(world) if row["rows_in"] - row["merged"] - row["duplicates"] - row["set_aside"]]
    rows.sort(key=lambda row: (row["run"], row["source"], row["stream"]))
    return picked(rows, "source", "stream", "run", "rows_in", "merged", "duplicates", "set_aside")


def quality_by_run(world: World) -> Rows:
    return [
        (row["source"], row["stream"], row["run"], row["rows_in"], row["set_aside"], row["duplicates"],
         percent(row["set_aside"], row["rows_in"]), percent(row["duplicates"], row["rows_in"]))
        for row in _newest_first(_curated(world))
    ]  # fmt: skip


def throughput_by_stream(world: World) -> Rows:
    found = []
    for (source, stream), rows in sorted(grouped(_curated(world), "source", "stream").items()):
        sums = (sum(row[column] for row in rows) for column in ("pages", "rows_in", "set_aside"))
        average = sum(row["seconds"] for row in rows) / len(rows)
        seconds = math.floor(average * 10 + 0.5) / 10  # half up, where Python's round() goes to the even side
        found.append((source, stream, len(rows), *sums, max(row["run"] for row in rows), seconds))
    return found


ANSWERS: dict[str, Callable[..., Rows]] = {
    answer.__name__: answer
    for answer in (
        athletes_by_sport, athletes_by_country, countries_by_sports, athletes_in_several_sports,
        athletes_without_a_sport, country_share_in_sport, last_run_changes, last_run_by_sport, rows_since,
        changes_by_commit, files_by_sport, set_aside_by_page, set_aside_by_reason, set_aside_records,
        run_ledger, runs_unfinished, runs_out_of_balance, quality_by_run, throughput_by_stream,
    )
}  # fmt: skip
UNTOLD = {"changes_by_commit": ("committed_at",)}  # columns that the answer in plain Python leaves out
