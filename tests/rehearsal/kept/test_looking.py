from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from rehearsal.kept import Kept, KeptError, reopen
from rehearsal.kept.parts.job_runs import CUT_OFF

REGION = {"CreateBucketConfiguration": {"LocationConstraint": "eu-north-1"}}


def program(client):
    client("s3").create_bucket(Bucket="raw", **REGION)
    client("s3").put_object(Bucket="raw", Key="script.py", Body=b"of the program")
    client("dynamodb").create_table(
        TableName="t", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )  # fmt: skip
    client("glue").create_database(DatabaseInput={"Name": "lake"})
    client("glue").create_table(DatabaseName="lake", TableInput={"Name": "runs"})
    client("glue").create_job(Name="curate", Role="r", Command={"Name": "glueetl", "ScriptLocation": "s3://a/b"})
    athena = client("athena")
    athena.create_work_group(Name="lake", Configuration={"BytesScannedCutoffPerQuery": 10_000_000})
    athena.create_named_query(Name="all", Database="lake", QueryString="SELECT 'ö'", WorkGroup="lake")
    athena.create_prepared_statement(StatementName="all", WorkGroup="lake", QueryStatement="SELECT 1")
    trust = {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = client("iam").create_role(RoleName="fires", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    client("scheduler").create_schedule_group(Name="lake")
    client("scheduler").create_schedule(
        Name="daily", GroupName="lake", ScheduleExpression="cron(0 6 * * ? *)", FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": "arn:aws:lambda:eu-north-1:123456789012:function:f", "RoleArn": role},
    )  # fmt: skip
    client("cloudwatch").put_metric_alarm(
        AlarmName="late", Namespace="Lake", MetricName="lag", Statistic="Maximum", Period=60, EvaluationPeriods=1,
        Threshold=5, ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    return {"queue": client("sqs").create_queue(QueueName="q")["QueueUrl"], "names": ["a", "b"]}


def look(account, kept) -> dict[str, object]:
    """What a reader can find out."""
    client = account.client
    queries = client("athena").list_named_queries(WorkGroup="lake")["NamedQueryIds"]
    found = [client("athena").get_named_query(NamedQueryId=query)["NamedQuery"] for query in queries]
    prepared = client("athena").get_prepared_statement(StatementName="all", WorkGroup="lake")
    runs = client("glue").get_job_runs(JobName="curate")["JobRuns"]
    alarms = client("cloudwatch").describe_alarms()["MetricAlarms"]
    received = client("sqs").receive_message(QueueUrl=kept.outputs["queue"]).get("Messages", [])
    return {
        "objects": [each["Key"] for each in client("s3").list_objects_v2(Bucket="raw").get("Contents", [])],
        "items": client("dynamodb").scan(TableName="t")["Items"],
        "messages": [message["Body"] for message in received],
        "tables": [table["Name"] for table in client("glue").get_tables(DatabaseName="lake")["TableList"]],
        "runs": {run["JobRunState"]: run.get("ErrorMessage") for run in runs},
        "queries": [query["QueryString"] for query in found],
        "prepared": prepared["PreparedStatement"]["QueryStatement"],
        "schedules": [each["Name"] for each in client("scheduler").list_schedules()["Schedules"]],
        "alarms": {alarm["AlarmName"]: alarm["StateValue"] for alarm in alarms},
        "notes": kept.notes("usage"),
    }  # fmt: skip


def work(account, kept) -> None:
    account.client("s3").put_object(Bucket="raw", Key="k", Body=b"data")
    account.client("dynamodb").put_item(TableName="t", Item={"id": {"S": "1"}})
    account.client("sqs").send_message(QueueUrl=kept.outputs["queue"], MessageBody="m")
    account.client("glue").create_table(DatabaseName="lake", TableInput={"Name": "athletes"})
    account.client("glue").start_job_run(JobName="curate")
    account.client("cloudwatch").set_alarm_state(AlarmName="late", StateValue="ALARM", StateReason="late")
    kept.note("usage", "run", {"calls": 1})


LEFT = {
    "objects": ["k"], "items": [{"id": {"S": "1"}}], "messages": ["m"], "tables": ["runs", "athletes"],
    "runs": {"FAILED": CUT_OFF}, "queries": ["SELECT 'ö'"], "prepared": "SELECT 1", "schedules": ["daily"],
    "alarms": {"late": "ALARM"}, "notes": {"run": {"calls": 1}},
}  # fmt: skip


def test_a_reader_finds_what_was_deployed_and_the_data_as_they_are(lake, folder):
    with lake(program) as (account, kept):
        work(account, kept)
        account.clock.advance(86400)
        moment = account.clock.now()
    with reopen(folder) as (account, kept):
        assert kept.outputs == {"queue": f"{account.endpoint}/123456789012/q", "names": ["a", "b"]}
        assert look(account, kept) == LEFT
        assert moment <= account.clock.now() < moment + 60


def test_what_a_reader_writes_is_forgotten(lake, folder):
    with lake(program) as (account, kept):
        work(account, kept)
    before = (folder / "lake.db").read_bytes()
    with reopen(folder) as (account, kept):
        account.client("s3").delete_object(Bucket="raw", Key="k")
        account.client("dynamodb").put_item(TableName="t", Item={"id": {"S": "2"}})
        with pytest.raises(KeptError, match="opened to look at"):
            kept.note("usage", "x", {})
    assert (folder / "lake.db").read_bytes() == before
    with reopen(folder) as (account, kept):
        assert look(account, kept) == LEFT


def test_a_reader_sees_one_moment_while_another_process_works(lake, folder):
    """A second connection is to SQLite what a second process is."""
    with lake(program) as (account, kept):
        work(account, kept)
    writer = Kept.open(folder)
    try:
        with reopen(folder) as (account, kept):
            batch = type("Batch", (), {"statements": [("DELETE FROM bodies", ()), ("DELETE FROM kept", ())]})()
            writer._store.write(batch)
            assert account.client("s3").get_object(Bucket="raw", Key="k")["Body"].read() == b"data"
            assert kept.notes("usage") == {"run": {"calls": 1}}
            # The run may well be going on: somebody works on the lake.
            assert look(account, kept)["runs"] == {"STARTING": None}
    finally:
        writer.close()


def test_a_lake_that_was_never_deployed_is_empty(lake, folder):
    Kept.open(folder).close()
    with reopen(folder) as (account, kept):
        assert kept.outputs == {}
        assert account.client("s3").list_buckets()["Buckets"] == []


def test_of_many_objects_from_before_each_can_be_read(lake, folder):
    """Bodies are left where they are, whatever there is of them."""
    with lake(program) as (account, kept):
        store, s3 = kept._store, account.client("s3")
        s3.put_object(Bucket="raw", Key="k", Body=b"x" * 10_000)
        traits = store.value(("object", "raw", "k"))
        rows = [("object", "raw", f"k{n:05}", json.dumps(traits)) for n in range(5000)]
        store._connection.executemany("INSERT INTO kept VALUES (?, ?, ?, ?)", rows)
        bodies = [("raw", f"k{n:05}", b"x" * 10_000) for n in range(5000)]
        store._connection.executemany("INSERT INTO bodies VALUES (?, ?, ?)", bodies)
    with reopen(folder) as (account, _):
        assert account.client("s3").get_object(Bucket="raw", Key="k00007")["Body"].read() == b"x" * 10_000


def test_times_are_those_of_the_lake(lake, folder):
    with lake(program) as (account, _):
        account.clock.advance(86400 * 10)
        account.client("s3").put_object(Bucket="raw", Key="k", Body=b"x")
        now = datetime.fromtimestamp(account.clock.now(), UTC)
    with reopen(folder) as (account, _):
        modified = account.client("s3").head_object(Bucket="raw", Key="k")["LastModified"]
        assert abs((modified - now).total_seconds()) < 5
