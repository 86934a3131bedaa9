"""EventBridge Scheduler."""

from __future__ import annotations

from rehearsal.deploy.handlers.events import nested
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, handles

_TARGET_PARTS: dict[str, tuple[str, dict[str, str]]] = {
    "DeadLetterConfig": ("deadLetterConfig", {"Arn": "arn"}),
    "RetryPolicy": (
        "retryPolicy",
        {"MaximumRetryAttempts": "maximumRetryAttempts", "MaximumEventAgeInSeconds": "maximumEventAgeInSeconds"},
    ),
    "SqsParameters": ("sqsParameters", {"MessageGroupId": "messageGroupId"}),
    "EventBridgeParameters": ("eventbridgeParameters", {"DetailType": "detailType", "Source": "source"}),
    "KinesisParameters": ("kinesisParameters", {"PartitionKey": "partitionKey"}),
}


@handles("aws:scheduler/scheduleGroup:ScheduleGroup")
def schedule_group(order: Order) -> Created:
    name = order.physical_name()
    made = order.client("scheduler").create_schedule_group(Name=name, Tags=order.tag_list())
    return Created(name, {"name": name, "arn": made["ScheduleGroupArn"], "state": "ACTIVE"})


@handles("aws:scheduler/schedule:Schedule")
def schedule(order: Order) -> Created:
    inputs, name = order.inputs, order.physical_name()
    group = inputs.value("groupName", "default").rpartition("/")[2]
    window = inputs.part("flexibleTimeWindow")
    target = inputs.part("target")
    made = order.client("scheduler").create_schedule(
        Name=name, GroupName=group,
        FlexibleTimeWindow=window.take(Mode="mode", MaximumWindowInMinutes="maximumWindowInMinutes"),
        Target={**target.take(Arn="arn", RoleArn="roleArn", Input="input"), **nested(target, _TARGET_PARTS)},
        **inputs.take(
            ScheduleExpression="scheduleExpression", ScheduleExpressionTimezone="scheduleExpressionTimezone",
            State="state", Description="description", StartDate="startDate", EndDate="endDate",
            KmsKeyArn="kmsKeyArn", ActionAfterCompletion="actionAfterCompletion",
        ),
    )  # fmt: skip
    return Created(f"{group}/{name}", {"name": name, "arn": made["ScheduleArn"], "groupName": group})
