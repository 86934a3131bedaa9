"""A table that Spark merges on read, as others see it: the embedded Athena, `lakelet export` and `lakelet status`."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from etl import upkeep
from etl.upkeep import Rules, fold
from lakelet import cli
from lakelet.place import Place
from lakelet.status.tables import table_status
from lakelet.tables import open_catalog, properties_of, rows_by
from rehearsal.account import Account

NAME = "in_account.lake.songs"
DELETES = ", ".join(f"'write.{deed}.mode'='merge-on-read'" for deed in ("delete", "update", "merge"))
FIRST = [["1", "one"], ["2", "two"], ["3", "three"], ["4", "four"]]
NOW = [["1", "one"], ["2", "renamed"], ["4", "four"], ["5", "five"]]


@dataclass(frozen=True)
class Songs:
    account: Account
    place: Place
    first_snapshot: int

    def ask(self, sql: str) -> list[list[str]]:
        athena = self.account.client("athena")
        context = {"QueryExecutionContext": {"Database": "lake"}, "WorkGroup": "lake"}
        query = athena.start_query_execution(QueryString=sql, **context)["QueryExecutionId"]
        while (told := athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"])["State"] in (
            "QUEUED", "RUNNING",
        ):  # fmt: skip
            time.sleep(0.01)
        assert told["State"] == "SUCCEEDED", told
        rows = athena.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"][1:]
        return [[cell.get("VarCharValue") for cell in row["Data"]] for row in rows]


@pytest.fixture(scope="module")
def songs(spark) -> Iterator[Songs]:
    """Four rows in one file; then one was renamed, one was added and one was taken away."""
    with Account() as account:
        prepare(account)
        keys = account.credentials()
        system = spark._jvm.java.lang.System
        system.setProperty("aws.accessKeyId", keys.access_key)
        system.setProperty("aws.secretAccessKey", keys.secret_key)
        for setting, value in catalog(keys).items():
            spark.conf.set(f"spark.sql.catalog.in_account{setting}", value)
        try:
            first = merge(spark)
            properties = properties_of(keys)
            place = Place("the account", {"database": "lake"}, account.client, catalog_properties=properties)
            yield Songs(account, place, first)
        finally:
            system.clearProperty("aws.accessKeyId")
            system.clearProperty("aws.secretAccessKey")


def prepare(account: Account) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="curated", CreateBucketConfiguration={"LocationConstraint": account.region})
    account.client("glue").create_database(DatabaseInput={"Name": "lake", "LocationUri": "s3://curated/warehouse/lake"})
    result = {"OutputLocation": "s3://curated/athena/", "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"}}
    account.client("athena").create_work_group(Name="lake", Configuration={"ResultConfiguration": result})


def catalog(keys: Any) -> dict[str, str]:
    return {
        "": "org.apache.iceberg.spark.SparkCatalog",
        ".catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
        ".io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        ".warehouse": "s3://curated/warehouse",
        ".client.region": keys.region,
        ".glue.endpoint": keys.endpoint,
        ".s3.endpoint": keys.endpoint,
        ".s3.path-style-access": "true",
    }


def merge(spark) -> int:
    """The snapshot before the merge."""
    spark.sql(f"CREATE TABLE {NAME} (id int, name string) USING iceberg TBLPROPERTIES ({DELETES})")
    rows = ", ".join(f"({id}, '{name}')" for id, name in FIRST)
    spark.sql(f"INSERT INTO {NAME} SELECT /*+ COALESCE(1) */ * FROM VALUES {rows} AS t(id, name)")
    first = upkeep.load(spark, NAME).currentSnapshot().snapshotId()
    spark.sql(
        f"MERGE INTO {NAME} t USING (SELECT * FROM VALUES (2, 'renamed'), (3, NULL), (5, 'five') AS s(id, name)) s"
        " ON t.id = s.id WHEN MATCHED AND s.name IS NULL THEN DELETE"
        " WHEN MATCHED THEN UPDATE SET t.name = s.name WHEN NOT MATCHED THEN INSERT *"
    )
    assert upkeep.size_of(upkeep.load(spark, NAME)).delete_files == 1
    return int(first)


def test_athena_leaves_out_the_rows_that_a_delete_file_names(songs):
    assert songs.ask("SELECT id, name FROM songs ORDER BY id") == NOW
    assert songs.ask("SELECT count(*) FROM songs") == [["4"]]
    assert songs.ask("SELECT name FROM songs WHERE id = 3") == []


def test_athena_reads_the_table_as_it_was_before_the_merge(songs):
    assert songs.ask(f"SELECT id, name FROM songs FOR VERSION AS OF {songs.first_snapshot} ORDER BY id") == FIRST


def test_athena_lists_delete_files_with_the_files(songs):
    by_content = 'SELECT content, count(*), sum(record_count) FROM "songs$files" GROUP BY content ORDER BY content'
    assert songs.ask(by_content)[1:] == [["1", "1", "2"]]


@pytest.fixture
def exported(songs, monkeypatch, tmp_path):
    @contextmanager
    def opened(*_which: object) -> Iterator[Place]:
        yield songs.place

    monkeypatch.setattr("lakelet.place.open_place", opened)

    def run(*asked: str) -> list[list[str]]:
        out = tmp_path / "songs.csv"
        assert cli.main(["export", "songs", "--csv", str(out), *asked]) == 0
        return sorted(list(csv.reader(io.StringIO(out.read_text())))[1:])

    return run


def test_an_export_leaves_them_out_too(exported):
    assert exported() == NOW


def test_an_export_of_an_older_snapshot_has_them(exported, songs):
    assert exported("--snapshot", str(songs.first_snapshot)) == sorted(FIRST)


def test_a_status_counts_rows_without_them(songs):
    found = table_status(songs.place, "songs")
    assert (found.rows, found.delete_files) == (4, 1)


def test_a_run_tells_the_rows_of_a_partition_without_them(spark, songs):
    """What the metadata count in a partition is what its files hold, and no more than that."""
    name = NAME.replace("songs", "takes")
    made = "(id int, take string) USING iceberg PARTITIONED BY (take)"
    spark.sql(f"CREATE TABLE {name} {made} TBLPROPERTIES ({DELETES})")
    spark.sql(f"INSERT INTO {name} SELECT /*+ COALESCE(1) */ * FROM VALUES (1, 'a'), (2, 'a'), (3, 'b') AS t(id, take)")
    opened = open_catalog(songs.place.catalog_properties, songs.account.client("glue"))
    assert rows_by(opened, "lake", "takes", "take") == {"a": 2, "b": 1}
    assert rows_by(opened, "lake", "takes", "id") == {"1": 1, "2": 1, "3": 1}
    spark.sql(f"DELETE FROM {name} WHERE id = 2")
    assert upkeep.size_of(upkeep.load(spark, name)).delete_files == 1
    assert rows_by(opened, "lake", "takes", "take") == {"a": 1, "b": 1}


def test_the_rows_of_a_day_are_told_by_its_date(spark, songs):
    """By the metadata, where a date is a number, and by the rows once there are deletes."""
    name = NAME.replace("songs", "entries")
    made = "(id int, day date) USING iceberg PARTITIONED BY (day)"
    spark.sql(f"CREATE TABLE {name} {made} TBLPROPERTIES ({DELETES})")
    rows = "(1, DATE '2026-11-21'), (2, DATE '2026-11-21'), (3, NULL)"
    spark.sql(f"INSERT INTO {name} SELECT /*+ COALESCE(1) */ * FROM VALUES {rows} AS t(id, day)")
    opened = open_catalog(songs.place.catalog_properties, songs.account.client("glue"))
    assert rows_by(opened, "lake", "entries", "day") == {"2026-11-21": 2, "None": 1}
    spark.sql(f"DELETE FROM {name} WHERE id = 2")
    assert rows_by(opened, "lake", "entries", "day") == {"2026-11-21": 1, "None": 1}


def test_all_see_the_same_rows_when_the_deletes_are_folded_in(spark, songs, exported):
    fold(spark, NAME, Rules(time.time(), time.time(), 30))
    assert songs.ask("SELECT id, name FROM songs ORDER BY id") == exported() == NOW
    assert songs.ask('SELECT DISTINCT content FROM "songs$files"') == [["0"]]
    assert (table_status(songs.place, "songs").rows, table_status(songs.place, "songs").delete_files) == (4, 0)
