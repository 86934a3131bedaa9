"""Upkeep of small tables: what is folded, what goes, and that a merge beside it loses nothing."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from etl import upkeep
from etl.upkeep import DAY, Rules, expire, fold, keep_up, remove_strays

NOW = time.time()
TODAY = Rules(now=NOW, clock=NOW, keep_days=30)
IN_A_MONTH = Rules(now=NOW + 31 * DAY, clock=NOW, keep_days=30)
DRY = Rules(now=NOW + 31 * DAY, clock=NOW, keep_days=30, is_dry=True)


@pytest.fixture
def name(spark, database) -> str:
    """An empty table whose deletes are written beside its files."""
    return create(spark, f"{database}.songs")


def create(spark, name: str) -> str:
    merged_on_read = ", ".join(f"'write.{deed}.mode'='merge-on-read'" for deed in ("delete", "update", "merge"))
    spark.sql(f"CREATE TABLE {name} (id int, name string) USING iceberg TBLPROPERTIES ({merged_on_read})")
    return name


def insert(spark, name: str, ids: range) -> None:
    """One commit, with a file for each row."""
    songs = spark.range(ids.start, ids.stop, numPartitions=len(ids))
    songs.selectExpr("int(id) AS id", "concat('song ', id) AS name").writeTo(name).append()


def rename(spark, name: str, id: int, new: str) -> None:
    """A merge of one row: a file with the row as it is now, and a delete of what it was."""
    spark.sql(
        f"MERGE INTO {name} t USING (SELECT {id} AS id, '{new}' AS name) s ON t.id = s.id"
        " WHEN MATCHED THEN UPDATE SET t.name = s.name WHEN NOT MATCHED THEN INSERT *"
    )


def rows(spark, name: str, version: int | None = None) -> dict[int, str]:
    at = f" VERSION AS OF {version}" if version else ""
    return {row.id: row.name for row in spark.sql(f"SELECT id, name FROM {name}{at}").collect()}


def commit(spark, name: str, times: int) -> None:
    """Snapshots that bring nothing."""
    for _ in range(times):
        upkeep.load(spark, name).newFastAppend().commit()


def snapshots(spark, name: str) -> list[int]:
    """The oldest first."""
    return [each.snapshotId() for each in upkeep.load(spark, name).snapshots()]


def location(spark, name: str) -> Path:
    return Path(upkeep.load(spark, name).location().removeprefix("file:"))


def files(spark, name: str, suffix: str = "") -> set[Path]:
    found = location(spark, name).rglob(f"*{suffix}")
    return {each for each in found if each.is_file() and not each.name.startswith(".")}


def put_stray(folder: Path, name: str, days: float) -> Path:
    """A file that no snapshot has, as a merge that was cut off leaves it."""
    (folder / "data").mkdir(exist_ok=True)
    stray = folder / "data" / name
    stray.write_bytes(b"x")
    os.utime(stray, (NOW - days * DAY,) * 2)
    return stray


def test_small_files_become_one_with_the_same_rows(spark, name):
    insert(spark, name, range(5))
    before = rows(spark, name)
    assert fold(spark, name, TODAY) == {"folded": 5}
    assert upkeep.size_of(upkeep.load(spark, name)).files == 1
    assert rows(spark, name) == before


def test_deletes_are_folded_into_the_files_they_are_of(spark, name):
    insert(spark, name, range(1, 4))
    rename(spark, name, 2, "renamed")
    assert upkeep.size_of(upkeep.load(spark, name)).delete_files == 1
    fold(spark, name, TODAY)
    assert upkeep.size_of(upkeep.load(spark, name)).delete_files == 0
    assert rows(spark, name) == {1: "song 1", 2: "renamed", 3: "song 3"}


def test_a_table_in_order_is_left_alone(spark, name):
    insert(spark, name, range(4))
    before = snapshots(spark, name)
    done = keep_up(spark, name, TODAY)
    assert done.is_in_order and done.before == done.after
    assert snapshots(spark, name) == before


def test_old_snapshots_go_but_for_the_last_few(spark, name):
    commit(spark, name, upkeep.RETAIN_LAST + 2)
    had = snapshots(spark, name)
    assert expire(spark, name, IN_A_MONTH)["expired"] == 2
    assert snapshots(spark, name) == had[2:]


def test_young_snapshots_stay_however_many(spark, name, monkeypatch):
    monkeypatch.setattr(upkeep, "RETAIN_LAST", 1)
    commit(spark, name, 1)
    time_between = time.time()
    commit(spark, name, 2)
    had = snapshots(spark, name)
    assert expire(spark, name, Rules(time_between + 30 * DAY, NOW, keep_days=30))["expired"] == 1
    assert snapshots(spark, name) == had[1:]


def test_what_a_kept_snapshot_had_can_be_travelled_to_and_nothing_else_is_left(spark, name, monkeypatch):
    monkeypatch.setattr(upkeep, "RETAIN_LAST", 2)
    insert(spark, name, range(1, 3))
    spark.sql(f"DELETE FROM {name} WHERE id = 1")
    kept = snapshots(spark, name)[-1]
    commit(spark, name, 1)
    assert len(files(spark, name, ".parquet")) == 2
    assert expire(spark, name, IN_A_MONTH)["expired"] == 1
    assert len(files(spark, name, ".parquet")) == 1
    assert rows(spark, name, version=kept).keys() == {2}


def test_a_file_of_no_snapshot_goes_once_it_is_three_days_old(spark, name):
    old, young = (put_stray(location(spark, name), f"{days}.parquet", days) for days in (3.1, 2.9))
    had = files(spark, name)
    assert remove_strays(spark, name, TODAY) == {"stray": 1}
    assert files(spark, name) == had - {old} and young.exists()


def test_a_time_that_is_made_up_does_not_make_files_older(spark, name):
    """Under the rehearsal's clock it may be next year, and a merge may be under way all the same."""
    assert IN_A_MONTH.stray_before == TODAY.stray_before == NOW - 3 * DAY
    assert Rules(NOW - DAY, NOW, keep_days=30).stray_before == NOW - 4 * DAY


