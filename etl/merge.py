"""Commits to an Iceberg table: what was decided, and nothing else.

A merge compares and sets: a row is touched only if it is still the one that the decision was made on. What was passed
over for that reason shows in the counts of the snapshot, and then it is decided again, on the table as it is now.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields

from pyspark.sql import DataFrame, SparkSession

from etl import tables
from etl.errors import MergeNotSettled
from etl.fold import DELETE, INSERT, UPDATE, changes

ROUNDS = 5
PAUSE_SECONDS = 0.5

COMMIT = "commit"  # the label that a snapshot is found by

_PROPERTY = "spark.sql.iceberg.snapshot-property."
_CONFLICTS = ("ValidationException", "CommitFailedException", "CommitStateUnknownException")


@dataclass(frozen=True)
class Changed:
    """Rows that a merge is to change, or has changed."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0

    def __add__(self, other: Changed) -> Changed:
        return Changed(self.inserted + other.inserted, self.updated + other.updated, self.deleted + other.deleted)

    def __bool__(self) -> bool:
        return self != NOTHING_CHANGED


NOTHING_CHANGED = Changed()
_DID = tuple(field.name for field in fields(Changed))


@dataclass(frozen=True)
class Commit:
    snapshot: str
    changed: Changed
    partitions: int


@dataclass(frozen=True)
class Merge:
    """How changes get into one table.

    ``guard`` names columns of the target, each by the column of the changes that holds what it was when it was
    decided. ``labels`` are what the session's snapshots carry (``labelled``). ``scope`` says which rows of the target
    can be meant at all, as SQL over ``t``: what is outside is not even read.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    guard: Mapping[str, str]
    labels: Mapping[str, str]
    scope: str = "true"

    def sql(self, source: str) -> str:
        """Two traps. All three clauses are there even where rows are only inserted: Iceberg checks a plain insert
        against no other commit, and two jobs at once would both insert. And no partition is named in the condition:
        Iceberg would overlook commits to others, where a row may have come that forbids one of ours (fold, rule 3).
        """
        same_key = " AND ".join(f"t.`{each}` = s.`{each}`" for each in self.key)
        as_seen = " AND ".join(f"t.`{column}` <=> s.`{seen}`" for column, seen in self.guard.items())
        updates = ", ".join(f"t.`{each}` = s.`{each}`" for each in self.columns)
        names, values = (", ".join(f"{prefix}`{each}`" for each in self.columns) for prefix in ("", "s."))
        return (
            f"MERGE INTO {self.name} t USING {source} s ON {self.scope} AND {same_key}"
            f" WHEN MATCHED AND s._action = '{DELETE}' AND {as_seen} THEN DELETE"
            f" WHEN MATCHED AND s._action = '{UPDATE}' AND {as_seen} THEN UPDATE SET {updates}"
            f" WHEN NOT MATCHED AND s._action = '{INSERT}' THEN INSERT ({names}) VALUES ({values})"
        )


@contextmanager
def labelled(spark: SparkSession, labels: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Within it the snapshots of the session carry the labels, and one that is new each time: they are found by it.

    Such settings are the session's, so it is opened around all that is merged at once, never for each merge.
    """
    labels = {**labels, COMMIT: uuid.uuid4().hex}
    for key, value in labels.items():
        spark.conf.set(_PROPERTY + key, value)
    try:
        yield labels
    finally:
        for key in labels:
            spark.conf.unset(_PROPERTY + key)


def settle(
    spark: SparkSession,
    merge: Merge,
    decide: Callable[[], tuple[DataFrame, Changed]],
    pause: Callable[[float], None] = time.sleep,
) -> list[Commit]:
    """Decides and commits until the table is as decided: no commit where nothing changes, normally one otherwise.

    ``decide`` gives a decision that stays as it was made whatever becomes of the table, and what it changes.
    """
    commits: list[Commit] = []
    for number in range(1, ROUNDS + 1):
        decided, wanted = decide()
        if not wanted:
            return commits
        done = commit(spark, merge, changes(decided), {each.snapshot for each in commits})
        if done:
            commits.append(done)
            if done.changed == wanted:
                return commits
        pause(PAUSE_SECONDS * 2**number)
        spark.catalog.refreshTable(merge.name)
    raise MergeNotSettled(f"{merge.name}: other commits came in between {ROUNDS} times; run the job again")


def held(decided: DataFrame) -> DataFrame:
    """The decision as it is made once it is first read, so it must be counted before the table changes.

    A checkpoint, not a cache: Spark 4.1 would tie a view over a cached plan to the table that it read from, which is
    the one that is about to change, and then finds no plan for it.
    """
    return decided.localCheckpoint(eager=False)


def count_changes(decided: DataFrame) -> Changed:
    found = dict(decided.groupBy("_action").count().collect())
    return Changed(found.get(INSERT, 0), found.get(UPDATE, 0), found.get(DELETE, 0))


def commit(spark: SparkSession, merge: Merge, todo: DataFrame, known: Container[str] = ()) -> Commit | None:
    """Runs one merge and says what it did; None when another commit came in between, and nothing was committed.

    The snapshot is found by its label, so one that was committed although the answer got lost counts too.
    """
    view = f"changes_{uuid.uuid4().hex}"
    todo.createOrReplaceTempView(view)
    try:
        spark.sql(merge.sql(view))
    except Exception as error:
        if not is_conflict(error):
            raise
    finally:
        spark.catalog.dropTempView(view)
    spark.catalog.refreshTable(merge.name)
    return find_commit(spark, merge.name, merge.labels[COMMIT], known)


def find_commit(spark: SparkSession, name: str, label: str, known: Container[str] = ()) -> Commit | None:
    """The newest snapshot with this label that is not known. Iceberg's own table tells it without a query."""
    table = tables.load(spark, name)
    snapshot = table.currentSnapshot()
    while snapshot is not None:
        summary, id_ = snapshot.summary(), snapshot.snapshotId()
        if summary.get(COMMIT) == label and str(id_) not in known:
            rows = [int(summary.get(f"spark.merge-into.num-target-rows-{did}") or 0) for did in _DID]
            return Commit(str(id_), Changed(*rows), int(summary.get("changed-partition-count") or 0))
        parent = snapshot.parentId()
        snapshot = None if parent is None else table.snapshot(parent)
    return None


def is_conflict(error: Exception) -> bool:
    """Whether Iceberg refused a commit because of another one; Spark wraps what it throws in various ways."""
    return any(name in f"{error} {getattr(error, '_origin', '')}" for name in _CONFLICTS)
