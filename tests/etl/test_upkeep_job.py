"""The job by its own edge: arguments in, tables in order and a result object out."""

from __future__ import annotations

import json

import pytest

from etl import upkeep
from etl.jobs.upkeep import Job, line, main
from etl.upkeep import Size, Upkeep, UpkeepBroken

CLOCK = 1_795_000_000.0
GIVEN = ["--tables", "songs,songs_set_aside", "--database", "d", "--curated_bucket", "b", "--keep_snapshots_days", "30"]


def test_a_run_without_more_to_go_by_is_named_for_the_time_and_goes_by_the_clock():
    job = Job.from_arguments([*GIVEN, "--JOB_NAME", "x"], CLOCK)
    assert (job.tables, job.batch) == (("songs", "songs_set_aside"), "20261118T110640Z")
    assert vars(job.rules) == {"now": CLOCK, "clock": CLOCK, "keep_days": 30, "is_dry": False}


def test_a_run_may_be_told_its_name_the_time_and_to_change_nothing():
    job = Job.from_arguments([*GIVEN, "--batch", "b1", "--now", "1800000000", "--dry_run", "true"], CLOCK)
    assert (job.batch, job.rules.now, job.rules.clock, job.rules.is_dry) == ("b1", 1_800_000_000.0, CLOCK, True)


@pytest.mark.parametrize("days", ["0", "-1", "x", "1.5"])
def test_snapshots_are_kept_for_a_day_at_least(days, capsys):
    with pytest.raises(SystemExit):
        Job.from_arguments([*GIVEN[:-1], days], CLOCK)
    assert "kept for 1 or more" in capsys.readouterr().err or days == "-1"


def test_a_line_for_each_table_says_what_was_done_to_it():
    before, after = Size(9, 3, 5_000, 12), Size(2, 0, 3_000, 8)
    did = Upkeep(before, after, folded=8, expired=6, removed=20, stray=1)
    assert line("songs", None, False) == "songs: not there yet"
    assert line("songs", Upkeep(after, after), False) == "songs: in order, 2 files"
    assert line("songs", did, False) == (
        "songs: 8 files folded, 6 snapshots expired, 1 stray files removed;"
        " 9 files and 3 deletes are now 2 files and 0 deletes"
    )
    assert line("songs", did, True).startswith("songs: would be 8 files folded")
    assert line("songs", Upkeep(after, after, blocked="fold: X"), False).endswith("; in the way: fold: X")


@pytest.fixture
def given(spark, database, aws, unique) -> dict[str, str]:
    bucket = unique("curated")
    aws("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    spark.sql(f"CREATE TABLE {database}.songs (id int) USING iceberg")
    return {
        "tables": "songs,songs_set_aside", "database": database.split(".")[1], "curated_bucket": bucket,
        "keep_snapshots_days": "30", "batch": "b1",
    }  # fmt: skip


def arguments(given: dict[str, str]) -> list[str]:
    return [part for name, value in given.items() for part in (f"--{name}", value)]


def result(aws, bucket: str) -> dict[str, object]:
    return json.loads(aws("s3").get_object(Bucket=bucket, Key="results/upkeep/batch=b1.json")["Body"].read())


def test_what_was_done_is_told_table_by_table(aws, given, capsys):
    main(arguments(given))
    told = result(aws, given["curated_bucket"])
    assert told["tables"]["songs_set_aside"] is None
    assert told["tables"]["songs"]["before"] == {"files": 0, "delete_files": 0, "bytes": 0, "snapshots": 0}
    assert (told["batch"], told["dry_run"], told["keep_snapshots_days"]) == ("b1", False, 30)
    assert "songs: in order, 0 files\nsongs_set_aside: not there yet\nresult in s3://" in capsys.readouterr().out


def test_a_table_that_breaks_fails_the_job_after_the_others_are_done_and_told(aws, given, monkeypatch):
    def breaks(*_what: object) -> dict[str, int]:
        raise OSError("no disk")

    monkeypatch.setattr(upkeep, "expire", breaks)
    with pytest.raises(UpkeepBroken, match=r"^songs: expire: OSError: no disk$"):
        main(arguments(given))
    assert result(aws, given["curated_bucket"])["tables"]["songs"]["broken"] == "expire: OSError: no disk"
