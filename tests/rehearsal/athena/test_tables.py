"""Statements over Iceberg tables and JSON lines, through the API."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rehearsal.account import Account

_spec = importlib.util.spec_from_file_location("small_lake", Path(__file__).parent / "lake.py")
small_lake = importlib.util.module_from_spec(_spec)


@pytest.fixture(scope="module")
def lake():
    import sys

    sys.modules["small_lake"] = small_lake
    _spec.loader.exec_module(small_lake)
    with Account() as account:
        made = small_lake.make(account, "lake")
        made.table.append(small_lake.rows_of("judo", 0, 50))
        made.table.append(small_lake.rows_of("golf", 50, 80))
        made.table.append(small_lake.rows_of("judo", 80, 100))
        small_lake.make_runs(
            made, '{"run": "one", "rows_in": 5, "Seconds": 1.5}\n{"run": "two"}\n', '{"run": "three", "rows_in": null}'
        )
        yield made


def test_rows_are_counted_by_group(lake):
    sql = (
        "SELECT sport, count(*) AS n, sum(points) FROM athletes WHERE points IS NOT NULL GROUP BY sport ORDER BY "
        "n DESC, sport"
    )
    judo = [number for number in (*range(50), *range(80, 100)) if number % 5]
    golf = [number for number in range(50, 80) if number % 5]
    assert lake.rows(sql) == [["judo", str(len(judo)), str(sum(judo))], ["golf", str(len(golf)), str(sum(golf))]]


def test_names_may_be_qualified_and_moments_have_a_zone(lake):
    sql = (
        "select a.id, lake.athletes.id, seen from lake.athletes join awsdatacatalog.lake.athletes a on a.id = "
        "athletes.id where a.id = 'a7'"
    )
    with_alias = "select a.id, b.seen from lake.athletes a join awsdatacatalog.lake.athletes b using (id)"
    assert lake.asked(with_alias)["Status"]["StateChangeReason"].startswith("COLUMN_NOT_FOUND: line 1:8")
    assert lake.rows("select a.id, a.seen from awsdatacatalog.lake.athletes a where a.id = 'a7'") == [
        ["a7", "1970-01-01 00:00:07.000000 UTC"]
    ]
    assert lake.rows(sql.replace("lake.athletes.id", "athletes.id").replace(", seen", ", a.seen"))[0][:2] == [
        "a7",
        "a7",
    ]


def test_the_table_as_it_was(lake):
    first, second, _ = lake.table.refresh().metadata.snapshots
    assert lake.rows(f"select count(*) from athletes for version as of {first.snapshot_id}") == [["50"]]
    moment = f"timestamp '1970-01-01 00:00:00 UTC' + interval '{second.timestamp_ms / 1000}' second"
    assert lake.rows(f"select count(*) from athletes for timestamp as of {moment}") == [["80"]]
    assert lake.rows("select count(*) from athletes for version as of 'main'") == [["100"]]
    told = lake.asked("select * from athletes for timestamp as of timestamp '2001-01-01 00:00:00 UTC'")["Status"]
    assert told["StateChangeReason"].startswith(
        'INVALID_ARGUMENTS: line 1:15: No version history table "lake"."athletes" at or before'
    )
    told = lake.asked("select * from athletes for version as of 1")["Status"]
    assert told["StateChangeReason"] == "INVALID_ARGUMENTS: line 1:15: Iceberg snapshot ID does not exists: 1"


def test_all_of_a_statement_sees_one_state_of_a_table(lake):
    mark = lake.account.calls.mark()
    sql = (
        "WITH judo AS (SELECT count(*) AS n FROM athletes WHERE sport = 'judo') "
        'SELECT a.n, b.n, (SELECT count(*) FROM athletes), (SELECT count(*) FROM "athletes$history") '
        "FROM judo a CROSS JOIN judo b"
    )
    assert lake.rows(sql) == [["70", "70", "100", "3"]]
    assert lake.account.calls.counts(mark)["glue:GetTable"] == 1


def test_the_metadata_tables(lake):
    metadata = lake.table.refresh().metadata
    ids = [str(each.snapshot_id) for each in metadata.snapshots]
    assert lake.rows('select snapshot_id, operation, summary[\'added-records\'] from "athletes$snapshots" order by '
        'committed_at') == [
        [ids[0], "append", "50"], [ids[1], "append", "30"], [ids[2], "append", "20"]]  # fmt: skip
    assert lake.rows('select snapshot_id, parent_id, is_current_ancestor from "athletes$history" order by '
        'made_current_at') == [
        [ids[0], None, "true"], [ids[1], ids[0], "true"], [ids[2], ids[1], "true"]]  # fmt: skip
    assert lake.rows('select partition.sport, record_count, file_count from "athletes$partitions" order by 1') == [
        ["golf", "30", "1"], ["judo", "70", "2"]]  # fmt: skip
    assert lake.rows('select count(*), sum(record_count), min(file_format) from "athletes$files"') == [
        ["3", "100", "PARQUET"]
    ]
    assert lake.rows('select name, type, snapshot_id from "athletes$refs"') == [["main", "BRANCH", ids[2]]]
    assert lake.rows('select sum(added_rows_count) from "athletes$manifests"') == [["100"]]
    assert lake.asked('select * from "athletes$nothing"')["Status"]["StateChangeReason"] == (
        "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.lake.athletes$nothing' does not exist")  # fmt: skip


def chunk_bytes(lake, columns, sports):
    """Counted from the files themselves, apart from the engine."""
    s3, total = lake.account.client("s3"), 0
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket="lake-data", Prefix="athletes/data/"):
        for found in page["Contents"]:
            if any(f"sport={sport}/" in found["Key"] for sport in sports):
                body = s3.get_object(Bucket="lake-data", Key=found["Key"])["Body"].read()
                group = pq.read_metadata(pa.BufferReader(body)).row_group(0)
                chunks = (group.column(position) for position in range(group.num_columns))
                total += sum(chunk.total_compressed_size for chunk in chunks if chunk.path_in_schema in columns)
    return total


@pytest.mark.parametrize(
    ("sql", "columns", "sports"),
    [
        ("select id from athletes", ["id"], ["judo", "golf"]),
        ("select * from athletes", ["id", "sport", "points", "seen"], ["judo", "golf"]),
        ("select id from athletes where sport = 'golf'", ["id", "sport"], ["golf"]),
        ("select id from athletes where sport in ('golf') and points > 60", ["id", "sport", "points"], ["golf"]),
        ("select id from athletes where points between 51 and 79", ["id", "points"], ["golf"]),
        (
            "select a.id from athletes a left join athletes b on b.id = a.id and b.sport = 'none'",
            ["id"],
            ["judo", "golf"],
        ),
        ("select id from athletes where sport = 'none'", [], []),
        ("select id from athletes where sport = 'golf' or points < 10", ["id", "sport", "points"], ["golf", "judo"]),
        ("select count(*) from athletes", [], []),
    ],
)
def test_bytes_are_those_of_the_columns_and_files_that_are_needed(lake, sql, columns, sports):
    read = lake.asked(sql)["Statistics"]["DataScannedInBytes"]
    if "left join" in sql:
        assert read == chunk_bytes(lake, ["id"], ["judo", "golf"])
    elif " or " in sql:  # the second file of judo begins at 80
        assert 0 < read < chunk_bytes(lake, columns, sports)
    else:
        assert read == chunk_bytes(lake, columns, sports)


def test_what_is_left_out_by_pruning_changes_no_answer(lake):
    assert lake.rows(
        "select count(*) from athletes a left join athletes b on b.id = a.id and b.sport = 'golf' where b.id is null"
    ) == [["70"]]
    assert lake.rows("select count(*) from athletes where not (sport = 'golf')") == [["70"]]
    assert lake.rows("select count(*) from athletes where points is null") == [["20"]]


def test_lines_of_json(lake):
    assert lake.rows("select run, rows_in, seconds from runs order by run") == [
        ["one", "5", "1.5"],
        ["three", None, None],
        ["two", None, None],
    ]
    size = sum(
        len(line)
        for line in (
            '{"run": "one", "rows_in": 5, "Seconds": 1.5}\n{"run": "two"}\n',
            '{"run": "three", "rows_in": null}',
        )
    )
    assert lake.asked("select count(*) from runs")["Statistics"]["DataScannedInBytes"] == size


def test_a_line_that_is_no_json_fails_the_query(lake):
    s3 = lake.account.client("s3")
    s3.put_object(Bucket="lake-data", Key="runs/bad.json", Body=b"{oh")
    try:
        assert (
            "HIVE_CURSOR_ERROR: Row is not a valid JSON Object"
            in lake.asked("select run from runs")["Status"]["StateChangeReason"]
        )
    finally:
        s3.delete_object(Bucket="lake-data", Key="runs/bad.json")


def test_show_and_describe(lake):
    athena = lake.account.client("athena")
    told = lake.asked("SHOW TABLES")
    assert told["StatementType"] == "UTILITY"
    results = athena.get_query_results(QueryExecutionId=told["QueryExecutionId"])["ResultSet"]["Rows"]
    assert [row["Data"][0]["VarCharValue"] for row in results] == ["athletes", "runs"]
    described = athena.get_query_results(QueryExecutionId=lake.asked("describe runs")["QueryExecutionId"])["ResultSet"][
        "Rows"
    ]
    assert [cell.get("VarCharValue") for cell in described[1]["Data"]][:2] == ["rows_in", "bigint"]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select * from nothing", "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.lake.nothing' does not exist"),
        ("select * from nowhere.t", "SCHEMA_NOT_FOUND: line 1:15: Schema 'nowhere' does not exist"),
        ("select nope from athletes", "COLUMN_NOT_FOUND: line 1:8: Column 'nope' cannot be resolved"),
        ("select id from athletes where points = '3'", "TYPE_MISMATCH: line 1:38: Cannot apply operator: bigint = "
            "varchar(1)"),
        ("select points as p from athletes where p > 3", "COLUMN_NOT_FOUND: line 1:40: Column 'p' cannot be resolved"),
        ("insert into athletes select * from athletes", "cannot be rehearsed: INSERT: only queries, SHOW and "
            "DESCRIBE run here; tables belong to the jobs"),
        ("optimize athletes rewrite data using bin_pack", "cannot be rehearsed: OPTIMIZE: only queries, SHOW and "
            "DESCRIBE run here; tables belong to the jobs"),
    ],
)  # fmt: skip
def test_refusals_show_in_the_execution(lake, sql, said):
    status = lake.asked(sql)["Status"]
    assert (status["State"], status["StateChangeReason"]) == ("FAILED", said)
    assert status["AthenaError"]["ErrorMessage"] == said


def test_a_view_and_another_serde_are_refused(lake):
    glue = lake.account.client("glue")
    glue.create_table(DatabaseName="lake", TableInput={"Name": "v", "TableType": "VIRTUAL_VIEW"})
    glue.create_table(DatabaseName="lake", TableInput={"Name": "c", "StorageDescriptor": {
        "Location": "s3://lake-data/c/",
        "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.OpenCSVSerde"}}})  # fmt: skip
    try:
        assert lake.asked("select * from v")["Status"]["StateChangeReason"] == "cannot be rehearsed: the view lake.v"
        assert "OpenCSVSerde" in lake.asked("select * from c")["Status"]["StateChangeReason"]
    finally:
        for name in ("v", "c"):
            glue.delete_table(DatabaseName="lake", Name=name)
