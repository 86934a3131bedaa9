"""Which rows may enter a table, and what becomes of the others.

A bad row is set aside, with its reason and its place, in a table of its own beside the one it was meant for.
The first rule that a row breaks is its reason, so that the counts by reason add up to the rows set aside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from etl.errors import PageDiffers, TooManyBadRows
from etl.manifests import Manifest
from sources.model import Column, Table
from sources.runs import ORDER

UNREADABLE = "unreadable"


def judge(rows: DataFrame, table: Table) -> DataFrame:
    """The table's columns, ``ORDER``, and why a row may not enter (null: it may), with its record in that case.

    The fallback of the table is filled in first: a row that has one is not bad.
    """
    if table.fallback:
        missing = F.lit(table.fallback.value)
        rows = rows.withColumn(table.fallback.column, F.coalesce(table.fallback.column, missing))
    broken = [F.when(F.col(name).isNull(), F.lit(f"no {name}")) for name in table.required]
    reason = F.coalesce(F.when(~F.col("readable"), F.lit(UNREADABLE)), *broken)
    kept = [F.col(column.name) for column in table.columns]
    return rows.select(
        *ORDER, "object", *kept, reason.alias("reason"), F.when(reason.isNotNull(), F.col("record")).alias("record")
    )


@dataclass
class Tally:
    """What was read of one run."""

    rows: int = 0
    by_object: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def set_aside(self) -> int:
        return self.reasons.total()


def tally(judged: DataFrame) -> dict[str, Tally]:
    """What was read, by run."""
    tallies: dict[str, Tally] = {}
    for run, key, reason, count in judged.groupBy("source_run", "object", "reason").count().collect():
        found = tallies.setdefault(run, Tally())
        found.rows += count
        found.by_object[key] += count
        if reason is not None:
            found.reasons[reason] += count
    return tallies


def check_pages(manifest: Manifest, read: Tally) -> None:
    """Each page holds the rows that the manifest promises, and the transform kept every one."""
    for page in manifest.pages:
        if read.by_object[page.key] != page.rows:
            raise PageDiffers(
                f"page {page.key} holds {read.by_object[page.key]} rows, its manifest says {page.rows}; compare it with"
                f" its sha256 there and extract {manifest.name} anew, unless its transform loses or invents rows"
            )


def is_too_bad(read: Tally, table: Table) -> bool:
    return read.set_aside > table.at_most_bad * read.rows


def refuse_bad_runs(table: Table, reads: Iterable[tuple[Manifest, Tally]], where: str) -> None:
    """Stops at the first run that breaks the rules more often than its table allows."""
    for manifest, read in reads:
        if is_too_bad(read, table):
            often, times = read.reasons.most_common(1)[0]
            share = f"{read.set_aside / read.rows:.1%}, limit {table.at_most_bad:.1%}"
            raise TooManyBadRows(
                f"{manifest.name}: {read.set_aside} of {read.rows} rows are bad ({share}), most often '{often}'"
                f" ({times} times); table {table.name} is as it was, the rows are in {where}"
            )


def set_aside_table(table: Table) -> Table:
    """Where the bad rows of a table go: one row per place, partitioned by run so that a run finds its own quickly."""
    return Table(
        table.set_aside,
        key=("object", "position"),
        partition=("source_run",),
        columns=(
            Column("object", "string", required=True),
            Column("position", "int", required=True),
            Column("reason", "string", required=True),
            Column("record", "string"),
            Column("source_run", "string", required=True),
        ),
    )


def rows_to_set_aside(judged: DataFrame) -> DataFrame:
    """The bad rows, as columns of the set-aside table. A record that is JSON's null has the text ``null``."""
    record = F.coalesce("record", F.lit("null"))
    bad = judged.where(F.col("reason").isNotNull())
    return bad.select(
        "object", F.col("source_position").alias("position"), "reason", record.alias("record"), "source_run"
    )
