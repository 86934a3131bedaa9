"""What DynamoDB bills for a call, by the sizes of the items that it touched; by hand beside each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.account import Account
from rehearsal.capacity import item_size

HALF_A_KILOBYTE = {"S": "y" * 500}


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with Account() as running:
        dynamodb = running.client("dynamodb")
        dynamodb.create_table(
            TableName="runs",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "open")],
            BillingMode="PAY_PER_REQUEST",
            GlobalSecondaryIndexes=[
                {"IndexName": "open", "KeySchema": [{"AttributeName": "open", "KeyType": "HASH"}],
                 "Projection": {"ProjectionType": "ALL"}},
            ],
        )  # fmt: skip
        for key, size in (("small", 10), ("large", 5000)):
            dynamodb.put_item(TableName="runs", Item={"id": {"S": key}, "text": {"S": "x" * size}})
        yield running


@pytest.fixture
def units(account: Account) -> Callable[..., float]:
    """``units("get_item", Key=...)``: what the call consumed, whether it was carried out or refused."""

    def call(operation: str, **asked: Any) -> float:
        mark = account.calls.mark()
        try:
            getattr(account.client("dynamodb"), operation)(**asked)
        except ClientError as refused:
            assert refused.response["Error"]["Code"] != "NotRehearsed"
        return account.calls.since(mark)[-1].units

    return call


def test_a_read_is_billed_for_each_four_kilobytes_and_half_when_it_may_be_late(units: Callable[..., float]) -> None:
    large, small = ({"TableName": "runs", "Key": {"id": {"S": key}}} for key in ("large", "small"))
    assert units("get_item", **small, ConsistentRead=True) == 1
    assert units("get_item", **small) == 0.5
    assert units("get_item", **large, ConsistentRead=True) == 2  # 5,012 bytes
    assert units("get_item", TableName="runs", Key={"id": {"S": "nobody"}}) == 0.5
    assert units("batch_get_item", RequestItems={"runs": {"Keys": [small["Key"], {"id": {"S": "nobody"}}]}}) == 1
    assert units("transact_get_items", TransactItems=[{"Get": small}]) == 2


def test_a_search_is_billed_for_all_that_it_read_together(units: Callable[..., float]) -> None:
    assert units("scan", TableName="runs", ConsistentRead=True) == 2  # 5,012 and 21 bytes, once rounded up
    one = {"FilterExpression": "id = :id", "ExpressionAttributeValues": {":id": {"S": "large"}}}
    # Two were read, and one came: the other is taken to be as large, 10,024 bytes together.
    assert units("scan", TableName="runs", ConsistentRead=True, **one) == 3
    nothing = {"FilterExpression": "id = :id", "ExpressionAttributeValues": {":id": {"S": "nobody"}}}
    assert units("scan", TableName="runs", ConsistentRead=True, **nothing) == 1


def test_a_write_is_billed_for_each_kilobyte_of_the_item_as_it_is_then(units: Callable[..., float]) -> None:
    assert units("put_item", TableName="runs", Item={"id": {"S": "a"}, "text": HALF_A_KILOBYTE}) == 1
    longer = {"UpdateExpression": "SET more = :more", "ExpressionAttributeValues": {":more": {"S": "z" * 1600}}}
    assert units("update_item", TableName="runs", Key={"id": {"S": "a"}}, **longer) == 3  # 2,111 bytes
    assert units("delete_item", TableName="runs", Key={"id": {"S": "a"}}, ReturnValues="ALL_OLD") == 3
    assert units("batch_write_item", RequestItems={"runs": [{"PutRequest": {"Item": {"id": {"S": "b"}}}}]}) == 1


def test_an_item_that_is_in_an_index_or_leaves_it_is_written_twice(units: Callable[..., float]) -> None:
    assert units("put_item", TableName="runs", Item={"id": {"S": "c"}, "open": {"S": "yes"}}) == 2
    leaves = {"UpdateExpression": "REMOVE #open", "ExpressionAttributeNames": {"#open": "open"}}
    assert units("update_item", TableName="runs", Key={"id": {"S": "c"}}, **leaves) == 2
    stays_out = {"UpdateExpression": "SET n = :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
    assert units("update_item", TableName="runs", Key={"id": {"S": "c"}}, **stays_out) == 1


def test_a_transaction_is_billed_twice_and_a_refused_condition_too(units: Callable[..., float]) -> None:
    put = {"Put": {"TableName": "runs", "Item": {"id": {"S": "d"}}}}
    check = {"ConditionCheck": {"TableName": "runs", "Key": {"id": {"S": "large"}},
                                "ConditionExpression": "attribute_exists(id)"}}  # fmt: skip
    assert units("transact_write_items", TransactItems=[put, check]) == 2 * (1 + 5)
    new_only = {"ConditionExpression": "attribute_not_exists(id)"}
    assert units("put_item", TableName="runs", Item={"id": {"S": "d"}}, **new_only) == 1
    put["Put"].update(new_only)
    assert units("transact_write_items", TransactItems=[put]) == 2


def test_what_was_refused_as_it_stood_and_what_touches_no_item_is_not_billed(
    account: Account, units: Callable[..., float]
) -> None:
    assert units("put_item", TableName="runs", Item={"other": {"S": "no key"}}) == 0
    assert units("describe_table", TableName="runs") == 0
    mark = account.calls.mark()
    account.client("s3").list_buckets()
    assert account.calls.since(mark)[-1].units == 0


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"id": {"S": "ä"}}, 2 + 2),
        ({"n": {"N": "-1234.50"}}, 1 + 4),  # 12345: three bytes of digits, and one
        ({"b": {"BOOL": True}, "z": {"NULL": True}}, 2 + 2),
        ({"m": {"M": {"ab": {"S": "c"}}}}, 1 + 3 + 1 + 2 + 1),
        ({"l": {"L": [{"S": "ab"}, {"S": "c"}]}}, 1 + 3 + 2 + 3),
        ({"s": {"SS": ["ab", "c"]}}, 1 + 3),
        ({"d": {"B": "AAAA"}}, 1 + 3),
    ],
)
def test_the_size_of_an_item_is_that_of_its_names_and_values(item: dict[str, Any], size: int) -> None:
    assert item_size(item) == size
