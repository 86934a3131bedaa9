"""Whom a change of state is told to, and who does not let CloudWatch in."""

from __future__ import annotations

import json

import pytest


def fire(tower) -> None:
    """The alarm "rows" goes off at 12:01."""
    tower.metric("Shop", "rows", 5)
    tower.rehearsal.advance(60)
    assert tower.states["rows"] == "ALARM"


def undelivered(tower) -> list[str]:
    return [event.detail["reason"] for event in tower.events if event.kind == "undelivered"]


def test_a_topic_is_told_as_aws_tells_it(tower):
    news = tower.topic()
    tower.alarm(
        "rows", "Shop rows source=a", AlarmActions=[news], Threshold=1.5, AlarmDescription="Too many",
        Statistic="Average",
    )  # fmt: skip
    tower.metric("Shop", "rows", 5, source="a")
    tower.rehearsal.advance(60)
    told = json.loads(tower.messages("news")[0]["Body"])
    assert told.pop("AlarmConfigurationUpdatedTimestamp").startswith("2030-01-01T12:00:0")
    arn = "arn:aws:cloudwatch:eu-north-1:123456789012:alarm:rows"
    assert told == {
        "AlarmName": "rows", "AlarmDescription": "Too many", "AWSAccountId": "123456789012", "NewStateValue": "ALARM",
        "NewStateReason": "Threshold Crossed: 1 out of the last 1 datapoints [5.0 (01/01/30 12:00:00)] was greater "
        "than the threshold (1.5) (minimum 1 datapoint for OK -> ALARM transition).",
        "StateChangeTime": "2030-01-01T12:01:00.000+0000", "Region": "Europe (Stockholm)", "AlarmArn": arn,
        "OldStateValue": "INSUFFICIENT_DATA", "OKActions": [], "AlarmActions": [news], "InsufficientDataActions": [],
        "Trigger": {
            "MetricName": "rows", "Namespace": "Shop", "StatisticType": "Statistic", "Statistic": "AVERAGE",
            "Unit": None, "Dimensions": [{"value": "a", "name": "source"}], "Period": 60, "EvaluationPeriods": 1,
            "DatapointsToAlarm": 1, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 1.5,
            "TreatMissingData": "notBreaching", "EvaluateLowSampleCountPercentile": "",
        },
    }  # fmt: skip


def test_mails_stay_here_and_no_address_is_called(tower):
    news = tower.topic()
    for protocol, endpoint in (("email", "a@example.com"), ("https", "https://example.invalid/hook")):
        tower.client("sns").subscribe(TopicArn=news, Protocol=protocol, Endpoint=endpoint)
    tower.alarm("rows", "Shop rows", AlarmActions=[news])
    fire(tower)
    mail, hook = tower.rehearsal.alarms.mails
    assert (mail.protocol, mail.endpoint, hook.endpoint) == ("email", "a@example.com", "https://example.invalid/hook")
    assert mail.subject == 'ALARM: "rows" in Europe (Stockholm)'
    assert json.loads(mail.message)["NewStateValue"] == "ALARM"


def test_a_function_is_called_when_it_lets_alarms_in(tower):
    arn = tower.function("f")
    tower.alarm("rows", "Shop rows", AlarmActions=[arn])
    fire(tower)
    assert (tower.seen("f"), len(undelivered(tower))) == ([], 1)
    tower.client("lambda").add_permission(
        FunctionName="f", StatementId="alarms", Action="lambda:InvokeFunction",
        Principal="lambda.alarms.cloudwatch.amazonaws.com",
    )  # fmt: skip
    tower.rehearsal.advance(600)  # well again
    tower.metric("Shop", "rows", 5)
    tower.rehearsal.advance(60)
    (event,) = tower.seen("f")
    assert event["alarmData"]["state"]["value"] == "ALARM"
    assert event["alarmData"]["configuration"]["metrics"][0]["metricStat"]["metric"]["name"] == "rows"


