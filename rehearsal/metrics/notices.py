"""What CloudWatch writes when an alarm changes its state: the reason, the message to a topic, the event on the bus."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from rehearsal.metrics.evaluation import COMPARISONS, Point, Rule, State, Verdict

LARGEST_SUBJECT = 100


def stamp(moment: float) -> str:
    """As CloudWatch writes times in its messages."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


def reason(verdict: Verdict, rule: Rule) -> str:
    """In CloudWatch's words."""
    if not verdict.decided_by:
        return _without_data(verdict, rule)
    is_alarm = verdict.state == "ALARM"
    beyond = sum(rule.is_breaching(point.value or 0.0) == is_alarm for point in verdict.decided_by)
    shown = ", ".join(_shown(point) for point in verdict.decided_by[:5])
    verb = ("was" if beyond == 1 else "were") + ("" if is_alarm else " not")
    wanted = rule.datapoints if is_alarm else rule.periods - rule.datapoints + 1
    change = "OK -> ALARM" if is_alarm else "ALARM -> OK"
    return (
        f"Threshold Crossed: {beyond} out of the last {rule.periods} datapoints [{shown}] {verb} "
        f"{COMPARISONS[rule.comparison][1]} the threshold ({rule.threshold}) "
        f"(minimum {_several(wanted, 'datapoint')} for {change} transition)."
    )


def reason_data(verdict: Verdict, rule: Rule, period: float, statistic: str | None, mark: float) -> str:
    points = verdict.decided_by
    told = {
        "version": "1.0",
        "queryDate": stamp(mark),
        **({"startDate": stamp(points[-1].start)} if points else {}),
        **({"statistic": statistic} if statistic else {}),
        "period": int(period),
        "recentDatapoints": [point.value for point in reversed(points)],
        "threshold": rule.threshold,
        "evaluatedDatapoints": [{"timestamp": stamp(point.start), "value": point.value} for point in points],
    }
    return json.dumps(told)


def _without_data(verdict: Verdict, rule: Rule) -> str:
    count = _several(rule.periods, "datapoint")
    if verdict.state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {count} {'was' if rule.periods == 1 else 'were'} unknown."
    treated = "Breaching" if verdict.state == "ALARM" else "NonBreaching"
    verb = "was" if verdict.filled == 1 else "were"
    return (
        f"Threshold Crossed: no datapoints were received for {_several(rule.periods, 'period')} and "
        f"{_several(verdict.filled, 'missing datapoint')} {verb} treated as [{treated}]."
    )


def _shown(point: Point) -> str:
    return f"{point.value} ({datetime.fromtimestamp(point.start, UTC):%d/%m/%y %H:%M:%S})"


def _several(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def subject(alarm: Any, region: str) -> str:
    return f'{alarm.state_value}: "{alarm.name}" in {region_name(region)}'[:LARGEST_SUBJECT]


def message(alarm: Any, account_id: str, region: str, old: State, moment: float) -> dict[str, Any]:
    """What a topic is sent. ``alarm`` is moto's, in its new state."""
    told: dict[str, Any] = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": account_id,
        "AlarmConfigurationUpdatedTimestamp": stamp(epoch(alarm.configuration_updated_timestamp)),
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": stamp(moment),
        "Region": region_name(region),
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": old,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
    }
    return {**told, **({"AlarmRule": alarm.rule} if alarm.rule is not None else {"Trigger": _trigger(alarm)})}


def _trigger(alarm: Any) -> dict[str, Any]:
    told = {
        "Period": alarm.period,
        "EvaluationPeriods": alarm.evaluation_periods,
        "DatapointsToAlarm": alarm.datapoints_to_alarm or alarm.evaluation_periods,
        "ComparisonOperator": alarm.comparison_operator,
        "Threshold": alarm.threshold,
        "TreatMissingData": alarm.treat_missing_data or "missing",
        "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile or "",
    }
    if alarm.metric_data_queries:
        queries = [_query(query) for query in alarm.metric_data_queries]
        return {**told, "Period": _period(alarm), "Metrics": queries}
    named = {"StatisticType": "Statistic", "Statistic": (alarm.statistic or "").upper()}
    if not alarm.statistic:
        named = {"StatisticType": "ExtendedStatistic", "ExtendedStatistic": alarm.extended_statistic}
    return {"MetricName": alarm.metric_name, "Namespace": alarm.namespace, **named, "Unit": alarm.unit,
            "Dimensions": _pairs(alarm.dimensions), **told}  # fmt: skip


