"""Which row must stand for each key: the heart of the lake.

**The table is a pure function of the set of runs merged**, whatever their order, batching, repetition or lateness:

1. Of the rows of one run with one key, the last (by page and position) is what that run *saw*.
2. What the newest run saw stands. It carries the place (run, page, position) where it was first seen in the latest
   unbroken streak of runs that saw the same; runs that did not see the key at all do not break a streak.
   So a run that brings nothing new changes nothing, not even the place.
3. Where the table has a fallback, a row without a value (or with the fallback itself for one) stands under the
   fallback, by rules 1 and 2, unless any run whatever has seen a row with a value for the same ``within``. Then there
   is no row under the fallback, and rows without a value say nothing: not even a new name in them counts.

Rules 1 and 2 can be told from the target's row and some runs, instead of from all runs ever, when those runs include
every merged run newer than the oldest of them: between the target's row and the oldest of them everything else was
equal to the target's row, or older than it. Rule 3 can always be told, since a value once seen is never unseen: some
row of the target shows it. That is why a job reads the newer runs along with a late one (``manifests.newer_runs``).
"""

from __future__ import annotations

from collections.abc import Iterable

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from sources.model import Table
from sources.runs import ORDER

INSERT, UPDATE, DELETE, NOTHING = "insert", "update", "delete", "nothing"

# The target's ORDER as it was seen when the decision was made: the merge compares and sets.
SEEN = tuple(f"_seen_{name}" for name in ORDER)


def decide(rows: DataFrame, target: DataFrame, table: Table, batch: Iterable[str]) -> DataFrame:
    """One row per key of the rows: what stands for it, and what must be done to the target.

    ``rows`` are good rows of whole runs, ``target`` is the table. Columns: those of the table and ``ORDER`` (the row
    that stands, or that is to be deleted), ``SEEN``, ``_action``, ``_stands`` (false where rule 3 allows no row), and
    ``_runs``: for each row that a run of the batch brought, its run, the oldest first.
    """
    sightings = _sightings(rows, target, table)
    found = sightings.groupBy(*table.key).agg(
        F.sort_array(F.collect_list("_seen")).alias("_history"),
        F.first(F.when(~F.col("_seen.fresh"), F.col("_seen")), ignorenulls=True).alias("_present"),
    )
    found = found.withColumn("_standing", _start_of_latest_streak(_last_of_each_run(F.col("_history"))))
    found = found.withColumn("_stands", ~_is_taken_back(table))
    standing = [F.col(f"_standing.{name}").alias(name) for name in ORDER]
    values = [F.col(f"_standing.row.{column.name}").alias(column.name) for column in table.columns]
    seen = [F.col(f"_present.{name}").alias(alias) for name, alias in zip(ORDER, SEEN, strict=True)]
    return found.select(*values, *standing, *seen, _action().alias("_action"), "_stands", _runs(batch).alias("_runs"))


def changes(decided: DataFrame) -> DataFrame:
    """What a merge has to do; empty when the table is as it must be."""
    return decided.where(F.col("_action") != NOTHING)


def _sightings(rows: DataFrame, target: DataFrame, table: Table) -> DataFrame:
    """The rows, and those of the target that they may touch, in one shape.

    At the same place a row just read sorts after the target's: a replay under new rules takes effect.
    """
    within = table.fallback.within if table.fallback else table.key
    present = target.join(rows.select(*within), list(within), how="left_semi")
    names = [column.name for column in table.columns]
    shaped = [
        side.select(
            *table.key, F.struct(*ORDER, F.lit(fresh).alias("fresh"), F.struct(*names).alias("row")).alias("_seen")
        )
        for side, fresh in ((rows, True), (present, False))
    ]
    # By `within`, which is a part of the key: the grouping by key and the window of rule 3 need no further shuffle.
    return shaped[0].unionByName(shaped[1]).repartition(*within)


def _last_of_each_run(history: Column) -> Column:
    def is_last(seen: Column, index: Column) -> Column:
        return ~F.get(history, index + 1)["source_run"].eqNullSafe(seen["source_run"])

    return F.filter(history, is_last)


def _start_of_latest_streak(history: Column) -> Column:
    def is_news(seen: Column, index: Column) -> Column:
        return ~F.get(history, index - 1)["row"].eqNullSafe(seen["row"])

    return F.element_at(F.filter(history, is_news), -1)


def _is_taken_back(table: Table) -> Column:
    """Rule 3: the row is under the fallback, and some row with the same ``within`` has a value."""
    if not table.fallback:
        return F.lit(False)
    has_value = F.col(table.fallback.column) != table.fallback.value
    return ~has_value & F.max(has_value).over(Window.partitionBy(*table.fallback.within))


def _action() -> Column:
    is_present = F.col("_present").isNotNull()
    place_and_row = [(F.col(f"_present.{name}"), F.col(f"_standing.{name}")) for name in (*ORDER, "row")]
    is_same = F.lit(True)
    for present, standing in place_and_row:
        is_same = is_same & present.eqNullSafe(standing)
    return (
        F.when(~F.col("_stands"), F.when(is_present, DELETE).otherwise(NOTHING))
        .when(~is_present, INSERT)
        .when(is_same, NOTHING)
        .otherwise(UPDATE)
    )


def _runs(batch: Iterable[str]) -> Column:
    fresh = F.filter("_history", lambda seen: seen["fresh"] & seen["source_run"].isin(*batch))
    return F.transform(fresh, lambda seen: seen["source_run"])
