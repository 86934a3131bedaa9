"""A name that a program gives is the name under which the resource is found."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.account import Account
from tests.rehearsal.honesty.conftest import Make, trust, zipped

WORKER = "arn:aws:iam::123456789012:role/worker"
TABLE = {"hashKey": "id", "billingMode": "PAY_PER_REQUEST", "attributes": [{"name": "id", "type": "S"}]}
JOB = {"roleArn": WORKER, "command": {"scriptLocation": "s3://code/job.py"}}
ALARM = {"namespace": "N", "metricName": "m", "statistic": "Sum", "period": 60, "evaluationPeriods": 1,
         "threshold": 1, "comparisonOperator": "GreaterThanThreshold"}  # fmt: skip
FUNCTION = {"role": WORKER, "runtime": "python3.13", "handler": "main.handler", "s3Bucket": "code", "s3Key": "f.zip"}

# type, inputs, the property that names, the service and the call that lists, and where names stand in its answer
NAMED = [
    ("aws:s3/bucket:Bucket", {}, "bucket", "s3", "list_buckets", "Buckets", "Name"),
    ("aws:sqs/queue:Queue", {}, "name", "sqs", "list_queues", "QueueUrls", ""),
    ("aws:sns/topic:Topic", {}, "name", "sns", "list_topics", "Topics", "TopicArn"),
    ("aws:iam/role:Role", {"assumeRolePolicy": trust("glue.amazonaws.com")}, "name", "iam", "list_roles", "Roles",
     "RoleName"),
    ("aws:dynamodb/table:Table", TABLE, "name", "dynamodb", "list_tables", "TableNames", ""),
    ("aws:glue/job:Job", JOB, "name", "glue", "get_jobs", "Jobs", "Name"),
    ("aws:glue/catalogDatabase:CatalogDatabase", {}, "name", "glue", "get_databases", "DatabaseList", "Name"),
    ("aws:athena/workgroup:Workgroup", {}, "name", "athena", "list_work_groups", "WorkGroups", "Name"),
    ("aws:secretsmanager/secret:Secret", {}, "name", "secretsmanager", "list_secrets", "SecretList", "Name"),
    ("aws:cloudwatch/logGroup:LogGroup", {}, "name", "logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", ALARM, "name", "cloudwatch", "describe_alarms", "MetricAlarms",
     "AlarmName"),
    ("aws:cloudwatch/dashboard:Dashboard", {"dashboardBody": '{"widgets": []}'}, "dashboardName", "cloudwatch",
     "list_dashboards", "DashboardEntries", "DashboardName"),
    ("aws:cloudwatch/eventRule:EventRule", {"eventPattern": '{"source": ["a"]}'}, "name", "events", "list_rules",
     "Rules", "Name"),
    ("aws:scheduler/scheduleGroup:ScheduleGroup", {}, "name", "scheduler", "list_schedule_groups", "ScheduleGroups",
     "Name"),
]  # fmt: skip
WITH_PREFIX = ("s3", "sqs", "sns", "iam", "secretsmanager", "logs", "events")


def listed(account: Account, service: str, call: str, many: str, name: str) -> list[str]:
    return [str(each[name] if name else each) for each in getattr(account.client(service), call)()[many]]


@pytest.mark.parametrize(("kind", "inputs", "key", "service", "call", "many", "name"), NAMED, ids=lambda each: None)
def test_what_is_named_is_found_under_its_name(
    account: Account, make: Make, kind: str, inputs: dict[str, Any], key: str, service: str, call: str, many: str,
    name: str,
) -> None:  # fmt: skip
    make(kind, "other", **inputs, **{key: "told-name"})
    assert [each for each in listed(account, service, call, many, name) if each.endswith("told-name")]
    if service in WITH_PREFIX:
        make(kind, "prefixed", **inputs, **{f"{key}Prefix": "begins-"})
        assert [each for each in listed(account, service, call, many, name) if "begins-" in each]


def test_a_function_is_found_under_its_name(account: Account, make: Make) -> None:
    make("aws:iam/role:Role", "worker", name="worker", assumeRolePolicy=trust("lambda.amazonaws.com"))
    make("aws:s3/bucket:Bucket", "code", bucket="code")
    account.client("s3").put_object(Bucket="code", Key="f.zip", Body=zipped(main="def handler(e, c): return 1"))
    make("aws:lambda/function:Function", "f", name="told-name", **FUNCTION)
    assert listed(account, "lambda", "list_functions", "Functions", "FunctionName") == ["told-name"]


def test_a_schedule_is_found_under_its_name_in_its_group(account: Account, make: Make) -> None:
    role = make("aws:iam/role:Role", "fires", name="fires", assumeRolePolicy=trust("scheduler.amazonaws.com"))
    make("aws:scheduler/scheduleGroup:ScheduleGroup", "g", name="nightly")
    target = {"arn": "arn:aws:sqs:eu-north-1:123456789012:q", "roleArn": role.outputs["arn"]}
    make("aws:scheduler/schedule:Schedule", "s", name="told-name", groupName="nightly", target=target,
         scheduleExpression="rate(1 day)", flexibleTimeWindow={"mode": "OFF"})  # fmt: skip
    make("aws:scheduler/schedule:Schedule", "t", namePrefix="begins-", groupName="nightly", target=target,
         scheduleExpression="rate(1 day)", flexibleTimeWindow={"mode": "OFF"})  # fmt: skip
    found = account.client("scheduler").list_schedules(GroupName="nightly")["Schedules"]
    begins, named = sorted(each["Name"] for each in found)
    assert (begins[:7], named) == ("begins-", "told-name")
