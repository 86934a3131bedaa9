"""Runs of one stream into one table: judge, set aside, decide, count, merge.

Nothing is published before the rows are conserved, and nothing is committed when nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from etl import fold, quality, tables
from etl.conserve import Counts, count_decided, counts_by_run
from etl.fit import fit
from etl.manifests import Manifest
from etl.merge import NOTHING_CHANGED, Changed, Merge, count_changes, held, labelled, settle
from etl.quality import Tally
from etl.side_by_side import Say, side_by_side
from sources.model import Table
from sources.runs import ORDER


@dataclass(frozen=True)
class Batch:
    """What one job takes in: its own runs, and the newer ones that it reads along to decide rightly.

    The numbers it gives are of its own runs. ``labels`` go into every snapshot.
    """

    runs: tuple[Manifest, ...]
    along: tuple[Manifest, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def own(self) -> list[str]:
        return [manifest.name.run for manifest in self.runs]

    @property
    def has_rows(self) -> bool:
        return any(manifest.rows for manifest in self.runs)


@dataclass(frozen=True)
class Curated:
    """What became of a batch in one table. ``snapshot`` is None where nothing was committed."""

    by_run: dict[str, Counts]
    changed: Changed = NOTHING_CHANGED
    snapshot: str | None = None

    @property
    def counts(self) -> Counts:
        return sum(self.by_run.values(), Counts())

    def then(self, later: Curated) -> Curated:
        """Both, where the same runs were taken in twice: the first has the numbers, either may have the changes."""
        return Curated(self.by_run, self.changed + later.changed, later.snapshot or self.snapshot)


@contextmanager
def kept(rows: DataFrame) -> Iterator[DataFrame]:
    """Computed once, however often it is read: in memory, on disk where that is too small."""
    rows = rows.persist(StorageLevel.MEMORY_AND_DISK)
    try:
        yield rows
    finally:
        rows.unpersist()


def curate_all(
    spark: SparkSession, database: str, rows: Mapping[Table, DataFrame], batch: Batch, say: Say = print
) -> dict[str, Curated]:
    """Brings the rows of a batch, as the tables' transforms gave them, into the tables: some at once.

    The first table that cannot be told, in their order, stops the job. Others may be committed by then, as the job
    would find them when it is run again.
    """
    fit(spark, sum(manifest.rows for manifest in (*batch.runs, *batch.along)))
    with labelled(spark, batch.labels) as labels, ExitStack() as keeping:
        batch = replace(batch, labels=labels)
        judged = {table: keeping.enter_context(kept(quality.judge(rows[table], table))) for table in rows}
        reads = quality.tally({table.name: judged[table] for table in rows}) if batch.has_rows else {}
        pieces = [
            partial(curate, spark, database, each, judged[each], reads.get(each.name, {}), batch) for each in rows
        ]
        done = side_by_side(pieces, say)
    return {table.name: curated for table, curated in zip(rows, done, strict=True)}


def curate(
    spark: SparkSession, database: str, table: Table, judged: DataFrame, reads: dict[str, Tally], batch: Batch, say: Say
) -> Curated:
    """Brings the rows of a batch, as they were judged for it, into one table."""
    name = f"{database}.{table.name}"
    tables.ensure(spark, name, table)
    aside = quality.set_aside_table(table)
    tables.ensure(spark, f"{database}.{aside.name}", aside)  # there from the first run on, for whoever asks it
    if not batch.has_rows:
        say(f"{table.name}: no rows in {len(batch.runs)} runs, nothing to do")
        return Curated({str(manifest.name): Counts() for manifest in batch.runs})
    for manifest in (*batch.runs, *batch.along):
        quality.check_pages(manifest, reads.setdefault(manifest.name.run, Tally()))
    say(f"{table.name}: read {_summary(batch, reads)}")
    _refuse_or_set_aside(spark, database, table, judged, reads, batch)
    return _merge(spark, name, table, _good_rows(judged, table, reads, batch), reads, batch, say)


def _summary(batch: Batch, reads: Mapping[str, Tally]) -> str:
    pages = sum(len(manifest.pages) for manifest in batch.runs)
    rows, bad = (sum(getattr(reads[run], what) for run in batch.own) for what in ("rows", "set_aside"))
    along = f"; along with {len(batch.along)} newer runs" if batch.along else ""
    return f"{pages} pages, {rows} rows, {bad} set aside{along}"


def _refuse_or_set_aside(
    spark: SparkSession, database: str, table: Table, judged: DataFrame, reads: Mapping[str, Tally], batch: Batch
) -> None:
    """The bad rows are set aside whatever becomes of the good ones."""
    aside = quality.set_aside_table(table)
    name = f"{database}.{aside.name}"
    if any(reads[run].set_aside for run in batch.own):
        mine = judged.where(F.col("source_run").isin(batch.own))
        set_aside(spark, name, aside, quality.rows_to_set_aside(mine), batch)
    quality.refuse_bad_runs(table, [(manifest, reads[manifest.name.run]) for manifest in batch.runs], name)


def set_aside(spark: SparkSession, name: str, aside: Table, bad: DataFrame, batch: Batch) -> None:
    """Adds bad rows of a batch's own runs to those set aside; a place that is there already stays as it is.

    Of those set aside before, only these runs' are read: they grow with history, and have a partition for each run.
    """
    of_these_runs = F.col("source_run").isin(batch.own)
    if spark.table(name).where(of_these_runs).isEmpty():  # nearly always; Iceberg tells it from the partitions
        # Of two jobs that both find nothing, the later puts the same rows in the place of the other's.
        bad.writeTo(name).overwrite(of_these_runs)
        return
    runs = ", ".join(f"'{run}'" for run in batch.own)
    scope = f"t.source_run IN ({runs})"
    merge = Merge(name, aside.key, tuple(tables.column_types(aside)), {"reason": "reason"}, batch.labels, scope)

    def decide() -> tuple[DataFrame, Changed]:
        new = bad.withColumn("_action", F.lit(fold.INSERT))
        # Rows from before a record could have several have no element.
        present = spark.table(name).where(of_these_runs).fillna(0, "element")
        decided = held(new.join(present, [*aside.partition, *aside.key], how="left_anti"))
        return decided, count_changes(decided)

    settle(spark, merge, decide)


def _good_rows(judged: DataFrame, table: Table, reads: Mapping[str, Tally], batch: Batch) -> DataFrame:
    """A run that is only read along and is too bad will fail in a job of its own: it is left out here too."""
    left_out = [m.name.run for m in batch.along if quality.is_too_bad(reads[m.name.run], table)]
    good = judged.where(F.col("reason").isNull())
    return good.where(~F.col("source_run").isin(left_out)) if left_out else good


def _merge(
    spark: SparkSession, name: str, table: Table, good: DataFrame, reads: Mapping[str, Tally], batch: Batch, say: Say
) -> Curated:
    by_run: dict[str, Counts] = {}

    def decide() -> tuple[DataFrame, Changed]:
        decided = held(fold.decide(good, spark.table(name), table, batch.own))
        found = count_decided(decided)
        counts = counts_by_run(found, table, [(manifest, reads[manifest.name.run]) for manifest in batch.runs])
        by_run.update(by_run or counts)  # the first decision is the one to tell of
        return decided, found.changed

    guard = dict(zip(ORDER, fold.SEEN, strict=True))
    merge = Merge(name, table.key, tuple(tables.column_types(table)), guard, batch.labels)
    commits = settle(spark, merge, decide)
    for done in commits:
        say(f"{table.name}: committed snapshot {done.snapshot}, {done.changed}, {done.partitions} partitions")
    if not commits:
        say(f"{table.name}: nothing changed, nothing committed")
    changed = sum((done.changed for done in commits), NOTHING_CHANGED)
    return Curated(by_run, changed, commits[-1].snapshot if commits else None)
