"""Alarms of a running account: what is really put is judged as the clock passes, each mark in its turn."""

from __future__ import annotations

import json

import pytest

from tests.rehearsal.metrics.conftest import NOON

EMBEDDED = """
    import time
    metrics = [{"Namespace": "Shop", "Dimensions": [["source"]], "Metrics": [{"Name": "rows"}]}]
    stamp = int(time.time() * 1000) if event["rows"] is not None else None
    document = {"_aws": {"Timestamp": stamp, "CloudWatchMetrics": metrics}, "source": "a", "rows": event["rows"]}
    print(json.dumps(document))
"""


def test_what_a_function_logs_becomes_a_metric_an_alarm_and_a_message(tower):
    tower.function("f", EMBEDDED)
    news = tower.topic()
    tower.alarm("rows", "Shop rows source=a", Threshold=10, AlarmActions=[news], OKActions=[news])
    tower.rehearsal.advance(60)
    tower.client("lambda").invoke(FunctionName="f", InvocationType="Event", Payload=json.dumps({"rows": 11}).encode())
    tower.rehearsal.settle()
    tower.rehearsal.advance(120)
    assert tower.states == {"rows": "ALARM"}
    tower.rehearsal.advance(120)
    # One period of data, and then the two that CloudWatch looks back further when the last ones are missing.
    assert tower.changes() == [("12:01:00", "rows", "OK"), ("12:02:00", "rows", "ALARM"), ("12:05:00", "rows", "OK")]
    assert tower.told() == [
        ("rows", "INSUFFICIENT_DATA", "OK"), ("rows", "OK", "ALARM"), ("rows", "ALARM", "OK"),
    ]  # fmt: skip


def test_a_line_that_makes_no_metric_is_named(tower):
    tower.function("f", EMBEDDED)
    tower.rehearsal.invoke("f", b'{"rows": null}')
    ((group, problem),) = tower.rehearsal.metrics.unmetered
    assert (group, problem) == ("/aws/lambda/f", "_aws.Timestamp must be whole milliseconds since 1970, got None")


def test_an_alarm_that_comes_and_goes_within_a_step_has_come_and_gone(tower):
    tower.alarm("seen", "Shop rows")
    tower.metric("Shop", "rows", 5)
    tower.account.clock.advance(3600)  # as a job of an hour would
    tower.rehearsal.settle()
    assert tower.changes() == [("12:01:00", "seen", "ALARM"), ("12:04:00", "seen", "OK")]
    (alarm,) = tower.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert (alarm["StateValue"], alarm["StateUpdatedTimestamp"].timestamp()) == ("OK", NOON + 240)


def test_what_a_change_brings_happens_at_its_time(tower):
    tower.alarm("a", "Shop rows", AlarmActions=[tower.topic()])
    tower.metric("Shop", "rows", 5, seconds_ago=-1500)
    tower.rehearsal.advance(3600)
    assert tower.changes() == [("12:01:00", "a", "OK"), ("12:26:00", "a", "ALARM"), ("12:29:00", "a", "OK")]
    told = tower.client("sqs").receive_message(QueueUrl=tower.url("news"), AttributeNames=["SentTimestamp"])
    (sent,) = [int(message["Attributes"]["SentTimestamp"]) / 1000 for message in told["Messages"]]
    assert 0 <= sent - (NOON + 26 * 60) < 30


@pytest.mark.parametrize(
    ("treatment", "changes"),
    [
        ("missing", [("12:01:00", "ALARM"), ("12:04:00", "INSUFFICIENT_DATA")]),
        ("ignore", [("12:01:00", "ALARM")]),
        ("breaching", [("12:01:00", "ALARM")]),
        ("notBreaching", [("12:01:00", "ALARM"), ("12:04:00", "OK")]),
    ],
)
def test_when_data_stop_it_is_as_the_alarm_says(tower, treatment, changes):
    tower.alarm("a", "Shop rows", TreatMissingData=treatment)
    tower.metric("Shop", "rows", 5)
    tower.rehearsal.advance(3600)
    assert [(at, state) for at, _, state in tower.changes()] == changes


def test_two_of_three_periods(tower):
    tower.alarm("a", "Shop rows", EvaluationPeriods=3, DatapointsToAlarm=2, TreatMissingData="missing")
    for value in (1, 0, 1, 0, 0):
        tower.metric("Shop", "rows", value)
        tower.rehearsal.advance(60)
    # After the first minute there is one point, which is beyond: too few for a state.
    assert tower.changes() == [("12:02:00", "a", "OK"), ("12:03:00", "a", "ALARM"), ("12:04:00", "a", "OK")]


def test_other_dimensions_and_units_are_other_metrics(tower):
    tower.alarm("all", "Shop rows")
    tower.alarm("one", "Shop rows source=a")
    tower.alarm("bytes", "Shop rows source=a", Unit="Bytes")
    tower.metric("Shop", "rows", 5, source="a")
    tower.rehearsal.advance(60)
    assert tower.states == {"all": "OK", "one": "ALARM", "bytes": "OK"}


