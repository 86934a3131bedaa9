"""What a program declares of an alarm makes a difference to who is told."""

from __future__ import annotations

import pytest

from rehearsal.deploy.registry import InputRefusedError
from tests.rehearsal.events.conftest import Stage
from tests.rehearsal.honesty.conftest import Make

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
JUDGED = {"evaluationPeriods": 1, "threshold": 1, "comparisonOperator": "GreaterThanThreshold"}
METRIC = {"namespace": "N", "metricName": "m", "statistic": "Sum", "period": 60}


@pytest.mark.parametrize(
    ("without_data", "set_before", "told"),
    [
        ("breaching", "", ["alarmActions"]),
        ("notBreaching", "", ["okActions"]),
        ("missing", "OK", ["okActions", "insufficientDataActions"]),
    ],
)
def test_each_state_has_its_own_actions(
    stage: Stage, declare: Make, without_data: str, set_before: str, told: list[str]
) -> None:
    topics = {}
    for name in ("alarmActions", "okActions", "insufficientDataActions"):
        topics[name] = [stage.client("sns").create_topic(Name=name)["TopicArn"]]
        stage.client("sns").subscribe(TopicArn=topics[name][0], Protocol="email", Endpoint=name)
    declare(ALARM, "a", name="a", **METRIC, **JUDGED, **topics, treatMissingData=without_data)
    if set_before:
        stage.client("cloudwatch").set_alarm_state(AlarmName="a", StateValue=set_before, StateReason="tried")
    stage.rehearsal.advance(180)
    assert [mail.endpoint for mail in stage.rehearsal.alarms.mails] == told


def test_a_metric_of_another_account_is_refused(declare: Make) -> None:
    stat = {"namespace": "N", "metricName": "m", "period": 60, "stat": "Sum"}
    query = {"id": "m", "metric": stat, "returnData": True}
    declare(ALARM, "own", metricQueries=[query], **JUDGED)
    with pytest.raises(InputRefusedError, match="210987654321"):
        declare(ALARM, "other", metricQueries=[{**query, "accountId": "210987654321"}], **JUDGED)
