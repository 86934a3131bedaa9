"""A disk that is full: really, by a limit of the operating system on the size of files, and by SQLite's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from rehearsal.kept import KeptFull
from rehearsal.session import Rehearsal

REGION = {"CreateBucketConfiguration": {"LocationConstraint": "eu-north-1"}}
TABLE = {
    "TableName": "t", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
}  # fmt: skip


def program(client):
    client("s3").create_bucket(Bucket="raw", **REGION)
    client("dynamodb").create_table(**TABLE)
    client("glue").create_job(Name="j", Role="r", Command={"Name": "glueetl", "ScriptLocation": "s3://a/b"})
    return {"queue": client("sqs").create_queue(QueueName="q")["QueueUrl"]}


def fill_up(kept) -> None:
    connection = kept._store._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 20}")


def test_what_cannot_be_written_is_not_answered_and_nothing_changes_any_more(lake):
    with lake(program) as (account, kept):
        s3, told = account.client("s3"), []
        kept.on_failure = told.append
        s3.put_object(Bucket="raw", Key="before", Body=b"x")
        fill_up(kept)
        with pytest.raises(
            ClientError, match=r"InternalError.*lake\.db cannot be written: .*full.*make room"
        ) as refused:
            s3.put_object(Bucket="raw", Key="too large", Body=b"x" * 1_000_000)
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
        for change in (
            lambda: s3.put_object(Bucket="raw", Key="small", Body=b""),
            lambda: s3.delete_object(Bucket="raw", Key="before"),
            lambda: account.client("dynamodb").put_item(TableName="t", Item={"id": {"S": "1"}}),
            lambda: account.client("sqs").send_message(QueueUrl=kept.outputs["queue"], MessageBody="m"),
            lambda: account.client("glue").start_job_run(JobName="j"),
        ):
            with pytest.raises(ClientError, match="Internal"):
                change()
        assert s3.get_object(Bucket="raw", Key="before")["Body"].read() == b"x"
        assert account.client("dynamodb").scan(TableName="t")["Items"] == []
        assert account.client("glue").get_job_runs(JobName="j")["JobRuns"] == []
        assert [type(error) for error in told] == [KeptFull]
        with pytest.raises(KeptFull):
            kept.note("usage", "x", {})
    with lake(program) as (account, _):
        listed = account.client("s3").list_objects_v2(Bucket="raw")["Contents"]
        assert [found["Key"] for found in listed] == ["before"]


def test_a_rehearsal_ends_with_it(folder):
    with pytest.raises(KeptFull, match="make room"), Rehearsal(keep=folder) as rehearsal:
        rehearsal.account.client("s3").create_bucket(Bucket="raw", **REGION)
        fill_up(rehearsal.kept)
        with pytest.raises(ClientError):
            rehearsal.account.client("s3").put_object(Bucket="raw", Key="k", Body=b"x" * 1_000_000)
        with pytest.raises(KeptFull):
            rehearsal.settle()


CHILD = """
import resource, sys
from pathlib import Path
from botocore.exceptions import ClientError
from rehearsal.session import Rehearsal
from rehearsal.kept import KeptFull

with Rehearsal(keep=Path(sys.argv[1])) as rehearsal:
    s3 = rehearsal.account.client("s3")
    s3.create_bucket(Bucket="raw", CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
    for n in range(100):
        try:
            s3.put_object(Bucket="raw", Key=f"{n:03}", Body=bytes([n]) * 100_000)
        except ClientError:
            break
        print(f"{n:03}", flush=True)
    try:
        rehearsal.settle()
    except KeptFull as full:
        sys.exit(str(full))
"""


def test_on_a_disk_that_is_really_full_all_that_was_answered_is_there(lake, folder: Path):
    asked = [sys.executable, "-c", CHILD, str(folder)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    answered = done.stdout.split()
    assert 0 < len(answered) < 100, done.stderr
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "cannot be written" in done.stderr
    with lake(program) as (account, _):
        s3 = account.client("s3")
        found = {each["Key"]: each["Size"] for each in s3.list_objects_v2(Bucket="raw")["Contents"]}
        assert found == dict.fromkeys(answered, 100_000)
        assert s3.get_object(Bucket="raw", Key="001")["Body"].read() == b"\x01" * 100_000
        s3.put_object(Bucket="raw", Key="again", Body=b"x")
