"""SQS, SNS, EventBridge, Scheduler, CloudWatch, Logs."""

from __future__ import annotations

import pytest

from rehearsal.needs import NotMapped

URL = "http://127.0.0.1:1/123456789012/q"
TOPIC = "arn:aws:sns:eu-north-1:123456789012:t"
KEY = "arn:aws:kms:eu-north-1:123456789012:key/1"
ROLE = "arn:aws:iam::123456789012:role/r"


@pytest.mark.parametrize(
    ("method", "arguments", "action"),
    [
        ("send_message_batch", {"Entries": [{"Id": "1", "MessageBody": "x"}]}, "SendMessage"),
        ("delete_message_batch", {"Entries": [{"Id": "1", "ReceiptHandle": "x"}]}, "DeleteMessage"),
        (
            "change_message_visibility_batch",
            {"Entries": [{"Id": "1", "ReceiptHandle": "x"}]},
            "ChangeMessageVisibility",
        ),
        ("receive_message", {}, "ReceiveMessage"),
    ],
)
def test_a_batch_needs_what_one_of_it_needs(pairs, method, arguments, action):
    assert pairs("sqs", method, QueueUrl=URL, **arguments) == [(f"sqs:{action}", "sqs:.:q")]


def test_a_queue_goes_by_its_name_or_by_the_url_of_another_account(needed):
    assert needed("sqs", "get_queue_url", QueueName="q")[0].resource == "arn:aws:sqs:eu-north-1:123456789012:q"
    (need,) = needed("sqs", "send_message", QueueUrl="http://127.0.0.1:1/999999999999/q", MessageBody="x")
    assert (need.resource, need.owner) == ("arn:aws:sqs:eu-north-1:999999999999:q", "999999999999")


def test_a_queue_with_a_customers_key_encrypts_and_decrypts(needed, facts):
    facts.keys_of["q"] = KEY
    sent = needed("sqs", "send_message", QueueUrl=URL, MessageBody="x")
    received = needed("sqs", "receive_message", QueueUrl=URL)
    assert [need.action for need in sent[1:]] == ["kms:GenerateDataKey", "kms:Decrypt"]
    assert [need.action for need in received[1:]] == ["kms:Decrypt"]
    assert received[1].context["kms:EncryptionContext:aws:sqs:arn"] == "arn:aws:sqs:eu-north-1:123456789012:q"
    assert received[1].via == "sqs.eu-north-1.amazonaws.com"


def test_tags_of_a_new_queue_need_their_own_permission(pairs):
    assert pairs("sqs", "create_queue", QueueName="q", tags={"a": "1"}) == [
        ("sqs:CreateQueue", "sqs:.:q"),
        ("sqs:TagQueue", "sqs:.:q"),
    ]


def test_moving_dead_letters_is_receiving_and_sending(pairs):
    dead, live = "arn:aws:sqs:eu-north-1:123456789012:dead", "arn:aws:sqs:eu-north-1:123456789012:live"
    found = pairs("sqs", "start_message_move_task", SourceArn=dead, DestinationArn=live)
    assert found[-1] == ("sqs:SendMessage", "sqs:.:live")
    assert {action for action, resource in found if resource == "sqs:.:dead"} == {
        "sqs:StartMessageMoveTask",
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
    }


def test_a_notice_goes_to_a_topic_or_to_a_telephone(pairs, facts):
    facts.keys_of[TOPIC] = KEY
    assert pairs("sns", "publish", TopicArn=TOPIC, Message="x") == [
        ("sns:Publish", "sns:.:t"),
        ("kms:GenerateDataKey", "kms:.:key/1"),
        ("kms:Decrypt", "kms:.:key/1"),
    ]
    assert pairs("sns", "publish", PhoneNumber="+4670", Message="x") == [("sns:Publish", "+4670")]


def test_a_subscription_shows_who_gets_the_notices(needed):
    (need,) = needed("sns", "subscribe", TopicArn=TOPIC, Protocol="email", Endpoint="a@example.com")
    assert (need.resource, need.context["sns:Protocol"], need.context["sns:Endpoint"]) == (
        TOPIC,
        "email",
        "a@example.com",
    )


def test_a_topic_that_reports_passes_a_role(pairs):
    found = pairs(
        "sns", "set_topic_attributes", TopicArn=TOPIC, AttributeName="SQSSuccessFeedbackRoleArn", AttributeValue=ROLE
    )
    assert found[1:] == [("iam:PassRole", "iam::123456789012:role/r")]


def test_events_are_judged_each_by_its_source_and_its_bus(needed):
    entries = [
        {"Source": "a", "DetailType": "x", "Detail": "{}"},
        {"Source": "b", "DetailType": "y", "Detail": "{}", "EventBusName": "own"},
        {"Source": "a", "DetailType": "x", "Detail": "{}"},
    ]
    first, second = needed("events", "put_events", Entries=entries)
    assert (first.resource[-17:], first.context["events:source"]) == ("event-bus/default", "a")
    assert (second.resource[-13:], second.context["events:detail-type"]) == ("event-bus/own", "y")


