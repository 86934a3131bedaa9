"""CloudWatch: log groups, alarms and dashboards. EventBridge rules, which Pulumi puts here, are in ``events``."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.deploy.handlers import events  # noqa: F401  (it registers)
from rehearsal.deploy.handlers.documents import json_text
from rehearsal.deploy.inputs import Inputs
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, InputRefusedError, handles
from rehearsal.metrics.dashboard import faults
from rehearsal.metrics.made import never_made

_ACTIONS = {
    "ActionsEnabled": "actionsEnabled",
    "AlarmDescription": "alarmDescription",
    "AlarmActions": "alarmActions",
    "OKActions": "okActions",
    "InsufficientDataActions": "insufficientDataActions",
}


@handles("aws:cloudwatch/logGroup:LogGroup")
def log_group(order: Order) -> Created:
    client, name = order.client("logs"), order.physical_name(limit=512)
    client.create_log_group(
        logGroupName=name, **({"tags": order.tags} if order.tags else {}), **order.inputs.take(kmsKeyId="kmsKeyId")
    )
    days = order.inputs.value("retentionInDays", 0)
    if days:  # 0 is "never expires", which AWS has no call for.
        client.put_retention_policy(logGroupName=name, retentionInDays=days)
    return Created(name, {"name": name, "arn": order.arn("logs", f"log-group:{name}")})


@handles("aws:cloudwatch/metricAlarm:MetricAlarm")
def metric_alarm(order: Order) -> Created:
    """What cannot be evaluated is refused by the account itself, when the alarm is put."""
    inputs, name = order.inputs, order.physical_name(limit=255)
    wanted = inputs.take(
        **_ACTIONS, MetricName="metricName", Namespace="namespace", Statistic="statistic",
        ExtendedStatistic="extendedStatistic", Period="period", Unit="unit", EvaluationPeriods="evaluationPeriods",
        DatapointsToAlarm="datapointsToAlarm", Threshold="threshold", ComparisonOperator="comparisonOperator",
        TreatMissingData="treatMissingData", EvaluateLowSampleCountPercentile="evaluateLowSampleCountPercentiles",
        ThresholdMetricId="thresholdMetricId",
    )  # fmt: skip
    for other in ("evaluationCriteria", "evaluationInterval", "evaluationWindow", "warmUpConfiguration"):
        if other in inputs:
            raise InputRefusedError(f"property {other} is not rehearsed: the alarm would be judged otherwise")
    if "dimensions" in inputs:
        wanted["Dimensions"] = _dimensions(inputs)
    queries = inputs.objects("metricQueries")
    if queries:
        wanted["Metrics"] = [_metric_query(query) for query in queries]
    order.client("cloudwatch").put_metric_alarm(AlarmName=name, Tags=order.tag_list(), **wanted)
    for holder in (inputs, *(query.part("metric") for query in queries)):
        _report_never_made(holder)
    return Created(name, {"name": name, "arn": order.arn("cloudwatch", f"alarm:{name}")})


def _report_never_made(given: Inputs) -> None:
    """An alarm on a metric that the rehearsal does not make stays without data, whatever happens."""
    namespace, name = given.value("namespace", ""), given.value("metricName", "")
    if namespace and never_made(namespace, name, given.value("dimensions", {})):
        given.unheeded("metricName", why="the rehearsal never makes this metric, so the alarm stays without data")


def _dimensions(given: Inputs) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in given["dimensions"].items()]


def _metric_query(given: Inputs) -> dict[str, Any]:
    query = given.take(Id="id", Expression="expression", Label="label", ReturnData="returnData", Period="period",
                       AccountId="accountId")  # fmt: skip
    if query.get("AccountId"):
        raise InputRefusedError(f"metric {query['Id']} is of account {query['AccountId']}; only the own is rehearsed")
    metric = given.object("metric")
    if metric:
        named = metric.take(MetricName="metricName", Namespace="namespace")
        if "dimensions" in metric:
            named["Dimensions"] = _dimensions(metric)
        query["MetricStat"] = {"Metric": named, **metric.take(Period="period", Stat="stat", Unit="unit")}
    # Unlike the API, the provider says false for what is not given.
    return {**query, "ReturnData": bool(query.get("ReturnData"))}


@handles("aws:cloudwatch/compositeAlarm:CompositeAlarm")
def composite_alarm(order: Order) -> Created:
    name = order.physical_name(limit=255, key="alarmName")
    if "actionsSuppressor" in order.inputs:
        raise InputRefusedError("property actionsSuppressor is not rehearsed; leave it out")
    wanted = order.inputs.take(**_ACTIONS, AlarmRule="alarmRule")
    order.client("cloudwatch").put_composite_alarm(AlarmName=name, Tags=order.tag_list(), **wanted)
    return Created(name, {"alarmName": name, "arn": order.arn("cloudwatch", f"alarm:{name}")})


@handles("aws:cloudwatch/dashboard:Dashboard")
def dashboard(order: Order) -> Created:
    name, body = order.inputs["dashboardName"], json_text(order.inputs["dashboardBody"])
    if wrong := faults(json.loads(body)):
        raise InputRefusedError(f"dashboardBody: {'; '.join(wrong)}")
    order.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=body)
    arn = f"arn:aws:cloudwatch::{order.account_id}:dashboard/{name}"
    return Created(name, {"dashboardArn": arn, "arn": arn})
