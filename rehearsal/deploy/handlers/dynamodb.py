"""DynamoDB tables and single items."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.deploy.inputs import Inputs
from rehearsal.deploy.order import Order
from rehearsal.deploy.registry import Created, handles


@handles("aws:dynamodb/table:Table")
def table(order: Order) -> Created:
    client, inputs = order.client("dynamodb"), order.inputs
    name = order.physical_name(limit=255)
    billing = inputs.value("billingMode", "PROVISIONED")
    is_provisioned = billing == "PROVISIONED"
    wanted: dict[str, Any] = {
        "TableName": name, "BillingMode": billing, "KeySchema": _keys(inputs), "Tags": order.tag_list(),
        "AttributeDefinitions": [
            given.take(AttributeName="name", AttributeType="type") for given in inputs.objects("attributes")
        ],
        **inputs.take(TableClass="tableClass", DeletionProtectionEnabled="deletionProtectionEnabled"),
        **_indexes(inputs, is_provisioned), **_stream(inputs), **_encryption(inputs),
    }  # fmt: skip
    if is_provisioned:
        wanted["ProvisionedThroughput"] = _capacity(inputs)
    made = client.create_table(**wanted)["TableDescription"]
    _time_to_live(client, name, inputs.object("ttl"))
    _recovery(client, name, inputs.object("pointInTimeRecovery"))
    return Created(name, {"name": name, "arn": made["TableArn"], "streamArn": made.get("LatestStreamArn", ""),
                          "streamLabel": made.get("LatestStreamLabel", ""), "billingMode": billing})  # fmt: skip


def _keys(given: Inputs) -> list[dict[str, str]]:
    if "keySchemas" in given:
        return [key.take(AttributeName="attributeName", KeyType="keyType") for key in given.objects("keySchemas")]
    keys = [{"AttributeName": given["hashKey"], "KeyType": "HASH"}] if "hashKey" in given else []
    return keys + ([{"AttributeName": given["rangeKey"], "KeyType": "RANGE"}] if "rangeKey" in given else [])


def _capacity(given: Inputs) -> dict[str, int]:
    return {
        "ReadCapacityUnits": given.value("readCapacity", 1),
        "WriteCapacityUnits": given.value("writeCapacity", 1),
    }


def _projection(given: Inputs) -> dict[str, Any]:
    return given.take(ProjectionType="projectionType", NonKeyAttributes="nonKeyAttributes")


def _indexes(inputs: Inputs, is_provisioned: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for given in inputs.objects("globalSecondaryIndexes"):
        index = {"IndexName": given["name"], "KeySchema": _keys(given), "Projection": _projection(given)}
        if is_provisioned:
            index["ProvisionedThroughput"] = _capacity(given)
        found.setdefault("GlobalSecondaryIndexes", []).append(index)
    for given in inputs.objects("localSecondaryIndexes"):
        keys = [{"AttributeName": inputs["hashKey"], "KeyType": "HASH"}, *_keys(given)]
        index = {"IndexName": given["name"], "KeySchema": keys, "Projection": _projection(given)}
        found.setdefault("LocalSecondaryIndexes", []).append(index)
    return found


def _stream(inputs: Inputs) -> dict[str, Any]:
    if not inputs.value("streamEnabled"):
        return {}
    return {"StreamSpecification": {"StreamEnabled": True, **inputs.take(StreamViewType="streamViewType")}}


def _encryption(inputs: Inputs) -> dict[str, Any]:
    given = inputs.object("serverSideEncryption")
    if given is None or not given.value("enabled"):
        return {}
    return {"SSESpecification": {"Enabled": True, "SSEType": "KMS", **given.take(KMSMasterKeyId="kmsKeyArn")}}


def _time_to_live(client: Any, name: str, given: Inputs | None) -> None:
    if given and given.value("enabled", "attributeName" in given):
        wanted = {"Enabled": True, "AttributeName": given["attributeName"]}
        client.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)


def _recovery(client: Any, name: str, given: Inputs | None) -> None:
    if given and given.value("enabled"):
        wanted = {"PointInTimeRecoveryEnabled": True, **given.take(RecoveryPeriodInDays="recoveryPeriodInDays")}
        client.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=wanted)


@handles("aws:dynamodb/tableItem:TableItem")
def table_item(order: Order) -> Created:
    """The item is JSON in DynamoDB's own form: ``{"id": {"S": "1"}}``."""
    inputs = order.inputs
    item = json.loads(inputs["item"])
    order.client("dynamodb").put_item(TableName=inputs["tableName"], Item=item)
    keys = [inputs[key] for key in ("hashKey", "rangeKey") if key in inputs]
    values = [next(iter(item[key].values())) for key in keys]
    return Created("|".join([inputs["tableName"], *keys, *values]))
