"""Nothing lost, nothing twice: rows in = rows merged + duplicates + rows set aside, in every run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from etl.errors import RowsNotConserved
from etl.fold import DELETE, INSERT, NOTHING, UPDATE
from etl.manifests import Manifest
from etl.merge import Changed
from etl.quality import Tally
from sources.model import Table


@dataclass(frozen=True)
class Counts:
    """Where the rows of a run went. ``merged``: those that stand for their keys among the rows of the batch;
    ``unchanged``: those of them that the table needed no change for. ``bad``: those set aside that are a fault."""

    rows_in: int = 0
    merged: int = 0
    duplicates: int = 0
    set_aside: int = 0
    unchanged: int = 0
    bad: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Decided:
    """What a decision comes to. ``rows``: of each run those that were good, that stand, and that need no change."""

    changed: Changed
    rows: dict[str, tuple[int, int, int]]


def count_decided(decided: DataFrame) -> Decided:
    """The numbers of a decision, in one pass: a key counts as changed once, with the last of its rows."""
    rows = decided.select(
        "_stands", "_action", F.size("_runs").alias("size"), F.posexplode_outer("_runs").alias("index", "run")
    )
    is_last = F.col("index").isNull() | (F.col("index") == F.col("size") - 1)
    is_merged = F.col("_stands") & is_last
    is_unchanged = is_merged & (F.col("_action") == NOTHING)
    to_do = [F.count_if(is_last & (F.col("_action") == action)) for action in (INSERT, UPDATE, DELETE)]
    by_run = rows.groupBy("run").agg(F.count(F.lit(1)), F.count_if(is_merged), F.count_if(is_unchanged), *to_do)
    changed, found = Changed(), {}
    for run, good, merged, unchanged, *done in by_run.collect():
        changed += Changed(*done)
        if run is not None:
            found[run] = (good, merged, unchanged)
    return Decided(changed, found)


def counts_by_run(decided: Decided, table: Table, batch: Iterable[tuple[Manifest, Tally]]) -> dict[str, Counts]:
    """Where the rows of each run of the batch went, as the decision has them; refused when one is missing.

    ``rows_in`` is what the transform gave and the others are counted from the decision, so the sum is a real check.
    That the transform gave every record is another one: ``quality.check_pages``.
    """
    counts = {}
    for manifest, read in batch:
        good, merged, unchanged = decided.rows.get(manifest.name.run, (0, 0, 0))
        bad = read.bad(table).total()
        counts[str(manifest.name)] = Counts(read.rows, merged, good - merged, read.set_aside, unchanged, bad)
    for name, each in counts.items():
        check(name, each)
    return counts


def check(name: str, counts: Counts) -> None:
    went = counts.merged + counts.duplicates + counts.set_aside
    if counts.rows_in != went:
        raise RowsNotConserved(
            f"{name}: {counts.rows_in} rows in, but {counts.merged} merged + {counts.duplicates} duplicates"
            f" + {counts.set_aside} set aside = {went}; nothing was published; a decision must hold each row once"
        )
