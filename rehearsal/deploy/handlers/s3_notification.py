"""The one notification configuration of a bucket."""

from __future__ import annotations

from typing import Any

from rehearsal.deploy.inputs import Inputs
from rehearsal.deploy.naming import stable_id
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, InputRefusedError, handles

_TARGETS = {
    "queues": ("QueueConfigurations", "QueueArn", "queueArn"),
    "topics": ("TopicConfigurations", "TopicArn", "topicArn"),
    "lambdaFunctions": ("LambdaFunctionConfigurations", "LambdaFunctionArn", "lambdaFunctionArn"),
}


@handles("aws:s3/bucketNotification:BucketNotification")
def notification(order: Order) -> Created:
    """A second one for the same bucket would silently replace the first on AWS: refused here."""
    name = order.inputs["bucket"]
    if not order.cloud.is_first(f"notification of {name}"):
        raise InputRefusedError(f"the bucket {name} has a notification already; this would replace it, so join them")
    wanted: dict[str, Any] = {"EventBridgeConfiguration": {}} if order.inputs.value("eventbridge") else {}
    for listed, (kind, argument, arn) in _TARGETS.items():
        targets = [
            _target(given, order, f"{listed}{position}", argument, arn)
            for position, given in enumerate(order.inputs.objects(listed))
        ]
        if targets:
            wanted[kind] = targets
    order.client("s3").put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=wanted)
    return Created(name)


def _target(given: Inputs, order: Order, place: str, argument: str, arn: str) -> dict[str, Any]:
    target = given.take(**{argument: arn, "Events": "events", "Id": "id"})
    target.setdefault("Id", f"pulumi-{stable_id(order.urn, place, 24)}")
    rules = [
        {"Name": name, "Value": given[key]}
        for name, key in (("prefix", "filterPrefix"), ("suffix", "filterSuffix"))
        if key in given
    ]
    return {**target, **({"Filter": {"Key": {"FilterRules": rules}}} if rules else {})}
