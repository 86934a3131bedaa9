"""KMS keys and aliases, as far as others refer to them."""

from __future__ import annotations

from rehearsal.deploy.handlers.documents import json_text
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, handles


@handles("aws:kms/key:Key")
def key(order: Order) -> Created:
    client, inputs = order.client("kms"), order.inputs
    policy = {"Policy": json_text(inputs["policy"])} if "policy" in inputs else {}
    made = client.create_key(
        Tags=order.tag_list("TagKey", "TagValue"), **policy,
        **inputs.take(Description="description", KeyUsage="keyUsage", KeySpec="customerMasterKeySpec",
                      MultiRegion="multiRegion"),
    )["KeyMetadata"]  # fmt: skip
    if inputs.value("enableKeyRotation"):
        client.enable_key_rotation(KeyId=made["KeyId"], **inputs.take(RotationPeriodInDays="rotationPeriodInDays"))
    return Created(made["KeyId"], {"keyId": made["KeyId"], "arn": made["Arn"]})


@handles("aws:kms/alias:Alias")
def alias(order: Order) -> Created:
    inputs = order.inputs
    name = inputs.value("name") or f"alias/{order.physical_name(limit=250)}"
    target = inputs["targetKeyId"]
    order.client("kms").create_alias(AliasName=name, TargetKeyId=target)
    return Created(name, {"name": name, "arn": order.arn("kms", name)})
