"""One test for each limit that no model names."""

from __future__ import annotations

import json

import pytest

from rehearsal.asked import Asked
from rehearsal.strict.limits.objects import is_bucket_name
from tests.rehearsal.strict.asking import Held, Told, form_call, http, json_call, refused

NOTHING = Told(None, None, None)


def policy(size: int) -> str:
    """A document of so many characters that count, and some that do not."""
    return "{\n  " + "x" * (size - 2) + "\t}"


def put_object(key: str = "key", **headers: str) -> Asked:
    return http("s3", "PUT", f"/lake/{key}", headers={name.replace("_", "-"): text for name, text in headers.items()})


# Logs


@pytest.mark.parametrize("days", [1, 14, 3653])
def test_some_numbers_of_days_are_for_logs(days):
    assert refused(json_call("logs", "PutRetentionPolicy", logGroupName="g", retentionInDays=days)) == NOTHING


def test_logs_come_in_batches_of_a_megabyte():
    def batch(size: int) -> Asked:
        events = [{"timestamp": 1, "message": "m" * (size - 26 - 30)}, {"timestamp": 1, "message": "last"}]
        return json_call("logs", "PutLogEvents", logGroupName="g", logStreamName="s", logEvents=events)

    assert refused(batch(1_048_576)) == NOTHING
    assert refused(batch(1_048_577)) == Told(
        400, "InvalidParameterException", "Upload too large: 1048577 bytes exceeds limit of 1048576"
    )


# IAM


def test_all_inline_policies_of_a_role_have_one_limit():
    asked = form_call("iam", "PutRolePolicy", RoleName="r", PolicyName="new", PolicyDocument=policy(240))
    assert refused(asked, Held(inline={"old": policy(10_000)})) == NOTHING
    assert refused(asked, Held(inline={"old": policy(10_001)})) == Told(
        409, "LimitExceeded", "Maximum policy size of 10240 bytes exceeded for role r"
    )


def test_a_policy_takes_the_place_of_the_one_before():
    asked = form_call("iam", "PutRolePolicy", RoleName="r", PolicyName="same", PolicyDocument=policy(6_000))
    assert refused(asked, Held(inline={"same": policy(6_000)})) == NOTHING


def test_a_user_and_a_group_have_less_room():
    user = form_call("iam", "PutUserPolicy", UserName="ana", PolicyName="p", PolicyDocument=policy(2_049))
    assert refused(user).message == "Maximum policy size of 2048 bytes exceeded for user ana"
    group = form_call("iam", "PutGroupPolicy", GroupName="all", PolicyName="p", PolicyDocument=policy(5_121))
    assert refused(group).message == "Maximum policy size of 5120 bytes exceeded for group all"


def test_a_managed_policy_is_6144_characters_at_most():
    assert refused(form_call("iam", "CreatePolicy", PolicyName="p", PolicyDocument=policy(6_144))) == NOTHING
    told = refused(form_call("iam", "CreatePolicy", PolicyName="p", PolicyDocument=policy(6_145)))
    assert told == Told(409, "LimitExceeded", "Cannot exceed quota for PolicySize: 6144")
    arn = "arn:aws:iam::123456789012:policy/p"
    version = form_call("iam", "CreatePolicyVersion", PolicyArn=arn, PolicyDocument=policy(6_145))
    assert refused(version) == told


def test_a_trust_policy_is_2048_characters_at_most():
    assert refused(form_call("iam", "CreateRole", RoleName="r", AssumeRolePolicyDocument=policy(2_048))) == NOTHING
    told = refused(form_call("iam", "CreateRole", RoleName="r", AssumeRolePolicyDocument=policy(2_049)))
    assert told == Told(409, "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048")
    later = form_call("iam", "UpdateAssumeRolePolicy", RoleName="r", PolicyDocument=policy(2_049))
    assert refused(later) == told


def test_ten_managed_policies_are_enough_for_a_role():
    ten = [f"arn:aws:iam::123456789012:policy/p{number}" for number in range(10)]
    known, new = (form_call("iam", "AttachRolePolicy", RoleName="r", PolicyArn=arn) for arn in (ten[0], ten[0] + "x"))
    assert refused(known, Held(attached=ten)) == NOTHING
    assert refused(new, Held(attached=ten[:9])) == NOTHING
    assert refused(new, Held(attached=ten)) == Told(409, "LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10")


