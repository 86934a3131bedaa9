"""Secrets Manager. Values go to the account and into no output, line or list."""

from __future__ import annotations

import base64

from rehearsal.deploy.handlers.documents import json_text
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, InputRefusedError, handles


@handles("aws:secretsmanager/secret:Secret")
def secret(order: Order) -> Created:
    client, name = order.client("secretsmanager"), order.physical_name(limit=512)
    made = client.create_secret(
        Name=name, Tags=order.tag_list(), **order.inputs.take(Description="description", KmsKeyId="kmsKeyId")
    )
    if "policy" in order.inputs:
        client.put_resource_policy(SecretId=made["ARN"], ResourcePolicy=json_text(order.inputs["policy"]))
    return Created(made["ARN"], {"name": name, "arn": made["ARN"]})


@handles("aws:secretsmanager/secretVersion:SecretVersion")
def secret_version(order: Order) -> Created:
    inputs = order.inputs
    value = inputs.take(SecretString="secretString") or inputs.take(SecretString="secretStringWo")
    if "secretBinary" in inputs:
        value = {"SecretBinary": base64.b64decode(inputs["secretBinary"])}
    if not value:
        raise InputRefusedError("neither secretString nor secretBinary is given")
    inputs.value("secretStringWoVersion")  # Only tells Pulumi when to write again.
    stages = inputs.value("versionStages", ["AWSCURRENT"])
    made = order.client("secretsmanager").put_secret_value(SecretId=inputs["secretId"], VersionStages=stages, **value)
    outputs = {"arn": made["ARN"], "versionId": made["VersionId"], "versionStages": made["VersionStages"]}
    return Created(f"{made['ARN']}|{made['VersionId']}", outputs)