def test_rules_on_the_default_bus_see_the_change(tower):
    tower.client("events").put_rule(
        Name="r", EventPattern=json.dumps({"source": ["aws.cloudwatch"], "detail": {"state": {"value": ["ALARM"]}}})
    )
    changes = tower.queue("changes", "events.amazonaws.com")
    tower.client("events").put_targets(Rule="r", Targets=[{"Id": "1", "Arn": changes}])
    tower.alarm("rows", "Shop rows")
    fire(tower)
    event = json.loads(tower.messages("changes")[0]["Body"])
    assert (event["detail-type"], event["detail"]["alarmName"]) == ("CloudWatch Alarm State Change", "rows")
    assert event["resources"] == ["arn:aws:cloudwatch:eu-north-1:123456789012:alarm:rows"]
    assert event["detail"]["previousState"]["value"] == "INSUFFICIENT_DATA"
    assert json.loads(event["detail"]["state"]["reasonData"])["recentDatapoints"] == [5.0]


def test_disabled_actions_are_not_carried_out(tower):
    tower.alarm("rows", "Shop rows", AlarmActions=[tower.topic()], ActionsEnabled=False)
    fire(tower)
    assert tower.told() == []


def statement(effect="Allow", principal=None, **more):
    who = principal or {"Service": "cloudwatch.amazonaws.com"}
    return {"Effect": effect, "Principal": who, "Action": "sns:Publish", "Resource": "*", **more}


OTHER_ALARM = {"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:*:alarm:other*"}}
THIS_ALARM = {"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:*:alarm:ro*"}}


@pytest.mark.parametrize(
    ("statements", "is_let_in"),
    [
        ([statement()], True),
        ([statement(Condition=THIS_ALARM)], True),
        ([statement(Condition={"StringEquals": {"aws:SourceAccount": "123456789012"}})], True),
        ([statement(principal="*")], True),
        ([statement(Condition=OTHER_ALARM)], False),
        ([statement(Condition={"StringEquals": {"aws:SourceAccount": "999999999999"}})], False),
        ([statement(Condition={"Bool": {"aws:SecureTransport": "true"}})], True),
        ([statement(Condition={"Bool": {"aws:SecureTransport": "false"}})], False),
        ([statement(principal={"Service": "budgets.amazonaws.com"})], False),
        ([statement(Action="sns:Subscribe")], False),
        ([statement(), statement("Deny", Condition=THIS_ALARM)], False),
    ],
)
def test_the_policy_of_a_topic_is_asked(tower, statements, is_let_in):
    news = tower.topic()
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    tower.client("sns").set_topic_attributes(TopicArn=news, AttributeName="Policy", AttributeValue=policy)
    tower.alarm("rows", "Shop rows", AlarmActions=[news])
    fire(tower)
    assert len(tower.told()) == is_let_in
    if not is_let_in:
        (reason,) = undelivered(tower)
        assert reason.startswith("User: cloudwatch.amazonaws.com is not authorized to perform: sns:Publish on")
        history = tower.client("cloudwatch").describe_alarm_history(AlarmName="rows", HistoryItemType="Action")
        assert history["AlarmHistoryItems"][0]["HistorySummary"].startswith(f"Failed to execute action {news}. User:")


def test_a_topic_under_the_key_of_aws_cannot_be_told(tower):
    news = tower.topic()
    tower.client("sns").set_topic_attributes(
        TopicArn=news, AttributeName="KmsMasterKeyId", AttributeValue="alias/aws/sns"
    )
    tower.alarm("rows", "Shop rows", AlarmActions=[news])
    fire(tower)
    assert "is encrypted with alias/aws/sns" in undelivered(tower)[0]


def test_a_topic_that_is_gone_is_named(tower):
    news = tower.topic()
    tower.alarm("rows", "Shop rows", AlarmActions=[news])
    tower.client("sns").delete_topic(TopicArn=news)
    fire(tower)
    (reason,) = undelivered(tower)
    assert reason.startswith(f"there is no topic {news}; make it")
