"""GetMetricData and GetMetricStatistics, asked as anybody asks them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

START = datetime(2030, 1, 1, 12, tzinfo=UTC)


def stat(name, metric, statistic="Sum", period=60, **more):
    return {"Id": name, "MetricStat": {"Metric": metric, "Period": period, "Stat": statistic}, **more}


ROWS = {"Namespace": "Shop", "MetricName": "rows"}
OF_A = {**ROWS, "Dimensions": [{"Name": "source", "Value": "a"}]}


@pytest.fixture
def put(tower):
    """Rows at 12:00:30 (3, and 1 of source a) and at 12:02:30 (5)."""
    for seconds, value, by in ((30, 3, {}), (30, 1, {"source": "a"}), (150, 5, {})):
        tower.metric("Shop", "rows", value, seconds_ago=-seconds, **by)
    return tower.client("cloudwatch")


def ask(client, queries, start=START, minutes=5, **more):
    told = client.get_metric_data(
        MetricDataQueries=queries, StartTime=start, EndTime=start + timedelta(minutes=minutes), **more
    )
    return {
        each["Id"]: [(f"{at:%H:%M}", value) for at, value in zip(each["Timestamps"], each["Values"], strict=True)]
        for each in told["MetricDataResults"]
    }


def test_periods_are_whole_and_dimensions_exact(put):
    told = ask(put, [stat("all", ROWS), stat("a", OF_A)], START + timedelta(seconds=17))
    assert told == {"all": [("12:02", 5), ("12:00", 3)], "a": [("12:00", 1)]}
    assert ask(put, [stat("all", ROWS, period=300)], ScanBy="TimestampAscending") == {"all": [("12:00", 8)]}


def test_percentiles_and_expressions_are_computed(put):
    queries = [
        stat("all", ROWS, ReturnData=False), stat("a", OF_A), {"Id": "share", "Expression": "FILL(a, 0) / all"},
    ]  # fmt: skip
    told = ask(put, queries, ScanBy="TimestampAscending")
    assert told == {"a": [("12:00", 1)], "share": [("12:00", 1 / 3), ("12:02", 0)]}
    assert ask(put, [stat("p", ROWS, "p50", 300)]) == {"p": [("12:00", 4)]}


def test_statistics_of_one_metric(put):
    told = put.get_metric_statistics(
        **OF_A, StartTime=START, EndTime=START + timedelta(hours=1), Period=3600, Statistics=["Sum", "SampleCount"]
    )
    assert told["Datapoints"] == [{"Timestamp": START, "Sum": 1.0, "SampleCount": 1.0, "Unit": "None"}]


def test_a_metric_is_listed_once(tower):
    for _ in range(2):
        tower.metric("Shop", "rows", 1)
        tower.metric("Shop", "rows", 1, stack="dev", source="a")
    told = tower.client("cloudwatch").list_metrics(Namespace="Shop")["Metrics"]
    assert sorted(len(metric["Dimensions"]) for metric in told) == [0, 2]
    of_a = [{"Name": "source", "Value": "a"}]
    assert len(tower.client("cloudwatch").list_metrics(Namespace="Shop", Dimensions=of_a)["Metrics"]) == 1


def test_what_is_not_computed_is_refused_by_name(put):
    with pytest.raises(ClientError, match="function SEARCH"):
        ask(put, [{"Id": "e", "Expression": "SEARCH('{Shop}', 'Sum')"}, stat("a", ROWS)])
    with pytest.raises(ClientError, match=r"share one period, here \[60\.0, 300\.0\]"):
        ask(put, [stat("a", ROWS), stat("b", ROWS, period=300), {"Id": "e", "Expression": "a + b"}])
