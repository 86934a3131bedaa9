"""Which rows may enter a table, and what becomes of the others.

A bad row is set aside, with its reason and its place, in a table of its own beside the one it was meant for.
The first rule that a row breaks is its reason, so that the counts by reason add up to the rows set aside.

A transform may give two columns more than the table has. ``element`` says which of the rows of its record a row is,
from 0: each record has at least that one. ``left_out`` says why a record is set aside that no rule speaks against.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce

from pyspark.sql import Column as SparkColumn
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from etl.errors import PageDiffers, TooManyBadRows
from etl.manifests import Manifest
from sources.model import Column, Table
from sources.runs import ORDER

UNREADABLE = "unreadable"


def judge(rows: DataFrame, table: Table) -> DataFrame:
    """The table's columns, ``ORDER``, ``element``, and why a row may not enter (null: it may), with its record then.

    The fallback of the table is filled in first: a row that has one is not bad.
    """
    rows = _with_default(_with_default(rows, "element", F.lit(0)), "left_out", F.lit(None).cast("string"))
    if table.fallback:
        missing = F.lit(table.fallback.value)
        rows = rows.withColumn(table.fallback.column, F.coalesce(table.fallback.column, missing))
    broken = [F.when(F.col(name).isNull(), F.lit(f"no {name}")) for name in table.required]
    reason = F.coalesce(F.when(~F.col("readable"), F.lit(UNREADABLE)), "left_out", *broken)
    kept = [F.col(column.name) for column in table.columns]
    record = F.when(reason.isNotNull(), F.col("record"))
    return rows.select(*ORDER, "object", "element", *kept, reason.alias("reason"), record.alias("record"))


def _with_default(rows: DataFrame, name: str, default: SparkColumn) -> DataFrame:
    return rows if name in rows.columns else rows.withColumn(name, default)


@dataclass
class Tally:
    """What was read of one run: the rows that the transform gave, and the records that they come from by page."""

    rows: int = 0
    by_object: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def set_aside(self) -> int:
        return self.reasons.total()

    def bad(self, table: Table) -> Counter[str]:
        """The reasons that are a fault."""
        return Counter({reason: count for reason, count in self.reasons.items() if reason not in table.expects})


def tally(judged: Mapping[str, DataFrame]) -> dict[str, dict[str, Tally]]:
    """What was read for each table, by run: in one pass for all of them."""
    tallies: dict[str, dict[str, Tally]] = {table: {} for table in judged}
    counted = ("source_run", "object", "reason", "element")
    of_tables = [rows.select(F.lit(table).alias("table"), *counted) for table, rows in judged.items()]
    groups = reduce(DataFrame.unionByName, of_tables).groupBy("table", "source_run", "object", "reason")
    counts = groups.agg(F.count(F.lit(1)), F.count_if(F.col("element") == 0))
    for table, run, key, reason, count, records in counts.collect():
        found = tallies[table].setdefault(run, Tally())
        found.rows += count
        found.by_object[key] += records
        if reason is not None:
            found.reasons[reason] += count
    return tallies


def check_pages(manifest: Manifest, read: Tally) -> None:
    """Each page holds the records that the manifest promises, and the transform kept every one."""
    for page in manifest.pages:
        if read.by_object[page.key] != page.rows:
            raise PageDiffers(
                f"page {page.key} holds {read.by_object[page.key]} rows, its manifest says {page.rows}; compare it with"
                f" its sha256 there and extract {manifest.name} anew, unless its transform loses or invents rows"
            )


def is_too_bad(read: Tally, table: Table) -> bool:
    return read.bad(table).total() > table.at_most_bad * read.rows


def refuse_bad_runs(table: Table, reads: Iterable[tuple[Manifest, Tally]], where: str) -> None:
    """Stops at the first run that breaks the rules more often than its table allows."""
    for manifest, read in reads:
        if is_too_bad(read, table):
            bad = read.bad(table)
            often, times = bad.most_common(1)[0]
            share = f"{bad.total() / read.rows:.1%}, limit {table.at_most_bad:.1%}"
            raise TooManyBadRows(
                f"{manifest.name}: {bad.total()} of {read.rows} rows are bad ({share}), most often '{often}'"
                f" ({times} times); table {table.name} is as it was, the rows are in {where}"
            )


def set_aside_table(table: Table) -> Table:
    """Where the bad rows of a table go: one row per place and element, partitioned by run so that a run finds its own
    quickly."""
    return Table(
        table.set_aside,
        key=("object", "position", "element"),
        partition=("source_run",),
        columns=(
            Column("object", "string", required=True),
            Column("position", "int", required=True),
            Column("element", "int", required=True),
            Column("reason", "string", required=True),
            Column("record", "string"),
            Column("source_run", "string", required=True),
        ),
    )


def rows_to_set_aside(judged: DataFrame) -> DataFrame:
    """The bad rows, as columns of the set-aside table. A record that is JSON's null has the text ``null``."""
    record = F.coalesce("record", F.lit("null"))
    bad = judged.where(F.col("reason").isNotNull())
    position = F.col("source_position").alias("position")
    return bad.select("object", position, "element", "reason", record.alias("record"), "source_run")
