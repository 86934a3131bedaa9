"""A small lake that is odd in every way that a real one is, written straight into the tables of an embedded account.

Three runs have been merged; what they left is here as plain rows, so that each answer can be worked out by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.expressions import In
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import Table as IcebergTable
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import IntegerType, NestedField, StringType

from lakelet.place import Place
from lakelet.tables import open_catalog
from sources.layout import RunName, ledger_key

FIRST, SECOND, THIRD = "20260302T050000Z", "20260303T050000Z", "20260304T050000Z"
Row = dict[str, Any]

# id, name, country, sport; then the place where it was first seen as it is.
ATHLETES = [
    ("0000001", "Ana Example", "ESP", "Judo", FIRST, 1, 0),
    ("0000002", "Bo, Example", "SWE", "Judo", FIRST, 1, 1),
    ("0000003", 'Cy "Cyclone" O\'Hara', "SWE", "Judo", SECOND, 1, 2),
    ("0000004", "Dee\nTwo-Lines", None, "Judo", FIRST, 1, 3),
    ("0000005", "李小龙", "CHN", "Table Tennis", FIRST, 1, 4),
    ("0000006", "Eve of All Sports", "SWE", "Archery", FIRST, 2, 0),
    ("0000006", "Eve of All Sports", "SWE", "Judo", FIRST, 2, 1),
    ("0000006", "Eve Renamed", "NOR", "Rowing", THIRD, 1, 0),
    ("0000007", "Fay Both", None, "Archery", SECOND, 2, 2),
    ("0000007", "Fay Both", "ESP", "Rowing", FIRST, 2, 3),
    ("ath-0008", "Gil Nowhere", None, "Unknown", FIRST, 2, 4),
    ("ath-0009", "Hal Nowhere", "NOR", "Unknown", THIRD, 1, 1),
    ("0000010", "", "FRA", "Athletics", FIRST, 3, 0),
    ("0000011", "Ida \\ Back'slash", "FRA", "Athletics", THIRD, 1, 2),
    ("0000012", "Jo Example", "USA", "Athletics", SECOND, 3, 2),
]
ASIDE = [
    (FIRST, 1, 7, "no id", '{"name": "Nobody, \\"None\\""}'),
    (FIRST, 1, 9, "no name", '{"id": "0000013"}'),
    (FIRST, 12, 0, "unreadable", "[1, 2]"),
    (FIRST, 12, 1, "unreadable", "null"),
    (THIRD, 2, 3, "no id", '{"name": "Zoë"}'),
]
COUNTS = ("rows_in", "merged", "duplicates", "set_aside", "inserted", "updated", "deleted", "unchanged")


def run_row(name: str, state: str, counts: Iterable[int] = (), **other: Any) -> Row:
    source, stream, run = name.split("/")
    told = {
        "source": source,
        "stream": stream,
        "run": run,
        "scheduled_at": run,
        "state": state,
        "reason": "",
        "notes": "",
        "pages": 3,
    }
    numbers = dict.fromkeys(COUNTS, 0) | dict(zip(COUNTS, counts, strict=False))
    return told | numbers | {"attempts": 0, "seconds": 0.0, "updated_at": f"{run}+"} | other


RUNS = [
    run_row(f"olympics/athletes/{FIRST}", "curated", (19, 13, 2, 4, 13, 0, 0, 0), seconds=12.25),
    run_row(f"olympics/athletes/{SECOND}", "curated", (13, 13, 0, 0, 0, 3, 0, 10), seconds=10.5),
    run_row(f"olympics/athletes/{THIRD}", "curated", (30, 28, 1, 1, 2, 1, 1, 25), seconds=11.0),
    run_row("olympics/athletes/20260305T050000Z", "failed", reason='the API said, "no"', attempts=2, pages=0),
    run_row("olympics/athletes/20260306T050000Z", "waiting", (1,)),
    run_row("chess/games/20260304T050000Z", "curated", pages=1),
    run_row("chess/games/20260305T050000Z", "curated", (7, 5, 1, 0, 5, 0, 0, 0), seconds=1.0),
]


@dataclass
class World:
    """What is in the lake, as plain rows; ``place`` is where to ask."""

    place: Place
    athletes: list[Row]
    aside: list[Row]
    runs: list[Row]
    tables: dict[str, IcebergTable] = field(default_factory=dict)

    @property
    def last_run(self) -> str:
        return max(row["run"] for row in self.runs if row["source"] == "olympics" and row["state"] == "curated")


def fill(place: Place) -> World:
    """Writes all of it, as the runs did: in three commits."""
    catalog, database, bucket = (
        open_catalog(place.catalog_properties, place.client("glue")),
        place.outputs["database"],
        place.outputs["curated_bucket"],
    )
    names = ("id", "name", "country", "sport", "source_run", "source_page", "source_position")
    athletes = [dict(zip(names, row, strict=True)) for row in ATHLETES]
    aside = [
        {"object": f"raw/olympics/athletes/run={run}/page={page:05d}.json.gz", "position": position, "reason": reason,
         "record": record, "source_run": run}
        for run, page, position, reason, record in ASIDE
    ]  # fmt: skip
    s3 = place.client("s3")
    for row in RUNS:
        key = ledger_key(RunName(row["source"], row["stream"], row["run"]))
        s3.put_object(Bucket=bucket, Key=key, Body=(json.dumps(row) + "\n").encode())
    text, whole = StringType(), IntegerType()
    columns = dict.fromkeys(names[:5], text) | dict.fromkeys(names[5:], whole)
    aside_columns = {name: whole if name == "position" else text for name in aside[0]}
    tables = {
        "athletes": _table(catalog, f"{database}.athletes", columns, "sport", bucket),
        "athletes_set_aside": _table(catalog, f"{database}.athletes_set_aside", aside_columns, "source_run", bucket),
    }
    table = tables["athletes"]
    early = [row for row in athletes if row["source_run"] == FIRST]
    replaced = {**early[0], "id": "0000012", "name": "Jo Before", "sport": "Athletics"}
    _append(table, [*early, replaced], {"run_id": FIRST, f"{MERGED}-inserted": "13"})
    table.delete(In("id", {"0000012"}))
    _append(
        table, [row for row in athletes if row["source_run"] == SECOND], {"run_id": SECOND, f"{MERGED}-updated": "3"}
    )
    third = {"run_id": THIRD, f"{MERGED}-inserted": "2", f"{MERGED}-updated": "1", f"{MERGED}-deleted": "1"}
    _append(table, [row for row in athletes if row["source_run"] == THIRD], third)
    for run in (FIRST, THIRD):
        _append(tables["athletes_set_aside"], [row for row in aside if row["source_run"] == run], {"run_id": run})
    return World(place, athletes, aside, RUNS, tables)


MERGED = "spark.merge-into.num-target-rows"


def _table(catalog: Catalog, name: str, types: dict[str, Any], partition: str, bucket: str) -> IcebergTable:
    schema = Schema(*(NestedField(number, column, type_) for number, (column, type_) in enumerate(types.items(), 1)))
    by = PartitionField(schema.find_field(partition).field_id, 1000, IdentityTransform(), partition)
    location = f"s3://{bucket}/warehouse/{name.replace('.', '/')}"
    return catalog.create_table(name, schema, location, PartitionSpec(by), properties={"format-version": "2"})


def _append(table: IcebergTable, rows: list[Row], labels: dict[str, str]) -> None:
    table.append(pa.Table.from_pylist(rows, table.schema().as_arrow()), snapshot_properties=labels)