def test_a_dry_run_says_what_would_be_done_and_changes_nothing(spark, name):
    insert(spark, name, range(5))
    commit(spark, name, upkeep.RETAIN_LAST)
    put_stray(location(spark, name), "old.parquet", 4)
    had = files(spark, name)
    would = keep_up(spark, name, DRY)
    assert (would.folded, would.expired, would.stray) == (5, 1, 1)
    assert files(spark, name) == had and would.before == would.after


def stale(spark, name: str) -> str:
    """The table under another name, by which from now on it is seen as it is at this moment."""
    settings = {"": "org.apache.iceberg.spark.SparkCatalog", ".type": "hadoop"}
    settings[".warehouse"] = spark.conf.get("spark.sql.catalog.glue_catalog.warehouse")
    for setting, value in settings.items():
        spark.conf.set(f"spark.sql.catalog.stale{setting}", value)
    seen = f"stale.{name.partition('.')[2]}"
    upkeep.load(spark, seen)
    return seen


def test_a_merge_between_the_plan_and_the_commit_of_a_fold_is_not_lost(spark, name):
    insert(spark, name, range(5))
    seen = stale(spark, name)
    rename(spark, name, 3, "renamed meanwhile")
    rename(spark, name, 9, "new meanwhile")
    pauses: list[float] = []
    done = keep_up(spark, seen, TODAY, pauses.append)
    assert len(pauses) == 1 and not done.blocked and (done.after.files, done.after.delete_files) == (1, 0)
    spark.catalog.refreshTable(name)
    assert rows(spark, name) == {id: f"song {id}" for id in range(5)} | {3: "renamed meanwhile", 9: "new meanwhile"}


def test_a_merge_that_is_always_in_the_way_is_told_and_hinders_no_other_step(spark, name, monkeypatch):
    def refused(*_what: object) -> dict[str, int]:
        raise RuntimeError("org.apache.iceberg.exceptions.ValidationException: Found\nnew deletes")

    monkeypatch.setattr(upkeep, "fold", refused)
    put_stray(location(spark, name), "old.parquet", 4)
    pauses: list[float] = []
    done = keep_up(spark, name, TODAY, pauses.append)
    assert (done.blocked.partition(": ")[0], done.broken, done.stray) == ("fold", "", 1)
    assert "\n" not in done.blocked and len(pauses) == upkeep.TRIES - 1


def test_a_step_that_breaks_is_not_tried_again(spark, name, monkeypatch):
    def breaks(*_what: object) -> dict[str, int]:
        raise OSError("no disk")

    monkeypatch.setattr(upkeep, "expire", breaks)
    pauses: list[float] = []
    done = keep_up(spark, name, DRY, pauses.append)
    assert (done.blocked, done.broken, pauses) == ("", "expire: OSError: no disk", [])


def test_a_table_that_cannot_even_be_read_is_told(spark, name, monkeypatch):
    monkeypatch.setattr(upkeep, "load", lambda *_: 1 / 0)
    assert keep_up(spark, name, TODAY).broken == "ZeroDivisionError: division by zero"


def test_a_table_that_no_run_has_made_yet_is_passed_over(spark, database):
    assert keep_up(spark, f"{database}.unheard_of", TODAY) is None


def test_in_a_bucket_the_files_of_a_table_whose_name_begins_alike_are_not_taken_for_strays(
    spark, aws, aws_endpoint, unique
):
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.s3.models import s3_backends

    bucket, database = unique("curated"), unique("lake").replace("-", "_")
    aws("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    settings = {
        "": "org.apache.iceberg.spark.SparkCatalog",
        ".catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
        ".io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        ".warehouse": f"s3://{bucket}/warehouse",
        ".client.region": "eu-north-1",
        ".glue.endpoint": aws_endpoint,
        ".s3.endpoint": aws_endpoint,
        ".s3.path-style-access": "true",
    }
    for setting, value in settings.items():
        spark.conf.set(f"spark.sql.catalog.in_s3{setting}", value)
    spark.sql(f"CREATE DATABASE in_s3.{database} LOCATION 's3://{bucket}/warehouse/{database}'")
    songs, aside = (create(spark, f"in_s3.{database}.{table}") for table in ("songs", "songs_set_aside"))
    commit(spark, songs, 1)
    insert(spark, aside, range(1, 2))
    aws("s3").put_object(Bucket=bucket, Key=f"warehouse/{database}/songs/data/old.parquet", Body=b"x")
    stored = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[bucket].keys
    for key in stored.values():
        key.last_modified -= timedelta(days=4)
    had = set(stored)
    assert remove_strays(spark, songs, TODAY) == {"stray": 1}
    assert set(stored) == had - {f"warehouse/{database}/songs/data/old.parquet"}
    assert rows(spark, aside) == {1: "song 1"}