def test_a_rule_is_named_with_its_bus_unless_that_is_the_default_one(pairs):
    assert pairs("events", "put_rule", Name="r", ScheduleExpression="rate(1 day)")[0][1] == "events:.:rule/r"
    assert pairs("events", "delete_rule", Name="r", EventBusName="own")[0][1] == "events:.:rule/own/r"
    bus = "arn:aws:events:eu-north-1:123456789012:event-bus/own"
    assert pairs("events", "list_targets_by_rule", Rule="r", EventBusName=bus)[0][1] == "events:.:rule/own/r"


def test_a_target_with_a_role_passes_it(needed):
    target = {"Id": "1", "Arn": TOPIC, "RoleArn": ROLE}
    put, passed = needed("events", "put_targets", Rule="r", Targets=[target])
    assert put.context["events:TargetArn"] == [TOPIC]
    assert (passed.resource, passed.context["iam:PassedToService"]) == (ROLE, "events.amazonaws.com")


def test_a_schedule_is_in_a_group_and_passes_a_role(pairs):
    schedule = {
        "Name": "s",
        "ScheduleExpression": "rate(1 day)",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": TOPIC, "RoleArn": ROLE},
    }
    assert pairs("scheduler", "create_schedule", GroupName="g", **schedule) == [
        ("scheduler:CreateSchedule", "scheduler:.:schedule/g/s"),
        ("iam:PassRole", "iam::123456789012:role/r"),
    ]
    assert pairs("scheduler", "get_schedule", GroupName="g", Name="s")[0][1] == "scheduler:.:schedule/g/s"
    assert pairs("scheduler", "get_schedule", Name="s")[0][1] == "scheduler:.:schedule/default/s"


def test_a_group_of_schedules_takes_them_with_it(pairs):
    assert pairs("scheduler", "delete_schedule_group", Name="g") == [
        ("scheduler:DeleteScheduleGroup", "scheduler:.:schedule-group/g"),
        ("scheduler:DeleteSchedule", "scheduler:.:schedule/g/*"),
    ]


def test_metrics_show_their_namespace(needed):
    (need,) = needed("cloudwatch", "put_metric_data", Namespace="Lake", MetricData=[{"MetricName": "rows", "Value": 1}])
    assert (need.resource, need.context["cloudwatch:namespace"]) == ("*", "Lake")


def test_an_alarm_shows_its_actions(needed):
    (need,) = needed(
        "cloudwatch", "put_metric_alarm", AlarmName="a", EvaluationPeriods=1, Threshold=1.0, AlarmActions=[TOPIC],
        ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    assert need.resource == "arn:aws:cloudwatch:eu-north-1:123456789012:alarm:a"
    assert need.context["cloudwatch:AlarmActions"] == [TOPIC]


def test_dashboards_have_no_region(pairs):
    assert pairs("cloudwatch", "get_dashboard", DashboardName="d")[0][1] == "cloudwatch::123456789012:dashboard/d"


def test_permissions_on_a_log_group_look_behind_its_name(pairs):
    assert pairs("logs", "create_log_group", logGroupName="/g")[0][1] == "logs:.:log-group:/g:log-stream:"
    assert pairs("logs", "put_retention_policy", logGroupName="/g", retentionInDays=1)[0][1].endswith(":log-stream:")
    stream = {"logGroupName": "/g", "logStreamName": "s"}
    assert pairs("logs", "create_log_stream", **stream)[0][1] == "logs:.:log-group:/g:log-stream:s"
    assert pairs("logs", "put_log_events", **stream, logEvents=[])[0] == (
        "logs:PutLogEvents",
        "logs:.:log-group:/g:log-stream:s",
    )


def test_lists_of_log_groups_are_about_a_group_without_a_name(pairs):
    assert pairs("logs", "describe_log_groups")[0][1] == "logs:.:log-group::log-stream:"


def test_tags_of_a_log_group_are_those_of_its_name_alone(pairs):
    arn = "arn:aws:logs:eu-north-1:123456789012:log-group:/g"
    assert pairs("logs", "create_log_group", logGroupName="/g", tags={"a": "1"})[1] == (
        "logs:TagResource",
        "logs:.:log-group:/g",
    )
    assert pairs("logs", "tag_resource", resourceArn=f"{arn}:*", tags={"a": "1"})[0][1] == "logs:.:log-group:/g"


def test_a_query_of_logs_needs_each_group(pairs):
    found = pairs("logs", "start_query", logGroupNames=["/a", "/b"], startTime=0, endTime=1, queryString="fields @x")
    assert [resource for _, resource in found] == ["logs:.:log-group:/a:log-stream:", "logs:.:log-group:/b:log-stream:"]


def test_events_that_cannot_be_told_are_refused(needed):
    with pytest.raises(NotMapped, match="puts no events"):
        needed("events", "put_events", Entries=[])
