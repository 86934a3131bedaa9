"""CloudWatch: metrics belong to nobody in particular; alarms and dashboards have names."""

from __future__ import annotations

from rehearsal.needs.ask import Ask, Context
from rehearsal.needs.service import Service

_ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")


def context(ask: Ask) -> Context:
    if ask.operation == "PutMetricData":
        return {"cloudwatch:namespace": ask.needed("Namespace")}
    if ask.operation in ("PutMetricAlarm", "PutCompositeAlarm"):
        actions = [arn for name in _ACTIONS for arn in ask.every(name)]
        return {"cloudwatch:AlarmActions": actions} if actions else {}
    return {}


SERVICE = Service(
    model="cloudwatch",
    places={
        "alarm": ("AlarmName|AlarmNames",),
        "DescribeAlarms:alarm": ("AlarmNames|=*",),
        "DescribeAlarmHistory:alarm": ("AlarmName|=*",),
        "dashboard": ("DashboardName|DashboardNames",),
        "insight-rule": ("RuleName|RuleNames",),
        "metric-stream": ("Name|Names",),
        "alarm-mute-rule": ("AlarmMuteRuleName|Name",),
        "ListAlarmMuteRules:alarm-mute-rule": ("=*",),
    },
    context=context,
)
