from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

BY_HASH = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
}
BY_BOTH = {
    "KeySchema": [*BY_HASH["KeySchema"], {"AttributeName": "n", "KeyType": "RANGE"}],
    "AttributeDefinitions": [*BY_HASH["AttributeDefinitions"], {"AttributeName": "n", "AttributeType": "N"}],
}


def tables(client):
    for name, keys in (("plain", BY_HASH), ("ranged", BY_BOTH)):
        client("dynamodb").create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **keys)


def scan(account, table: str) -> list[dict[str, object]]:
    return account.client("dynamodb").scan(TableName=table)["Items"]


def test_an_item_of_every_type_is_as_it_was_left(lake):
    item = {
        "id": {"S": "ä"}, "number": {"N": "1.50"}, "bytes": {"B": b"\x00\xff"}, "yes": {"BOOL": True},
        "none": {"NULL": True}, "names": {"SS": ["a", "b"]}, "numbers": {"NS": ["1", "2"]}, "blobs": {"BS": [b"\xff"]},
        "list": {"L": [{"S": "x"}, {"L": [{"B": b"\x01"}]}]}, "map": {"M": {"k": {"M": {"deep": {"N": "1"}}}}},
    }  # fmt: skip
    with lake(tables) as (account, _):
        account.client("dynamodb").put_item(TableName="plain", Item=item)
        assert scan(account, "plain") == [item]
    with lake(tables) as (account, _):
        assert scan(account, "plain") == [item]
        assert account.client("dynamodb").get_item(TableName="plain", Key={"id": {"S": "ä"}})["Item"] == item


def test_every_way_to_write_and_to_delete_counts(lake):
    def key(n: int) -> dict[str, dict[str, str]]:
        return {"id": {"S": "a"}, "n": {"N": str(n)}}

    with lake(tables) as (account, _):
        db = account.client("dynamodb")
        for n in range(5):
            db.put_item(TableName="ranged", Item=key(n))
        db.update_item(
            TableName="ranged", Key=key(1), UpdateExpression="SET v = :v", ExpressionAttributeValues={":v": {"S": "1"}}
        )
        db.update_item(TableName="ranged", Key=key(9), UpdateExpression="ADD c :one",
                       ExpressionAttributeValues={":one": {"N": "1"}})  # fmt: skip
        db.delete_item(TableName="ranged", Key=key(2))
        db.batch_write_item(RequestItems={"ranged": [{"DeleteRequest": {"Key": key(3)}},
                                                     {"PutRequest": {"Item": {**key(7), "v": {"S": "batch"}}}}],
                                          "plain": [{"PutRequest": {"Item": {"id": {"S": "x"}}}}]})  # fmt: skip
        arn = db.describe_table(TableName="ranged")["Table"]["TableArn"]
        db.transact_write_items(TransactItems=[
            {"Delete": {"TableName": "ranged", "Key": key(4)}},
            {"Put": {"TableName": arn, "Item": {**key(8), "v": {"S": "transaction"}}}},
            {"Update": {"TableName": "ranged", "Key": key(0), "UpdateExpression": "SET v = :v",
                        "ExpressionAttributeValues": {":v": {"S": "0"}}}},
            {"ConditionCheck": {"TableName": "plain", "Key": {"id": {"S": "x"}},
                                "ConditionExpression": "attribute_exists(id)"}},
        ])  # fmt: skip
        left = scan(account, "ranged")
    with lake(tables) as (account, _):
        assert sorted(scan(account, "ranged"), key=str) == sorted(left, key=str)
        found = {item["n"]["N"]: item.get("v", {}).get("S") for item in scan(account, "ranged")}
        assert found == {"0": "0", "1": "1", "9": None, "7": "batch", "8": "transaction"}
        assert scan(account, "plain") == [{"id": {"S": "x"}}]


def test_a_cancelled_transaction_and_a_failed_condition_leave_nothing(lake):
    with lake(tables) as (account, _):
        db = account.client("dynamodb")
        put = {"Put": {"TableName": "plain", "Item": {"id": {"S": "new"}}}}
        check = {"ConditionCheck": {"TableName": "plain", "Key": {"id": {"S": "none"}},
                                    "ConditionExpression": "attribute_exists(id)"}}  # fmt: skip
        with pytest.raises(ClientError, match="TransactionCanceled"):
            db.transact_write_items(TransactItems=[put, check])
        with pytest.raises(ClientError, match="ConditionalCheckFailed"):
            db.put_item(TableName="plain", Item={"id": {"S": "a"}}, ConditionExpression="attribute_exists(id)")
    with lake(tables) as (account, _):
        assert scan(account, "plain") == []


def test_a_statement_in_partiql_counts_too(lake):
    with lake(tables) as (account, _):
        db = account.client("dynamodb")
        db.put_item(TableName="plain", Item={"id": {"S": "gone"}})
        db.execute_statement(Statement="INSERT INTO plain VALUE {'id': 'new'}")
        db.execute_statement(Statement="DELETE FROM plain WHERE id = 'gone'")
    with lake(tables) as (account, _):
        assert scan(account, "plain") == [{"id": {"S": "new"}}]


def test_what_a_write_costs_does_not_grow_with_the_table(lake, monkeypatch):
    from rehearsal.kept.store import Batch

    with lake(tables) as (account, _):
        db = account.client("dynamodb")
        for n in range(30):
            db.put_item(TableName="plain", Item={"id": {"S": str(n)}})
        written, put = [], Batch.put
        monkeypatch.setattr(Batch, "put", lambda batch, name, value: (written.append(name), put(batch, name, value)))
        db.delete_item(TableName="plain", Key={"id": {"S": "1"}})
        db.put_item(TableName="plain", Item={"id": {"S": "2"}})
        assert [name.name for name in written if name.part == "item"] == ['[{"S":"2"}]']
