"""The job by its own edge: arguments in, a table and a result object out, pages and manifests in S3."""

from __future__ import annotations

import json
from typing import Any

import pytest

from etl.errors import ManifestUnusable, UnknownWork
from etl.jobs.curate import Job, main
from sources.layout import RunName

from .conftest import stored

R1, R2 = "20261121T050000Z", "20261122T050000Z"
ANA, BO = {"id": "1", "name": "Ana", "sport": "Judo"}, {"id": "2", "name": "Bo, 🥇"}


@pytest.fixture
def buckets(aws, unique) -> dict[str, str]:
    names = {"raw_bucket": unique("raw"), "curated_bucket": unique("curated")}
    for name in names.values():
        aws("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    return names


def arguments(database: str, runs: str, **given: str) -> list[str]:
    given = {"source": "olympics", "runs": runs, "batch": "b1", "database": database.split(".")[1], **given}
    return ["curate.py", "--JOB_NAME", "x", *(part for name, value in given.items() for part in (f"--{name}", value))][
        1:
    ]


def put(s3: Any, bucket: str, run: str, pages: list[list[Any]]) -> None:
    for key, body in stored("olympics", "athletes", run, pages)[1].items():
        s3.put_object(Bucket=bucket, Key=key, Body=body)


def test_a_batch_of_runs_from_the_bucket_to_the_table_and_the_result(spark, database, aws, buckets, capsys):
    put(aws("s3"), buckets["raw_bucket"], R1, [[ANA, BO], [ANA]])
    put(aws("s3"), buckets["raw_bucket"], R2, [[{**BO, "sport": "Golf"}, None, *[ANA] * 20]])
    main(arguments(database, f"athletes/{R2},athletes/{R1}", **buckets))
    found = spark.table(f"{database}.athletes").orderBy("id").select("id", "name", "sport", "source_run").collect()
    assert [tuple(row) for row in found] == [("1", "Ana", "Judo", R1), ("2", "Bo, 🥇", "Golf", R2)]
    text = aws("s3").get_object(Bucket=buckets["curated_bucket"], Key="results/olympics/batch=b1.json")["Body"].read()
    result = json.loads(text)
    snapshot = str(spark.table(f"{database}.athletes.snapshots").first().snapshot_id)
    assert result.pop("seconds").keys() == {"session", "curate"}
    assert result == {
        "source": "olympics",
        "batch": "b1",
        "runs": [f"olympics/athletes/{R1}", f"olympics/athletes/{R2}"],
        "tables": {
            "athletes": {
                "rows_in": 25, "merged": 2, "duplicates": 22, "set_aside": 1, "unchanged": 0, "bad": 1,
                "inserted": 2, "updated": 0, "deleted": 0, "snapshot": snapshot,
            }
        },
        "by_run": {
            f"olympics/athletes/{R1}": {"rows_in": 3, "merged": 0, "duplicates": 3, "set_aside": 0, "bad": 0},
            f"olympics/athletes/{R2}": {"rows_in": 22, "merged": 2, "duplicates": 19, "set_aside": 1, "bad": 1},
        },
    }  # fmt: skip
    assert "athletes: read 3 pages, 25 rows, 1 set aside" in capsys.readouterr().out


def test_a_run_without_pages_writes_zeros(database, aws, buckets):
    put(aws("s3"), buckets["raw_bucket"], R1, [])
    main(arguments(database, f"athletes/{R1}", **buckets))
    text = aws("s3").get_object(Bucket=buckets["curated_bucket"], Key="results/olympics/batch=b1.json")["Body"].read()
    table = json.loads(text)["tables"]["athletes"]
    assert table.pop("snapshot") is None
    assert set(table.values()) == {0}


def test_a_job_that_fails_writes_no_result(database, aws, buckets):
    with pytest.raises(ManifestUnusable, match=f"extract olympics/athletes/{R1} first"):
        main(arguments(database, f"athletes/{R1}", **buckets))
    assert aws("s3").list_objects_v2(Bucket=buckets["curated_bucket"])["KeyCount"] == 0


@pytest.mark.parametrize(
    ("source", "runs", "why"),
    [
        ("olympics", "athletes", "'olympics/athletes' does not name a run"),
        ("olympics", f"medals/{R1}", "source olympics has no stream 'medals'; it has: athletes"),
        ("chess", f"games/{R1}", "no source 'chess'; there are: olympics"),
    ],
)
def test_work_that_nobody_can_do_is_refused_by_name(spark, database, aws, buckets, source, runs, why):
    with pytest.raises(UnknownWork, match=why):
        main(arguments(database, runs, source=source, **buckets))


def test_runs_are_taken_once_and_the_oldest_first():
    argv = arguments(
        "glue_catalog.lake", f"athletes/{R2},athletes/{R1},athletes/{R2}", raw_bucket="r", curated_bucket="c"
    )
    job = Job.from_arguments(argv)
    assert job.runs == (RunName("olympics", "athletes", R1), RunName("olympics", "athletes", R2))
    assert job.labels == {"run_id": f"{R1},{R2}", "batch": "b1"}