# SQS


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("DelaySeconds", 0, 900),
        ("MaximumMessageSize", 1_024, 1_048_576),
        ("MessageRetentionPeriod", 60, 1_209_600),
        ("ReceiveMessageWaitTimeSeconds", 0, 20),
        ("VisibilityTimeout", 0, 43_200),
    ],
)
def test_attributes_of_a_queue_have_ranges(name, least, most):
    def made(value: object) -> Told:
        return refused(json_call("sqs", "CreateQueue", QueueName="q", Attributes={name: str(value)}))

    assert made(least) == made(most) == NOTHING
    wrong = Told(400, "InvalidAttributeValue", f"Invalid value for the parameter {name}.")
    assert made(least - 1) == made(most + 1) == made("soon") == wrong
    assert refused(json_call("sqs", "SetQueueAttributes", QueueUrl="u", Attributes={name: str(most + 1)})) == wrong


def test_a_message_is_text():
    assert refused(json_call("sqs", "SendMessage", QueueUrl="u", MessageBody="gold 🥇\n")) == NOTHING
    assert refused(json_call("sqs", "SendMessage", QueueUrl="u", MessageBody="\x00")).code == "InvalidMessageContents"
    batch = [{"Id": "1", "MessageBody": "a"}, {"Id": "2", "MessageBody": "\x1b"}]
    assert refused(json_call("sqs", "SendMessageBatch", QueueUrl="u", Entries=batch)).code == "InvalidMessageContents"


# EventBridge and its scheduler


def test_events_are_a_megabyte_together_at_most():
    def put(size: int, **more: object) -> Told:
        detail = json.dumps({"x": ""})
        entry = {"Source": "a", "DetailType": "b", "Detail": detail[:-2] + "x" * (size - 11) + detail[-2:]}
        return refused(json_call("events", "PutEvents", Entries=[{**entry, **more}]))

    over = Told(400, "ValidationException", "Total size of the entries in the request is over the limit.")
    assert put(1_048_576) == put(1_048_562, Time=1.7e9) == put(1_048_573, Resources=["arn"]) == NOTHING
    assert put(1_048_577) == put(1_048_563, Time=1.7e9) == put(1_048_574, Resources=["arn"]) == over


@pytest.mark.parametrize("text", ["rate(1 day)", "rate(5 minutes)", "cron(0 6 * * ? *)"])
def test_when_a_rule_is_due(text):
    assert refused(json_call("events", "PutRule", Name="r", ScheduleExpression=text)) == NOTHING


@pytest.mark.parametrize(
    "text", ["rate(1 days)", "rate(5 minute)", "rate(0 days)", "cron(0 6 * * * *)", "daily", "at(2026-11-21T06:00:00)"]
)
def test_when_a_rule_is_never_due(text):
    told = refused(json_call("events", "PutRule", Name="r", ScheduleExpression=text))
    assert told == Told(400, "ValidationException", "Parameter ScheduleExpression is not valid.")


def schedule(expression: str, zone: str = "UTC") -> Asked:
    arn = "arn:aws:iam::123456789012:role/r"
    told = {
        "ScheduleExpression": expression,
        "ScheduleExpressionTimezone": zone,
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": "arn:aws:sqs:eu-north-1:123456789012:q", "RoleArn": arn},
    }
    return http("scheduler", path="/schedules/nightly", body=json.dumps(told).encode(), kind="application/json")


def test_when_a_schedule_is_due():
    assert refused(schedule("cron(0 6 * * ? *)", "Europe/Stockholm")) == NOTHING
    assert refused(schedule("at(2020-01-01T00:00:00)")) == NOTHING
    assert refused(schedule("rate(1 nights)")).message == "Invalid Schedule Expression rate(1 nights)."
    assert refused(schedule("rate(1 day)", "Mars/Base")).message == "Invalid Schedule Expression Timezone Mars/Base."


# Glue


def job(**settings: object) -> Told:
    command = {"Name": "glueetl", "ScriptLocation": "s3://lake/curate.py"}
    return refused(json_call("glue", "CreateJob", Name="curate", Role="r", Command=command, **settings))


def test_one_worker_does_not_drive_itself():
    assert job(WorkerType="G.1X", NumberOfWorkers=2) == job(WorkerType="G.025X", NumberOfWorkers=1) == NOTHING
    assert job(WorkerType="G.1X", NumberOfWorkers=1) == Told(
        400, "InvalidInputException", "To use Worker Type G.1X, minimum allowed value of Number of Workers is 2."
    )


