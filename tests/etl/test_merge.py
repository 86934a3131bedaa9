from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from pyspark.sql import functions as F

from etl import merge, tables
from etl.errors import MergeNotSettled
from etl.fold import SEEN, decide
from etl.merge import Changed, Merge, count_changes, held, is_conflict, labelled, settle
from sources.model import Column, Table
from sources.runs import ORDER

from .conftest import frame

BOUTS = Table(
    "bouts",
    key=("id",),
    partition=("sport",),
    columns=tuple(Column(name, "string") for name in ("id", "sport", "name")),
)
SHAPE = "id string, sport string, name string, source_run string, source_page int, source_position int"


@pytest.fixture
def name(spark, database) -> str:
    return made(spark, database, BOUTS)


def made(spark, database: str, table: Table) -> str:
    tables.ensure(spark, f"{database}.{table.name}", table)
    return f"{database}.{table.name}"


def no_pause(_seconds: float) -> None:
    """Tests do not wait."""


def into(name: str, labels: dict[str, str]) -> Merge:
    return Merge(name, BOUTS.key, tuple(tables.column_types(BOUTS)), dict(zip(ORDER, SEEN, strict=True)), labels)


def settled(spark, name: str, decide, pause=no_pause, **given: str) -> list[merge.Commit]:
    """What a job commits by these decisions."""
    with labelled(spark, given) as labels:
        return settle(spark, into(name, labels), decide, pause)


def counted(decided):
    decided = held(decided)
    return decided, count_changes(decided)


def decision(spark, name: str, *rows: tuple[str, ...]):
    """A decision on the table as it is when this is called: a job's first step, with time passing after it."""
    placed = [(*row[:3], row[3], 1, n) for n, row in enumerate(rows)]
    return counted(decide(frame(spark, placed, SHAPE), spark.table(name), BOUTS, {"r1"}))


def rows(spark, name: str) -> list[tuple[str, ...]]:
    spark.catalog.refreshTable(name)  # a session keeps a table for 30 seconds, and others may have committed to it
    return sorted(tuple(row) for row in spark.table(name).select("id", "sport", "name", "source_run").collect())


def put(spark, name: str, id_: str, sport: str, called: str, run: str) -> None:
    """A row as a job of before has left it."""
    spark.sql(f"INSERT INTO {name} VALUES ('{id_}', '{sport}', '{called}', '{run}', 1, 0)")


def run_job(spark, name: str, *new: tuple[str, ...], **labels: str) -> list[merge.Commit]:
    return settled(spark, name, lambda: decision(spark, name, *new), **labels)


def test_a_commit_carries_its_labels_and_says_what_it_did(spark, name):
    (done,) = run_job(spark, name, ("1", "judo", "A", "r1"), ("2", "golf", "it's", "r1"), run_id="r1", batch="b")
    assert (done.changed, done.partitions) == (Changed(inserted=2), 2)
    (snapshot,) = spark.table(f"{name}.snapshots").collect()
    assert (str(snapshot.snapshot_id), snapshot.summary["run_id"], snapshot.summary["batch"]) == (
        done.snapshot,
        "r1",
        "b",
    )
    assert spark.conf.get("spark.sql.iceberg.snapshot-property.run_id", None) is None
    assert run_job(spark, name, ("1", "judo", "A", "r1")) == []


def test_a_row_that_changed_or_came_since_the_decision_is_left_as_it_is(spark, name):
    put(spark, name, "1", "judo", "A", "r1")
    late = ("1", "judo", "B", "r2"), ("3", "judo", "B", "r2")
    stale = decision(spark, name, *late, ("2", "judo", "B", "r2"))
    run_job(spark, name, ("1", "judo", "C", "r3"), ("3", "judo", "C", "r3"))
    decisions = iter([stale, decision(spark, name, *late)])
    done = settled(spark, name, lambda: next(decisions))
    assert [commit.changed for commit in done] == [Changed(inserted=1)]
    assert rows(spark, name) == [("1", "judo", "C", "r3"), ("2", "judo", "B", "r2"), ("3", "judo", "C", "r3")]


def test_a_job_gives_up_when_it_is_always_too_late(spark, name, monkeypatch):
    monkeypatch.setattr(merge, "ROUNDS", 2)
    put(spark, name, "1", "judo", "A", "r1")
    stale = decision(spark, name, ("1", "judo", "B", "r2"))
    run_job(spark, name, ("1", "judo", "C", "r3"))
    pauses: list[float] = []
    with pytest.raises(MergeNotSettled, match="came in between 2 times; run the job again"):
        settled(spark, name, lambda: stale, pause=pauses.append)
    assert pauses == sorted(pauses) and len(pauses) == merge.ROUNDS
    assert rows(spark, name) == [("1", "judo", "C", "r3")]


def test_a_commit_whose_answer_was_lost_is_found_and_one_of_the_same_job_is_not_taken_for_it(spark, name):
    with labelled(spark, {}) as labels:
        first, second = (
            merge.commit(spark, into(name, labels), decision(spark, name, (id_, "judo", "A", "r1"))[0]) for id_ in "12"
        )
        found = merge.find_commit(spark, name, labels["commit"], {second.snapshot})
    assert found == first != second
    assert merge.find_commit(spark, name, "another job's") is None


@pytest.mark.parametrize("merged_on_read", [False, True])
def test_jobs_at_once_end_as_if_one_after_the_other(spark, database, merged_on_read):
    """Real conflicts: three sessions insert the same keys at once."""
    name = made(spark, database, replace(BOUTS, merged_on_read=merged_on_read))
    runs = [[(str(n), "judo", f"{run}", run) for n in range(3)] for run in ("r1", "r2", "r3")]
    with ThreadPoolExecutor(len(runs)) as pool:
        done = list(pool.map(lambda new: run_job(spark.newSession(), name, *new), runs))
    assert rows(spark, name) == [(str(n), "judo", "r3", "r3") for n in range(3)]
    changed = sum((commit.changed for commits in done for commit in commits), Changed())
    assert changed.inserted == 3


def test_one_in_a_hundred_rows_changed_is_one_in_a_hundred_written_where_a_table_is_merged_on_read(spark, database):
    name = made(spark, database, replace(BOUTS, partition=(), merged_on_read=True))
    first, changed = (
        spark.range(0, 10_000, step).selectExpr(
            "string(id) AS id", "'judo' AS sport", f"'{run}' AS name", f"'{run}' AS source_run",
            "1 AS source_page", "int(id) AS source_position",
        )
        for run, step in (("r1", 1), ("r2", 100))
    )  # fmt: skip
    done = []
    for rows, run in ((first, "r1"), (changed, "r2")):
        done += settled(spark, name, lambda rows=rows, run=run: counted(decide(rows, spark.table(name), BOUTS, [run])))
    assert [commit.changed for commit in done] == [Changed(inserted=10_000), Changed(updated=100)]
    snapshot = f"snapshot_id = {done[1].snapshot}"
    summary = spark.table(f"{name}.snapshots").where(snapshot).first().summary
    assert (summary["added-records"], summary["added-position-deletes"]) == ("100", "100")
    assert summary.get("deleted-data-files", "0") == summary.get("deleted-records", "0") == "0"
    assert spark.table(name).where("name = 'r2'").count() == 100
    assert spark.table(name).count() == 10_000


def test_only_conflicts_are_tried_again(spark, name):
    with pytest.raises(Exception, match="no_such_function") as failed:
        settled(spark, name, lambda: counted(spark.table(name).withColumn("_action", F.expr("no_such_function(1)"))))
    assert not is_conflict(failed.value)