def test_metric_math_is_judged_by_what_it_returns(tower):
    queries = [
        {"Id": name, "MetricStat": {"Metric": {"Namespace": "Shop", "MetricName": name}, "Period": 60, "Stat": "Sum"},
         "ReturnData": False}
        for name in ("bad", "rows")
    ]  # fmt: skip
    share = {"Id": "share", "Expression": "IF(rows > 0, percent / 100, 0)", "ReturnData": True}
    percent = {"Id": "percent", "Expression": "100 * bad / rows", "ReturnData": False}
    tower.client("cloudwatch").put_metric_alarm(
        AlarmName="share", Metrics=[share, percent, *queries], EvaluationPeriods=1, Threshold=0.1,
        ComparisonOperator="GreaterThanOrEqualToThreshold", TreatMissingData="ignore",
    )  # fmt: skip
    for bad in (9, 10, 0):
        tower.metric("Shop", "bad", bad)
        tower.metric("Shop", "rows", 60)
        tower.metric("Shop", "rows", 40)
        tower.rehearsal.advance(60)
    assert tower.changes() == [
        ("12:01:00", "share", "OK"), ("12:02:00", "share", "ALARM"), ("12:03:00", "share", "OK"),
    ]  # fmt: skip


def test_what_looks_back_over_days_is_looked_at_each_hour(tower):
    """No success in two days: the periods that CloudWatch looks back further are filled in by the expression."""
    success = {"Metric": {"Namespace": "Shop", "MetricName": "success"}, "Period": 86_400, "Stat": "Sum"}
    tower.client("cloudwatch").put_metric_alarm(
        AlarmName="silent", EvaluationPeriods=2, Threshold=1, ComparisonOperator="LessThanThreshold",
        Metrics=[{"Id": "s", "MetricStat": success, "ReturnData": False}, {"Id": "e", "Expression": "FILL(s, 0)"}],
    )  # fmt: skip
    tower.metric("Shop", "success", 1, seconds_ago=-1800)  # 12:30
    tower.rehearsal.advance(3 * 86_400)
    assert [(at, state) for at, _, state in tower.changes()] == [("13:00:00", "OK"), ("13:00:00", "ALARM")]
    (alarm,) = tower.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert alarm["StateUpdatedTimestamp"].timestamp() == NOON + 2 * 86_400 + 3600


def test_a_month_in_which_little_happens(tower):
    tower.queue("work")
    for name in ("ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"):
        tower.alarm(name, f"AWS/SQS {name} QueueName=work", Statistic="Maximum", Period=300, Threshold=3600)
    for number in range(10):
        tower.alarm(f"shop {number}", f"Shop metric{number}", Period=300)
    tower.put("work", "stays for its four days")
    tower.rehearsal.advance(30 * 86_400)
    age = "ApproximateAgeOfOldestMessage"  # measured each five minutes by then
    assert tower.changes(age) == [("12:01:00", age, "OK"), ("13:05:00", age, "ALARM"), ("12:05:00", age, "OK")]


def test_a_state_that_is_set_by_hand_acts_and_is_corrected(tower):
    tower.alarm("a", "Shop rows", AlarmActions=[tower.topic()])
    tower.client("cloudwatch").set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="to see it")
    tower.rehearsal.advance(60)
    assert [state for _, _, state in tower.changes()] == ["ALARM", "OK"]
    assert tower.told() == [("a", "INSUFFICIENT_DATA", "ALARM")]


def test_an_alarm_that_is_changed_keeps_its_state(tower):
    tower.alarm("a", "Shop rows")
    tower.metric("Shop", "rows", 5)
    tower.rehearsal.advance(60)
    tower.alarm("a", "Shop rows", Threshold=1)
    assert tower.states == {"a": "ALARM"}
    history = tower.client("cloudwatch").describe_alarm_history(AlarmName="a", ScanBy="TimestampAscending")
    assert [item["HistorySummary"] for item in history["AlarmHistoryItems"]] == [
        'Alarm "a" created', "Alarm updated from INSUFFICIENT_DATA to ALARM", 'Alarm "a" updated',
    ]  # fmt: skip


def test_an_alarm_on_what_the_rehearsal_never_makes_stays_without_data(tower):
    tower.alarm("cpu", "AWS/EC2 CPUUtilization InstanceId=i-1")
    tower.alarm("all", "AWS/Lambda Errors")
    tower.rehearsal.advance(3600)
    assert set(tower.states.values()) == {"INSUFFICIENT_DATA"}
    assert tower.rehearsal.alarms.unevaluated() == {
        "cpu": "the rehearsal never makes the metric AWS/EC2 CPUUtilization; alarms on it are not evaluated",
        "all": "the rehearsal makes AWS/Lambda Errors by FunctionName only; alarms on others are not evaluated",
    }
