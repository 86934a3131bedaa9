from __future__ import annotations

from datetime import UTC, datetime, timedelta

SOURCE = {"Name": "source", "Value": "x"}


def alarms(client):
    for name in ("late", "quiet"):
        client("cloudwatch").put_metric_alarm(
            AlarmName=name, Namespace="Lake", MetricName="lag", Statistic="Maximum", Period=60, EvaluationPeriods=1,
            Threshold=5, ComparisonOperator="GreaterThanThreshold",
        )  # fmt: skip


def found(account, days: float = 0.5) -> list[float]:
    now = datetime.fromtimestamp(account.clock.now(), UTC)
    told = account.client("cloudwatch").get_metric_statistics(
        Namespace="Lake", MetricName="lag", Statistics=["Sum"], Period=60 if days < 1 else 3600, Dimensions=[SOURCE],
        StartTime=now - timedelta(days=days), EndTime=now + timedelta(minutes=1),
    )  # fmt: skip
    return [point["Sum"] for point in sorted(told["Datapoints"], key=lambda point: point["Timestamp"])]


def put(account, **values: object) -> None:
    datum = {"MetricName": "lag", "Dimensions": [SOURCE], **values}
    account.client("cloudwatch").put_metric_data(Namespace="Lake", MetricData=[datum])


def test_metric_data_stay_for_as_long_as_they_matter(lake):
    with lake(alarms) as (account, _):
        put(account, Value=1.0)
        account.clock.advance(120)
        put(account, StatisticValues={"Sum": 7.0, "SampleCount": 2, "Minimum": 3, "Maximum": 4})
        before = found(account)
    with lake(alarms) as (account, _):
        assert found(account) == before == [1.0, 7.0]
        account.clock.advance(120)
        put(account, Value=2.0)
    with lake(alarms) as (account, _):
        assert found(account) == [1.0, 7.0, 2.0]
        account.clock.advance(20 * 86400)
        put(account, Value=3.0)
    with lake(alarms) as (account, _):
        assert found(account, days=30) == [3.0]


def test_an_alarm_is_in_the_state_in_which_it_was(lake):
    with lake(alarms) as (account, _):
        cloudwatch = account.client("cloudwatch")
        cloudwatch.set_alarm_state(AlarmName="late", StateValue="ALARM", StateReason="too late")
        before = {alarm["AlarmName"]: alarm for alarm in cloudwatch.describe_alarms()["MetricAlarms"]}["late"]
        history = cloudwatch.describe_alarm_history(AlarmName="late")["AlarmHistoryItems"]
    with lake(alarms) as (account, _):
        cloudwatch = account.client("cloudwatch")
        states = {alarm["AlarmName"]: alarm for alarm in cloudwatch.describe_alarms()["MetricAlarms"]}
        same = ("StateValue", "StateReason", "StateUpdatedTimestamp")
        assert [states["late"][name] for name in same] == [before[name] for name in same]
        assert states["late"]["StateValue"] == "ALARM"
        assert states["quiet"]["StateValue"] == "INSUFFICIENT_DATA"
        assert cloudwatch.describe_alarm_history(AlarmName="late")["AlarmHistoryItems"] == history
