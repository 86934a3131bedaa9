"""S3 lifecycle rules. The account keeps them and nothing ever expires."""

from __future__ import annotations

from typing import Any

from rehearsal.deploy.inputs import Inputs
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, handles


@handles(
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
)
def lifecycle(order: Order) -> Created:
    name = order.inputs["bucket"]
    rules = [_rule(rule) for rule in order.inputs.objects("rules")]
    order.client("s3").put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    return Created(name)


def _rule(given: Inputs) -> dict[str, Any]:
    rule = given.take(ID="id", Status="status")
    rule["Filter"] = _filter(given)
    for name, object_of in _PARTS.items():
        part = given.object(name)
        if part:
            rule[name[0].upper() + name[1:]] = part.take(**object_of)
    for name, object_of in _LISTS.items():
        parts = [part.take(**object_of) for part in given.objects(name)]
        if parts:
            rule[name[0].upper() + name[1:]] = parts
    return rule


_PARTS = {
    "expiration": {"Date": "date", "Days": "days", "ExpiredObjectDeleteMarker": "expiredObjectDeleteMarker"},
    "noncurrentVersionExpiration": {
        "NoncurrentDays": "noncurrentDays", "NewerNoncurrentVersions": "newerNoncurrentVersions",
    },
    "abortIncompleteMultipartUpload": {"DaysAfterInitiation": "daysAfterInitiation"},
}  # fmt: skip
_LISTS = {
    "transitions": {"Date": "date", "Days": "days", "StorageClass": "storageClass"},
    "noncurrentVersionTransitions": {
        "NoncurrentDays": "noncurrentDays", "NewerNoncurrentVersions": "newerNoncurrentVersions",
        "StorageClass": "storageClass",
    },
}  # fmt: skip
_SIZES = {
    "ObjectSizeGreaterThan": "objectSizeGreaterThan",
    "ObjectSizeLessThan": "objectSizeLessThan",
    "Prefix": "prefix",
}


def _filter(given: Inputs) -> dict[str, Any]:
    """No filter at all means every object: an empty prefix."""
    filtered = given.object("filter")
    if filtered is None:
        return {"Prefix": given.value("prefix", "")}
    both = filtered.object("and")
    if both:
        tags = [{"Key": name, "Value": text} for name, text in both.value("tags", {}).items()]
        return {"And": {**both.take(**_SIZES), **({"Tags": tags} if tags else {})}}
    tag = filtered.object("tag")
    if tag:
        return {"Tag": tag.take(Key="key", Value="value")}
    return filtered.take(**_SIZES) or {"Prefix": ""}