def _period(alarm: Any) -> int:
    return next((int(query.metric_stat.period) for query in alarm.metric_data_queries if query.metric_stat), 0)


def _query(query: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"Id": query.id, "ReturnData": query.return_data is not False}
    if query.label:
        told["Label"] = query.label
    if query.expression:
        return {**told, "Expression": query.expression}
    metric = query.metric_stat.metric
    named = {"MetricName": metric.metric_name, "Namespace": metric.namespace, "Dimensions": _pairs(metric.dimensions)}
    return {**told, "MetricStat": {"Metric": named, "Period": query.metric_stat.period, "Stat": query.metric_stat.stat}}


def _pairs(dimensions: Any) -> list[dict[str, str]]:
    return [{"value": each.value, "name": each.name} for each in dimensions]


def bus_event(alarm: Any, old: Mapping[str, Any], moment: float) -> dict[str, Any]:
    """The event that rules on the default bus see. ``old`` is the state before, as ``state_of`` tells it."""
    detail = {"alarmName": alarm.name, "state": state_of(alarm, moment), "previousState": dict(old),
              "configuration": configuration(alarm)}  # fmt: skip
    return {
        "source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change", "resources": [alarm.alarm_arn],
        "detail": detail,
    }  # fmt: skip


def function_event(alarm: Any, account_id: str, region: str, old: Mapping[str, Any], moment: float) -> dict[str, Any]:
    """What an alarm that calls a function gives it."""
    data = {"alarmName": alarm.name, "state": state_of(alarm, moment), "previousState": dict(old),
            "configuration": configuration(alarm)}  # fmt: skip
    return {"source": "aws.cloudwatch", "alarmArn": alarm.alarm_arn, "accountId": account_id, "time": stamp(moment),
            "region": region, "alarmData": data}  # fmt: skip


def state_of(alarm: Any, moment: float) -> dict[str, Any]:
    data = {"reasonData": alarm.state_reason_data} if alarm.state_reason_data not in (None, "", "{}") else {}
    return {"value": alarm.state_value, "reason": alarm.state_reason, **data, "timestamp": stamp(moment)}


def configuration(alarm: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"description": alarm.description} if alarm.description else {}
    if alarm.rule is not None:
        return {**told, "alarmRule": alarm.rule}
    if alarm.metric_data_queries:
        return {**told, "metrics": [_configured(_query(query)) for query in alarm.metric_data_queries]}
    metric = {"namespace": alarm.namespace, "name": alarm.metric_name,
              "dimensions": {each.name: each.value for each in alarm.dimensions}}  # fmt: skip
    stat = {"metric": metric, "period": alarm.period, "stat": alarm.statistic or alarm.extended_statistic}
    return {**told, "metrics": [{"id": "m", "metricStat": stat, "returnData": True}]}


def _configured(query: Mapping[str, Any]) -> dict[str, Any]:
    told = {"id": query["Id"], "returnData": query["ReturnData"]}
    told |= {"label": query["Label"]} if "Label" in query else {}
    if "Expression" in query:
        return {**told, "expression": query["Expression"]}
    stat = query["MetricStat"]
    dimensions = {each["name"]: each["value"] for each in stat["Metric"]["Dimensions"]}
    metric = {"namespace": stat["Metric"]["Namespace"], "name": stat["Metric"]["MetricName"], "dimensions": dimensions}
    return {**told, "metricStat": {"metric": metric, "period": stat["Period"], "stat": stat["Stat"]}}


def epoch(when: datetime) -> float:
    """Moto keeps moments without a zone, in UTC."""
    return when.replace(tzinfo=when.tzinfo or UTC).timestamp()


@cache
def region_name(region: str) -> str:
    """ "Europe (Stockholm)" for eu-north-1, as it stands in the subject of a mail."""
    from botocore.loaders import create_loader

    for partition in create_loader().load_data("endpoints")["partitions"]:
        if region in partition["regions"]:
            return str(partition["regions"][region]["description"])
    return region