def test_workers_have_a_type_and_a_number():
    wanted = "Please set both Worker Type and Number of Workers."
    assert job(WorkerType="G.1X").message == job(NumberOfWorkers=2).message == wanted


def test_workers_are_no_capacity():
    told = job(WorkerType="G.1X", NumberOfWorkers=2, MaxCapacity=2.0)
    assert told.message == "Please do not set Max Capacity if using Worker Type and Number of Workers."
    assert job(MaxCapacity=2.0) == NOTHING


def test_there_are_only_so_many_workers():
    assert job(WorkerType="G.2X", NumberOfWorkers=149) == NOTHING
    assert str(job(WorkerType="G.2X", NumberOfWorkers=150).message).endswith("Number of Workers is 149.")


def test_a_job_runs_for_a_week_at_most():
    assert job(Timeout=10_080) == NOTHING
    assert job(Timeout=10_081).code == "InvalidInputException"


def test_a_changed_job_and_a_run_have_the_same_limits():
    changed = json_call("glue", "UpdateJob", JobName="j", JobUpdate={"WorkerType": "G.1X", "NumberOfWorkers": 1})
    run = json_call("glue", "StartJobRun", JobName="j", WorkerType="G.1X", NumberOfWorkers=1)
    assert refused(changed) == refused(run) == job(WorkerType="G.1X", NumberOfWorkers=1)
    assert refused(json_call("glue", "StartJobRun", JobName="j", NumberOfWorkers=4)) == NOTHING


def test_the_arguments_of_a_job_are_not_too_long():
    def with_argument(length: int):
        return refused(json_call("glue", "StartJobRun", JobName="j", Arguments={"--pages": "x" * length}))

    assert with_argument(179_000) == NOTHING
    told = with_argument(181_000)
    assert (told.code, told.message) == ("InvalidInputException", "Request size limit exceeded")


# S3


@pytest.mark.parametrize("name", ["lake", "lakelet-dev-raw-123456789012", "a.b.c", "1lake", "x" * 63])
def test_a_bucket_may_be_called(name):
    assert is_bucket_name(name)


@pytest.mark.parametrize(
    "name",
    ["Lake", "ab", "x" * 64, "a_b", "-lake", "lake-", "a..b", "192.168.0.1", "xn--lake", "sthree-lake", "lake-s3alias",
     "lake--ol-s3", "lake--x-s3", "lake\n"],
)  # fmt: skip
def test_a_bucket_may_not_be_called(name):
    assert not is_bucket_name(name)


def test_a_bucket_with_a_wrong_name_is_not_made():
    assert refused(http("s3", "PUT", "/Lake")) == Told(400, "InvalidBucketName", "The specified bucket is not valid.")
    assert refused(http("s3", "PUT", "/lake")) == NOTHING


def test_a_key_is_1024_bytes_at_most():
    assert refused(put_object("k" * 1024)) == NOTHING
    assert refused(put_object("k" * 1025)).code == "KeyTooLongError"


def test_metadata_is_two_kilobytes_at_most():
    assert refused(put_object(x_amz_meta_note="x" * 2_044)) == NOTHING
    assert refused(put_object(x_amz_meta_note="x" * 2_045)).code == "MetadataTooLarge"


def test_a_bucket_policy_is_20_kilobytes_at_most():
    def put(size: int) -> Asked:
        return http("s3", "PUT", "/lake", "policy", json.dumps({"a": "x" * (size - 8)}, indent=4).encode())

    assert refused(put(20_480)) == NOTHING
    assert refused(put(20_481)).message == "Policy exceeds the maximum allowed document size."
    assert refused(http("s3", "PUT", "/lake", "policy", b"{")).code == "MalformedPolicy"


# Secrets and parameters


def test_a_secret_is_called_by_letters_digits_and_some_signs():
    assert refused(json_call("secretsmanager", "CreateSecret", Name="lake/dev_key+=.@-!", SecretString="s")) == NOTHING
    told = refused(json_call("secretsmanager", "CreateSecret", Name="my key", SecretString="s"))
    assert told.code == "ValidationException"


def test_a_parameter_is_four_kilobytes_or_eight():
    def put(size: int, **tier: str) -> Told:
        return refused(json_call("ssm", "PutParameter", Name="/a", Type="String", Value="x" * size, **tier))

    assert put(4_096) == put(8_192, Tier="Advanced") == NOTHING
    assert put(4_097).code == put(8_193, Tier="Advanced").code == "ValidationException"
