"""EventBridge rules, targets and buses."""

from __future__ import annotations

from typing import Any

from rehearsal.deploy.handlers.documents import json_text
from rehearsal.deploy.inputs import Inputs
from rehearsal.deploy.naming import stable_id
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, InputRefusedError, handles

_DEFAULT_BUS = "default"


@handles("aws:cloudwatch/eventBus:EventBus")
def event_bus(order: Order) -> Created:
    name = order.physical_name(limit=256)
    made = order.client("events").create_event_bus(Name=name, Tags=order.tag_list())
    return Created(name, {"name": name, "arn": made["EventBusArn"]})


@handles("aws:cloudwatch/eventRule:EventRule")
def event_rule(order: Order) -> Created:
    inputs, name = order.inputs, order.physical_name()
    bus = inputs.value("eventBusName", _DEFAULT_BUS)
    enabled = inputs.value("isEnabled", True)
    pattern = {"EventPattern": json_text(inputs["eventPattern"])} if "eventPattern" in inputs else {}
    tags = {"Tags": order.tag_list()} if order.tags else {}
    made = order.client("events").put_rule(
        Name=name, State=inputs.value("state", "ENABLED" if enabled else "DISABLED"), **pattern, **tags,
        **inputs.take(Description="description", ScheduleExpression="scheduleExpression", RoleArn="roleArn"),
        **({} if bus == _DEFAULT_BUS else {"EventBusName": bus}),
    )  # fmt: skip
    return Created(name, {"name": name, "arn": made["RuleArn"], "eventBusName": bus})


_NESTED: dict[str, tuple[str, dict[str, str]]] = {
    "SqsParameters": ("sqsTarget", {"MessageGroupId": "messageGroupId"}),
    "KinesisParameters": ("kinesisTarget", {"PartitionKeyPath": "partitionKeyPath"}),
    "DeadLetterConfig": ("deadLetterConfig", {"Arn": "arn"}),
    "InputTransformer": ("inputTransformer", {"InputPathsMap": "inputPaths", "InputTemplate": "inputTemplate"}),
    "RetryPolicy": (
        "retryPolicy",
        {"MaximumRetryAttempts": "maximumRetryAttempts", "MaximumEventAgeInSeconds": "maximumEventAgeInSeconds"},
    ),
    "BatchParameters": ("batchTarget", {"JobDefinition": "jobDefinition", "JobName": "jobName"}),
}


@handles("aws:cloudwatch/eventTarget:EventTarget")
def event_target(order: Order) -> Created:
    inputs = order.inputs
    target_id = inputs.value("targetId", f"pulumi-{stable_id(order.urn, 'target', 24)}")
    target = {"Id": target_id, **inputs.take(Arn="arn", RoleArn="roleArn", Input="input", InputPath="inputPath")}
    target |= nested(inputs, _NESTED)
    bus = inputs.value("eventBusName", _DEFAULT_BUS)
    answer = order.client("events").put_targets(
        Rule=inputs["rule"], Targets=[target], **({} if bus == _DEFAULT_BUS else {"EventBusName": bus})
    )
    if answer.get("FailedEntryCount"):
        raise InputRefusedError(f"PutTargets: {answer['FailedEntries'][0].get('ErrorMessage')}")
    return Created(f"{inputs['rule']}-{target_id}", {"targetId": target_id, "eventBusName": bus})


def nested(inputs: Inputs, parts: dict[str, tuple[str, dict[str, str]]]) -> dict[str, Any]:
    """The arguments that are objects of their own, for those that are given."""
    found = {}
    for argument, (name, names) in parts.items():
        part = inputs.object(name)
        if part:
            found[argument] = part.take(**names)
    return found
