"""A secret is planted, and looked for wherever something is written down."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

import pytest

SECRET = "planted-b7e1c0ffee"


@pytest.fixture(scope="module")
def account(module_played):
    """An account after two runs: a good one, and one in which the API answered everything with an error."""
    with module_played(key=SECRET) as lake:
        lake.api.key = SECRET
        lake.serve(athletes=40)
        assert lake.run(0).state == "curated"
        lake.serve("error-page", athletes=40)
        assert lake.run(1).state == "waiting"
        lake.serve("401xalways", athletes=40)
        assert lake.run(2).state == "failed"
        yield lake.account


def test_the_secret_is_where_it_belongs(account) -> None:
    secrets = account.client("secretsmanager")
    names = [found["Name"] for found in secrets.list_secrets()["SecretList"]]
    assert any(SECRET in secrets.get_secret_value(SecretId=name)["SecretString"] for name in names)


@pytest.mark.parametrize("place", ["objects", "items", "logs", "functions", "jobs", "calls"])
def test_the_secret_is_nowhere_else(account, place) -> None:
    texts = list(
        {"objects": objects, "items": items, "logs": logs, "functions": functions, "jobs": jobs, "calls": calls}[place](
            account
        )
    )
    assert texts, f"no {place} were looked at: this test shows nothing"
    assert not [text for text in texts if SECRET in text]


def objects(account) -> Iterator[str]:
    s3 = account.client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        for found in s3.list_objects_v2(Bucket=bucket["Name"]).get("Contents", []):
            stored = s3.get_object(Bucket=bucket["Name"], Key=found["Key"])
            body = stored["Body"].read()
            yield (gzip.decompress(body) if found["Key"].endswith(".gz") else body).decode("latin-1")
            yield json.dumps(stored["Metadata"])


def items(account) -> Iterator[str]:
    dynamodb = account.client("dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        yield from (json.dumps(item, default=str) for item in dynamodb.scan(TableName=table)["Items"])


def logs(account) -> Iterator[str]:
    client = account.client("logs")
    for group in client.describe_log_groups()["logGroups"]:
        for found in client.filter_log_events(logGroupName=group["logGroupName"])["events"]:
            yield found["message"]


def functions(account) -> Iterator[str]:
    client = account.client("lambda")
    yield from (json.dumps(found) for found in client.list_functions()["Functions"])


def jobs(account) -> Iterator[str]:
    client = account.client("glue")
    for name in client.list_jobs()["JobNames"]:
        yield json.dumps(client.get_job(JobName=name)["Job"], default=str)
        yield from (json.dumps(found, default=str) for found in client.get_job_runs(JobName=name)["JobRuns"])


def calls(account) -> Iterator[str]:
    yield from (repr(call) for call in account.calls)


def test_the_search_would_find_it(account) -> None:
    account.client("s3").create_bucket(Bucket="leak", CreateBucketConfiguration={"LocationConstraint": account.region})
    account.client("s3").put_object(Bucket="leak", Key="page.json.gz", Body=gzip.compress(SECRET.encode()))
    assert any(SECRET in text for text in objects(account))
