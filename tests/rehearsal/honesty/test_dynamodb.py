"""What a program declares of a table makes a difference to who writes and asks."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.account import Account
from tests.rehearsal.honesty.conftest import Make

TEXTS = [{"name": name, "type": "S"} for name in ("stream", "run", "open")]


def table(make: Make, name: str, attributes: int = 3, **inputs: Any) -> str:
    return make("aws:dynamodb/table:Table", name, name=name, billingMode="PAY_PER_REQUEST",
                attributes=TEXTS[:attributes], **inputs).id  # fmt: skip


def put(account: Account, name: str, **texts: str) -> None:
    account.client("dynamodb").put_item(TableName=name, Item={key: {"S": text} for key, text in texts.items()})


def count(account: Account, name: str) -> int:
    return int(account.client("dynamodb").scan(TableName=name)["Count"])


def test_items_are_told_apart_by_their_keys(account: Account, make: Make) -> None:
    two, one = table(make, "two", 2, hashKey="stream", rangeKey="run"), table(make, "one", 1, hashKey="stream")
    for name in (two, one):
        put(account, name, stream="a", run="1")
        put(account, name, stream="a", run="2")
    assert (count(account, two), count(account, one)) == (2, 1)
    with pytest.raises(ClientError, match="ValidationException"):
        account.client("dynamodb").put_item(TableName=one, Item={"stream": {"N": "1"}})


def index(**more: Any) -> dict[str, Any]:
    return {"name": "open", "hashKey": "open", "rangeKey": "run", "projectionType": "ALL", **more}


def found(account: Account, name: str, key: str, value: str) -> list[dict[str, Any]]:
    return list(account.client("dynamodb").query(
        TableName=name, IndexName="open", KeyConditionExpression="#k = :v",
        ExpressionAttributeNames={"#k": key}, ExpressionAttributeValues={":v": {"S": value}},
    )["Items"])  # fmt: skip


@pytest.mark.parametrize("is_schema", [True, False])
def test_an_index_finds_items_by_its_own_key(account: Account, make: Make, is_schema: bool) -> None:
    keys = [{"attributeName": "open", "keyType": "HASH"}, {"attributeName": "run", "keyType": "RANGE"}]
    declared = {"name": "open", "projectionType": "ALL", "keySchemas": keys} if is_schema else index()
    name = table(make, f"indexed-{is_schema}", hashKey="stream", globalSecondaryIndexes=[declared])
    put(account, name, stream="a", run="2", open="yes")
    put(account, name, stream="b", run="1", open="yes")
    put(account, name, stream="c", run="3")
    assert [item["run"]["S"] for item in found(account, name, "open", "yes")] == ["1", "2"]


@pytest.mark.parametrize(
    ("projection", "told"),
    [
        ({"projectionType": "ALL"}, {"stream", "run", "open", "rows", "bytes"}),
        ({"projectionType": "KEYS_ONLY"}, {"stream", "run", "open"}),
        ({"projectionType": "INCLUDE", "nonKeyAttributes": ["rows"]}, {"stream", "run", "open", "rows"}),
    ],
)
def test_an_index_answers_with_what_is_projected_into_it(
    account: Account, make: Make, projection: dict[str, Any], told: set[str]
) -> None:
    name = f"projected-{projection['projectionType']}"
    table(make, name, hashKey="stream", globalSecondaryIndexes=[index(**projection)])
    put(account, name, stream="a", run="1", open="yes", rows="3", bytes="4")
    (item,) = found(account, name, "open", "yes")
    assert set(item) == told


def test_a_local_index_orders_items_by_its_own_key(account: Account, make: Make) -> None:
    local = {"name": "open", "rangeKey": "open", "projectionType": "ALL"}
    name = table(make, "local", hashKey="stream", rangeKey="run", localSecondaryIndexes=[local])
    put(account, name, stream="a", run="1", open="z")
    put(account, name, stream="a", run="2", open="b")
    assert [item["run"]["S"] for item in found(account, name, "stream", "a")] == ["2", "1"]


@pytest.mark.parametrize("is_protected", [True, False])
def test_a_protected_table_is_not_deleted(account: Account, make: Make, is_protected: bool) -> None:
    name = table(make, f"safe-{is_protected}", 1, hashKey="stream", deletionProtectionEnabled=is_protected)
    client = account.client("dynamodb")
    if is_protected:
        with pytest.raises(ClientError, match="ValidationException"):
            client.delete_table(TableName=name)
    else:
        client.delete_table(TableName=name)
    assert (name in client.list_tables()["TableNames"]) is is_protected
