"""Everything that an account has written down, as texts: wherever a secret could have got to."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator


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


PLACES = {"objects": objects, "items": items, "logs": logs, "functions": functions, "jobs": jobs, "calls": calls}
