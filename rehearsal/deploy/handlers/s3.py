"""S3 buckets and what is configured beside them; objects are in ``s3_objects``."""

from __future__ import annotations

from typing import Any

from rehearsal.deploy.handlers import s3_lifecycle, s3_notification, s3_objects  # noqa: F401  (they register)
from rehearsal.deploy.handlers.documents import json_text
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, handles


@handles("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
def bucket(order: Order) -> Created:
    client = order.client("s3")
    name = order.physical_name(key="bucket", limit=63, lower=True)
    place = {} if order.region == "us-east-1" else {
        "CreateBucketConfiguration": {"LocationConstraint": order.region}
    }  # fmt: skip
    locked = {"ObjectLockEnabledForBucket": True} if order.inputs.value("objectLockEnabled") else {}
    client.create_bucket(Bucket=name, **place, **locked)
    if order.tags:
        client.put_bucket_tagging(Bucket=name, Tagging={"TagSet": order.tag_list()})
    _inline(order, client, name)
    return Created(name, {
        "bucket": name, "arn": f"arn:aws:s3:::{name}", "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketRegionalDomainName": f"{name}.s3.{order.region}.amazonaws.com", "bucketRegion": order.region,
    })  # fmt: skip


def _inline(order: Order, client: Any, name: str) -> None:
    """Versioning and policy may also stand in the bucket itself (deprecated)."""
    if order.inputs.part("versioning").value("enabled"):
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    if "policy" in order.inputs:
        client.put_bucket_policy(Bucket=name, Policy=json_text(order.inputs["policy"]))


@handles("aws:s3/bucketVersioning:BucketVersioning", "aws:s3/bucketVersioningV2:BucketVersioningV2")
def versioning(order: Order) -> Created:
    name = order.inputs["bucket"]
    wanted = order.inputs.part("versioningConfiguration")
    status = wanted["status"]
    if status != "Disabled":  # "Disabled" is how a new bucket is; AWS has no call for it.
        order.client("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": status})
    return Created(name)


@handles("aws:s3/bucketOwnershipControls:BucketOwnershipControls")
def ownership_controls(order: Order) -> Created:
    name = order.inputs["bucket"]
    rules = [order.inputs.part("rule").take(ObjectOwnership="objectOwnership")]
    order.client("s3").put_bucket_ownership_controls(Bucket=name, OwnershipControls={"Rules": rules})
    return Created(name)


@handles("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
def public_access_block(order: Order) -> Created:
    name = order.inputs["bucket"]
    blocks = order.inputs.take(
        BlockPublicAcls="blockPublicAcls", BlockPublicPolicy="blockPublicPolicy",
        IgnorePublicAcls="ignorePublicAcls", RestrictPublicBuckets="restrictPublicBuckets",
    )  # fmt: skip
    order.client("s3").put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=blocks)
    return Created(name)


@handles(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)
def encryption(order: Order) -> Created:
    name = order.inputs["bucket"]
    rules = []
    for given in order.inputs.objects("rules"):
        rule = given.take(BucketKeyEnabled="bucketKeyEnabled")
        by_default = given.object("applyServerSideEncryptionByDefault")
        if by_default:
            rule["ApplyServerSideEncryptionByDefault"] = by_default.take(
                SSEAlgorithm="sseAlgorithm", KMSMasterKeyID="kmsMasterKeyId"
            )
        rules.append(rule)
    order.client("s3").put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})
    return Created(name)


@handles("aws:s3/bucketPolicy:BucketPolicy")
def policy(order: Order) -> Created:
    name, text = order.inputs["bucket"], json_text(order.inputs["policy"])
    order.client("s3").put_bucket_policy(Bucket=name, Policy=text)
    return Created(name, {"policy": text})
