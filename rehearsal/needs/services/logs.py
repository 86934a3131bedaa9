"""CloudWatch Logs. Permissions look at ``log-group:NAME:...``, those to tag alone at ``log-group:NAME``.

A policy that names a group must go on with ``:*``, then, or with ``:log-stream:...``: without it nothing matches.
"""

from __future__ import annotations

from rehearsal.needs.ask import Ask
from rehearsal.needs.general import action_of, generally
from rehearsal.needs.need import Need
from rehearsal.needs.service import Service

GROUPS = "logGroupName|logGroupIdentifier|logGroupNames|logGroupIdentifiers|resourceIdentifier|logGroupArnList"
# About groups that they do not name: the name stays empty.
OF_NO_GROUP = ("DescribeExportTasks", "DescribeLogGroups", "GetQueryResults")
_OF_TAGS = ("ListTagsLogGroup", "TagLogGroup", "UntagLogGroup")


def rule(ask: Ask) -> list[Need]:
    action = action_of(ask, SERVICE)
    if ask.operation in OF_NO_GROUP:
        return [ask.need(action.name, ask.arn("log-group::log-stream:"))]
    kinds = {kind.name for kind in action.resource_types if kind.is_required}
    if kinds == {"log-stream"}:
        return [ask.need(action.name, ask.arn(f"log-group:{_group(ask)}:log-stream:{ask.needed('logStreamName')}"))]
    if kinds == {"log-group"}:
        ending = "" if ask.operation in _OF_TAGS else ":log-stream:"
        groups = [_name(group) for group in ask.every(GROUPS)] or [_group(ask)]
        return [ask.need(action.name, ask.arn(f"log-group:{group}{ending}")) for group in groups]
    return generally(ask, SERVICE)


def _group(ask: Ask) -> str:
    return _name(ask.needed(GROUPS))


def _name(group: str) -> str:
    """From its name or its ARN."""
    return group.split(":log-group:", 1)[-1].removesuffix(":*")


SERVICE = Service(
    model="logs",
    places={
        "destination": ("destinationName",),
        "delivery-source": ("deliverySourceName|name",),
        "delivery-destination": ("deliveryDestinationName|name",),
        "lookup-table": ("lookupTableName|lookupTableArn",),
        "anomaly-detector": ("anomalyDetectorArn",),
        "ListAnomalies:anomaly-detector": ("anomalyDetectorArn|=*",),
        "ListLogAnomalyDetectors:anomaly-detector": ("=*",),
    },
    rule=rule,
)
