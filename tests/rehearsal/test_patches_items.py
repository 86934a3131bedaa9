from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError
from moto.dynamodb.models import dynamodb_backends


@pytest.fixture
def items(account, unique):
    """A table with a range key and one without, and what reads them whole."""
    client = account.client("dynamodb")
    names = unique("ranged"), unique("plain")
    for name, keys in zip(names, (("h", "r"), ("h",)), strict=True):
        client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        )
    return client, *names


def read(client, table: str) -> list[dict[str, str]]:
    found = client.scan(TableName=table)["Items"]
    return sorted(({key: next(iter(v.values())) for key, v in item.items()} for item in found), key=str)


def typed(**values: str) -> dict[str, dict[str, str]]:
    return {name: {"S": value} for name, value in values.items()}


def test_a_transaction_is_carried_out_whole(items):
    client, ranged, plain = items
    client.put_item(TableName=plain, Item=typed(h="gone"))
    client.transact_write_items(
        TransactItems=[
            {"Put": {"TableName": ranged, "Item": typed(h="a", r="1", v="new")}},
            {"Delete": {"TableName": plain, "Key": typed(h="gone")}},
        ]
    )
    assert read(client, ranged) == [{"h": "a", "r": "1", "v": "new"}]
    assert read(client, plain) == []


def test_a_cancelled_transaction_takes_back_all_that_it_did(items):
    client, ranged, plain = items
    client.put_item(TableName=ranged, Item=typed(h="a", r="1", v="old"))
    client.put_item(TableName=ranged, Item=typed(h="a", r="2", v="old"))
    client.put_item(TableName=plain, Item=typed(h="a", v="old"))
    before = read(client, ranged), read(client, plain)
    with pytest.raises(client.exceptions.TransactionCanceledException) as refused:
        client.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": ranged, "Item": typed(h="a", r="1", v="new")}},
                {"Put": {"TableName": ranged, "Item": typed(h="b", r="1", v="new")}},
                {
                    "Update": {
                        "TableName": plain,
                        "Key": typed(h="a"),
                        "UpdateExpression": "SET v = :v",
                        "ExpressionAttributeValues": typed(**{":v": "new"}),
                    }
                },
                {"Put": {"TableName": plain, "Item": typed(h="c", v="new")}},
                {"Delete": {"TableName": ranged, "Key": typed(h="a", r="2")}},
                {
                    "ConditionCheck": {
                        "TableName": plain,
                        "Key": typed(h="nobody"),
                        "ConditionExpression": "attribute_exists(h)",
                    }
                },
            ]
        )
    assert [reason["Code"] for reason in refused.value.response["CancellationReasons"]] == ["None"] * 5 + [
        "ConditionalCheckFailed"
    ]
    assert (read(client, ranged), read(client, plain)) == before


def test_no_table_is_copied_for_a_transaction(account, items):
    client, ranged, plain = items
    tables = dynamodb_backends[account.account_id][account.region].tables
    held = tables[plain]
    with pytest.raises(ClientError, match="TransactionCanceled"):
        client.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": plain, "Item": typed(h="a")}},
                {
                    "Put": {
                        "TableName": ranged,
                        "Item": typed(h="a", r="1"),
                        "ConditionExpression": "attribute_exists(h)",
                    }
                },
            ]
        )
    assert tables[plain] is held


def test_a_cancelled_transaction_leaves_what_others_write_meanwhile(items):
    client, ranged, plain = items

    def cancelled(_: int) -> None:
        with pytest.raises(ClientError, match="TransactionCanceled"):
            client.transact_write_items(
                TransactItems=[
                    {"Put": {"TableName": plain, "Item": typed(h="t")}},
                    {
                        "ConditionCheck": {
                            "TableName": ranged,
                            "Key": typed(h="x", r="x"),
                            "ConditionExpression": "attribute_exists(h)",
                        }
                    },
                ]
            )

    def written(number: int) -> None:
        client.put_item(TableName=plain, Item=typed(h=f"{number:02}"))

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(job, number) for number in range(20) for job in (cancelled, written)]:
            done.result()
    assert [item["h"] for item in read(client, plain)] == [f"{number:02}" for number in range(20)]


def test_of_many_conditional_updates_each_counts_once(items):
    client, _, plain = items
    client.put_item(TableName=plain, Item={**typed(h="quota"), "used": {"N": "0"}})

    def take(_: int) -> bool:
        try:
            client.transact_write_items(
                TransactItems=[
                    {
                        "Update": {
                            "TableName": plain,
                            "Key": typed(h="quota"),
                            "UpdateExpression": "ADD used :one",
                            "ConditionExpression": "used < :limit",
                            "ExpressionAttributeValues": {":one": {"N": "1"}, ":limit": {"N": "5"}},
                        }
                    }
                ]
            )
        except client.exceptions.TransactionCanceledException:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(20))) == 5
    assert read(client, plain) == [{"h": "quota", "used": "5"}]
