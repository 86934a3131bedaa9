"""CloudWatch: log groups, alarms and dashboards. EventBridge rules, which Pulumi puts here, are in ``events``."""

from __future__ import annotations

from typing import Any

from rehearsal.deploy.handlers import events  # noqa: F401  (it registers)
from rehearsal.deploy.handlers.documents import json_text
from rehearsal.deploy.inputs import Inputs
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, handles


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
    inputs, name = order.inputs, order.physical_name(limit=255)
    wanted = inputs.take(
        AlarmDescription="alarmDescription", ActionsEnabled="actionsEnabled", OKActions="okActions",
        AlarmActions="alarmActions", InsufficientDataActions="insufficientDataActions", MetricName="metricName",
        Namespace="namespace", Statistic="statistic", ExtendedStatistic="extendedStatistic", Period="period",
        Unit="unit", EvaluationPeriods="evaluationPeriods", DatapointsToAlarm="datapointsToAlarm",
        Threshold="threshold", ComparisonOperator="comparisonOperator", TreatMissingData="treatMissingData",
        EvaluateLowSampleCountPercentile="evaluateLowSampleCountPercentiles", ThresholdMetricId="thresholdMetricId",
    )  # fmt: skip
    if "dimensions" in inputs:
        wanted["Dimensions"] = _dimensions(inputs)
    if "metricQueries" in inputs:
        wanted["Metrics"] = [_metric_query(query) for query in inputs.objects("metricQueries")]
    order.client("cloudwatch").put_metric_alarm(AlarmName=name, Tags=order.tag_list(), **wanted)
    # The account keeps alarms and never evaluates them.
    inputs.unheeded("comparisonOperator", "alarmActions", "okActions", "insufficientDataActions")
    return Created(name, {"name": name, "arn": order.arn("cloudwatch", f"alarm:{name}")})


def _dimensions(given: Inputs) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in given["dimensions"].items()]


def _metric_query(given: Inputs) -> dict[str, Any]:
    query = given.take(Id="id", Expression="expression", Label="label", ReturnData="returnData", Period="period",
                       AccountId="accountId")  # fmt: skip
    metric = given.object("metric")
    if metric:
        named = metric.take(MetricName="metricName", Namespace="namespace")
        if "dimensions" in metric:
            named["Dimensions"] = _dimensions(metric)
        query["MetricStat"] = {"Metric": named, **metric.take(Period="period", Stat="stat", Unit="unit")}
    return query


@handles("aws:cloudwatch/dashboard:Dashboard")
def dashboard(order: Order) -> Created:
    name, body = order.inputs["dashboardName"], json_text(order.inputs["dashboardBody"])
    order.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=body)
    arn = f"arn:aws:cloudwatch::{order.account_id}:dashboard/{name}"
    return Created(name, {"dashboardArn": arn, "arn": arn})
