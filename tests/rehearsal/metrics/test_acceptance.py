"""What cannot be evaluated, or would be refused by CloudWatch, is refused when the alarm is put; and composites."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from rehearsal.metrics.composite import read
from rehearsal.metrics.expressions import NotEvaluated


def math(expression, **more):
    stat = {"Metric": {"Namespace": "Shop", "MetricName": "rows"}, "Period": 60, "Stat": "Sum"}
    return [{"Id": "m", "MetricStat": stat, "ReturnData": False}, {"Id": "e", "Expression": expression, **more}]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"Period": 45}, "Period 45 must be 10, 20, 30 or a multiple of 60"),
        ({"Period": 300, "EvaluationPeriods": 289}, "can be 86400 s at most"),
        ({"Period": 86_400, "EvaluationPeriods": 8}, "can be 604800 s at most"),
        ({"DatapointsToAlarm": 2}, "DatapointsToAlarm 2 must be from 1 to EvaluationPeriods 1"),
        ({"TreatMissingData": "notbreaching"}, "TreatMissingData 'notbreaching' is not known; known are breaching"),
        ({"Statistic": None, "ExtendedStatistic": "ptm5"}, "statistic 'ptm5' is not rehearsed"),
        ({"ComparisonOperator": "GreaterThanUpperThreshold"}, "comparison GreaterThanUpperThreshold is not rehearsed"),
        ({"ThresholdMetricId": "band"}, "anomaly detection is not rehearsed"),
        ({"AlarmActions": ["arn:aws:automate:eu-north-1:ec2:stop"]}, "action arn:aws:automate:.* is not rehearsed"),
        ({"Metrics": math("SEARCH('x', 'Sum')")}, "function SEARCH in .* is not rehearsed"),
        ({"Metrics": math("m + n")}, "expression e = 'm \\+ n' refers to n, not known here"),
        ({"Metrics": math("m", ReturnData=False)}, "one of the metrics must return data, here 0 do: none"),
        ({"Metrics": math("SUM(m)")}, "e gives float, not one metric"),
        ({"Metrics": math("[m, m]")}, "e gives list, not one metric"),
    ],
)
def test_an_alarm_is_refused_by_name(tower, settings, reason):
    single = {"Namespace": "Shop", "MetricName": "rows", "Statistic": "Sum", "Period": 60}
    whole = {
        **({} if "Metrics" in settings else single), "EvaluationPeriods": 1, "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold", **settings,
    }  # fmt: skip
    given = {name: value for name, value in whole.items() if value is not None}
    with pytest.raises(ClientError, match=reason):
        tower.client("cloudwatch").put_metric_alarm(AlarmName="a", **given)
    assert tower.states == {}


def test_a_refused_change_leaves_the_alarm_as_it_was(tower):
    tower.alarm("a", "Shop rows")
    with pytest.raises(ClientError, match="Period 45"):
        tower.alarm("a", "Shop rows", Period=45)
    (alarm,) = tower.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert alarm["Period"] == 60


STATES = {"a": "ALARM", "b": "OK", "c": "INSUFFICIENT_DATA"}


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ('ALARM("a")', True),
        ("ALARM(b)", False),
        ('OK("b") AND INSUFFICIENT_DATA(c)', True),
        ("ALARM(a) AND NOT ALARM(b)", True),
        ("ALARM(b) AND ALARM(c) OR ALARM(a)", True),
        ("ALARM(b) AND (ALARM(c) OR ALARM(a))", False),
        ("NOT (ALARM(a) OR FALSE)", False),
        ('ALARM("arn:aws:cloudwatch:eu-north-1:123456789012:alarm:a")', True),
        ("TRUE", True),
    ],
)
def test_a_rule_over_other_alarms(rule, holds):
    assert read(rule).holds(STATES) is holds


@pytest.mark.parametrize("rule", ["", "ALARM(a) ALARM(b)", "ALARM", "(ALARM(a)", "AT_LEAST(2, ALARM, (a, b))", "a"])
def test_a_rule_that_is_not_understood_is_refused(rule):
    with pytest.raises(NotEvaluated, match="alarm rule"):
        read(rule)


def test_a_composite_alarm_follows_the_others_at_their_time(tower):
    news = tower.topic()
    for name in ("bad", "worse"):
        tower.alarm(name, f"Shop {name}")
    tower.client("cloudwatch").put_composite_alarm(
        AlarmName="both", AlarmRule="ALARM(bad) AND ALARM(worse)", AlarmActions=[news], OKActions=[news]
    )
    tower.rehearsal.advance(60)
    tower.metric("Shop", "bad", 1)
    tower.rehearsal.advance(60)
    assert tower.states == {"bad": "ALARM", "worse": "OK", "both": "OK"}
    tower.metric("Shop", "worse", 1)
    tower.rehearsal.advance(600)
    assert tower.changes("both") == [
        ("12:01:00", "both", "OK"), ("12:03:00", "both", "ALARM"), ("12:05:00", "both", "OK"),
    ]  # fmt: skip
    assert tower.told()[1:] == [("both", "OK", "ALARM"), ("both", "ALARM", "OK")]
    told = tower.client("cloudwatch").describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert told[0]["AlarmRule"] == "ALARM(bad) AND ALARM(worse)"


def test_a_circle_of_composite_alarms_is_refused(tower):
    client = tower.client("cloudwatch")
    tower.alarm("a", "Shop rows")
    client.put_composite_alarm(AlarmName="b", AlarmRule="ALARM(a)")
    client.put_composite_alarm(AlarmName="c", AlarmRule="NOT ALARM(b)")
    with pytest.raises(ClientError, match="the rule of b leads back to the alarm itself"):
        client.put_composite_alarm(AlarmName="b", AlarmRule="ALARM(c)")
    tower.rehearsal.advance(60)
    assert tower.states == {"a": "OK", "b": "OK", "c": "ALARM"}


def test_a_composite_alarm_needs_the_others_first(tower):
    with pytest.raises(ClientError, match="the rule names a, and there is no such alarm; put it first"):
        tower.client("cloudwatch").put_composite_alarm(AlarmName="c", AlarmRule="ALARM(a)")
