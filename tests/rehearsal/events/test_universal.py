"""Schedules call operations of services by their names."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from rehearsal.events.spelling import in_arn, in_input
from rehearsal.events.universal import TargetRefused, check_target, operation_of
from rehearsal.runtime.spec import NotRehearsed

UNIVERSAL = "arn:aws:scheduler:::aws-sdk:"
START = f"{UNIVERSAL}glue:startJobRun"


def refusal(arn: str, given: object = None, text: str | None = None) -> str:
    with pytest.raises(TargetRefused) as refused:
        check_target(arn, json.dumps(given or {}) if text is None else text, "aws")
    return str(refused.value)


@pytest.mark.parametrize(
    ("member", "spelt"),
    [
        ("JobName", "JobName"),
        ("clusterName", "ClusterName"),
        ("DBInstanceIdentifier", "DbInstanceIdentifier"),
        ("ACL", "Acl"),
        ("EnableECSManagedTags", "EnableECSManagedTags"),
        ("SSEKMSKeyId", "SsekmsKeyId"),
    ],
)
def test_members_are_spelt_as_the_sdk_for_java_has_them(member, spelt):
    assert in_input(member) == spelt


def test_operations_begin_with_a_small_letter():
    assert [in_arn(name) for name in ("StartJobRun", "StopDBInstance")] == ["startJobRun", "stopDBInstance"]


@pytest.mark.parametrize(
    ("named", "service", "operation"),
    [
        ("glue:startJobRun", "glue", "StartJobRun"),
        ("eventbridge:putEvents", "events", "PutEvents"),
        ("cloudwatchlogs:createLogGroup", "logs", "CreateLogGroup"),
    ],
)
def test_a_service_goes_by_its_identifier_in_sdks(named, service, operation):
    found = operation_of(UNIVERSAL + named)
    assert (found.service, found.name) == (service, operation)


def test_parameters_get_their_own_names_back_at_any_depth():
    acl = operation_of(f"{UNIVERSAL}s3:putBucketAcl").parameters(json.dumps({"Bucket": "b", "Acl": "private"}))
    assert acl == {"Bucket": "b", "ACL": "private"}
    lines = {"LogGroupName": "g", "LogStreamName": "s", "LogEvents": [{"Timestamp": 1, "Message": "m"}]}
    assert operation_of(f"{UNIVERSAL}cloudwatchlogs:putLogEvents").parameters(json.dumps(lines)) == {
        "logGroupName": "g", "logStreamName": "s", "logEvents": [{"timestamp": 1, "message": "m"}],
    }  # fmt: skip


def test_an_operation_without_parameters_takes_none():
    deletion = f"{UNIVERSAL}iam:deleteAccountPasswordPolicy"
    assert operation_of(deletion).parameters("{}") == {}
    assert "unknown field(s): PolicyName" in refusal(deletion, {"PolicyName": "p"})


def test_keys_of_maps_are_nobodys_spelling():
    given = {"JobName": "j", "Arguments": {"--x": "<aws.scheduler.scheduled-time>"}}
    assert operation_of(START).parameters(json.dumps(given)) == given


@pytest.mark.parametrize(
    ("arn", "says"),
    [
        (f"{UNIVERSAL}glue:getJobRun", "getJobRun API is not supported for glue."),
        (f"{UNIVERSAL}sqs:receiveMessage", "receiveMessage API is not supported for sqs."),
        (f"{UNIVERSAL}glue:StartJobRun", "StartJobRun API is not supported for glue."),
        (f"{UNIVERSAL}glue:startEverything", "startEverything API is not supported for glue."),
        (f"{UNIVERSAL}events:putEvents", "events is not a supported service for a target."),
        (f"{UNIVERSAL}cobwebs:sweep", "cobwebs is not a supported service for a target."),
        ("arn:aws:glue:eu-north-1:123456789012:job/tidy", "glue is not a supported service for a target."),
        ("arn:aws:scheduler:eu-north-1:1:aws-sdk:glue:start", "scheduler is not a supported service for a target."),
        ("arn:aws-cn:scheduler:::aws-sdk:glue:startJobRun", "scheduler is not a supported service for a target."),
        ("tidy", "tidy is not a supported service for a target."),
    ],
)  # fmt: skip
def test_what_scheduler_does_not_call_is_refused(arn, says):
    assert refusal(arn) == says


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"jobName": "j"}, "Request payload is missing the following field(s): JobName."),
        ({"JobName": "j", "Zeal": 1}, "Request payload has the following unknown field(s): Zeal."),
        (
            {"JobName": "j", "NotificationProperty": {"After": 1}},
            "Request payload has the following unknown field(s): NotificationProperty.After.",
        ),
        ({"JobName": "j", "Timeout": "long"}, "Invalid type for parameter Timeout"),
        (["j"], "it is no JSON object"),
    ],
)
def test_an_input_that_the_operation_does_not_take_is_refused(given, says):
    assert refusal(START, given).startswith(f"Invalid RequestJson provided. Reason {says}")


def test_an_input_must_be_json_and_there():
    assert refusal(START, text="{").startswith("Invalid RequestJson provided. Reason it is not JSON: ")
    with pytest.raises(TargetRefused, match="You must provide an input"):
        check_target(START, None, "aws")


def test_what_this_account_cannot_call_is_refused_by_name():
    with pytest.raises(NotRehearsed, match="a target of rds is not rehearsed"):
        check_target(f"{UNIVERSAL}rds:stopDBInstance", json.dumps({"DbInstanceIdentifier": "d"}), "aws")
    with pytest.raises(NotRehearsed, match="the bytes of Body"):
        check_target(f"{UNIVERSAL}s3:putObject", json.dumps({"Bucket": "b", "Key": "k", "Body": "text"}), "aws")


def schedule(stage, action, given, **target):
    stage.client("scheduler").create_schedule(
        Name="daily", ScheduleExpression="rate(1 day)", FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": UNIVERSAL + action, "RoleArn": stage.role("s", "scheduler.amazonaws.com"),
                "Input": json.dumps(given), **target},
    )  # fmt: skip


def test_a_call_is_made_with_the_time_in_it_and_under_the_schedules_role(stage):
    stage.queue("q")
    schedule(stage, "sqs:sendMessage", {"QueueUrl": stage.url("q"), "MessageBody": "<aws.scheduler.attempt-number>"})
    stage.rehearsal.fire("daily")
    stage.rehearsal.settle()
    assert [message["Body"] for message in stage.messages("q")] == ["1"]
    (sent,) = stage.account.calls.since(0, operation="SendMessage")
    assert sent.principal == "s/scheduler"


def test_a_function_is_given_the_text_of_its_payload(stage):
    payload = json.dumps({"at": "noon"})
    schedule(stage, "lambda:invoke", {"FunctionName": stage.function("f"), "Payload": payload})
    stage.rehearsal.fire("daily")
    stage.rehearsal.settle()
    assert stage.seen("f") == [{"at": "noon"}]


def test_a_service_that_refuses_leaves_a_letter(stage):
    letters = stage.queue("letters")
    schedule(stage, "glue:startJobRun", {"JobName": "gone"}, DeadLetterConfig={"Arn": letters})
    stage.rehearsal.fire("daily")
    stage.rehearsal.settle()
    (letter,) = stage.messages("letters")
    assert letter["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "EntityNotFoundException"
    assert "EXHAUSTED_RETRY_CONDITION" not in letter["MessageAttributes"], "trying again would not help"


@pytest.mark.parametrize(
    ("policy", "tries", "condition"),
    [
        ({"MaximumRetryAttempts": 2}, 3, "MaximumRetryAttempts"),
        ({"MaximumEventAgeInSeconds": 60}, 6, "MaximumEventAgeInSeconds"),
    ],
)
def test_a_job_that_stays_busy_is_tried_as_long_as_the_policy_says(stage, policy, tries, condition):
    command = {"Name": "glueetl", "ScriptLocation": "s3://a/b"}
    stage.client("glue").create_job(Name="tidy", Role=stage.role("job", "glue.amazonaws.com"), Command=command)
    stage.account.hooks.job_run_started = lambda job, run: None  # it never ends
    stage.client("glue").start_job_run(JobName="tidy")
    retry = {"RetryPolicy": policy, "DeadLetterConfig": {"Arn": stage.queue("letters")}}
    mark = stage.account.calls.mark()
    schedule(stage, "glue:startJobRun", {"JobName": "tidy"}, **retry)
    stage.rehearsal.fire("daily")
    stage.rehearsal.settle()
    assert len(stage.account.calls.since(mark, operation="StartJobRun")) == tries
    (letter,) = stage.messages("letters")
    told = {name: each["StringValue"] for name, each in letter["MessageAttributes"].items()}
    assert (told["EXHAUSTED_RETRY_CONDITION"], told["RETRY_ATTEMPTS"]) == (condition, str(tries - 1))


def test_a_schedule_that_scheduler_would_not_take_is_not_made(stage):
    with pytest.raises(ClientError, match="listQueues API is not supported for sqs") as refused:
        schedule(stage, "sqs:listQueues", {})
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert stage.rehearsal.schedules() == []


def test_nor_is_one_changed_to_it(stage):
    schedule(stage, "sqs:purgeQueue", {"QueueUrl": stage.url("q")})
    (made,) = stage.rehearsal.schedules()
    target = {"Arn": f"{UNIVERSAL}sqs:listQueues", "RoleArn": made.target["RoleArn"], "Input": "{}"}
    with pytest.raises(ClientError, match="listQueues API is not supported for sqs"):
        stage.client("scheduler").update_schedule(
            Name="daily", ScheduleExpression="rate(1 day)", FlexibleTimeWindow={"Mode": "OFF"}, Target=target
        )


def test_an_operation_that_the_account_lacks_stops_the_rehearsal(stage):
    schedule(stage, "glue:startBlueprintRun", {"BlueprintName": "b", "RoleArn": stage.role("r", "glue.amazonaws.com")})
    stage.rehearsal.fire("daily")
    with pytest.raises(NotRehearsed, match="glue:StartBlueprintRun cannot be rehearsed"):
        stage.rehearsal.settle()
