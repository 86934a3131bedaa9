"""DynamoDB."""

from __future__ import annotations

import pytest

from rehearsal.needs import NotMapped

A, B = {"id": {"S": "a"}}, {"id": {"S": "b"}}


@pytest.fixture(autouse=True)
def tables(facts):
    facts.hash_keys.update({("t", None): "id", ("t", "by_day"): "day", ("u", None): "id"})


def test_an_item_shows_its_partition_key_and_its_attributes(needed):
    (need,) = needed("dynamodb", "put_item", TableName="t", Item={**A, "n": {"N": "1"}}, ReturnValues="NONE")
    assert (need.action, need.resource) == (
        "dynamodb:PutItem",
        "arn:aws:dynamodb:eu-north-1:123456789012:table/t",
    )
    assert need.context["dynamodb:LeadingKeys"] == ["a"]
    assert need.context["dynamodb:Attributes"] == ["id", "n"]
    assert need.context["dynamodb:ReturnValues"] == "NONE"


def test_a_key_of_a_table_that_does_not_exist_is_not_made_up(needed):
    (need,) = needed("dynamodb", "get_item", TableName="gone", Key=A)
    assert "dynamodb:LeadingKeys" not in need.context


@pytest.mark.parametrize(
    "condition",
    [
        {"KeyConditionExpression": "id = :v", "ExpressionAttributeValues": {":v": {"S": "a"}}},
        {
            "KeyConditionExpression": "#r > :r AND #k = :v",
            "ExpressionAttributeNames": {"#k": "id", "#r": "run"},
            "ExpressionAttributeValues": {":v": {"S": "a"}, ":r": {"N": "1"}},
        },
        {"KeyConditions": {"id": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}}},
    ],
)
def test_a_query_shows_the_partition_key_that_it_asks_for(needed, condition):
    (need,) = needed("dynamodb", "query", TableName="t", **condition)
    assert need.context["dynamodb:LeadingKeys"] == ["a"]


def test_a_query_on_an_index_is_about_the_index_and_its_own_key(needed):
    (need,) = needed(
        "dynamodb",
        "query",
        TableName="t",
        IndexName="by_day",
        KeyConditionExpression="#d = :d",
        ExpressionAttributeNames={"#d": "day"},
        ExpressionAttributeValues={":d": {"S": "monday"}},
    )
    assert need.resource == "arn:aws:dynamodb:eu-north-1:123456789012:table/t/index/by_day"
    assert need.context["dynamodb:LeadingKeys"] == ["monday"]


def test_attributes_in_expressions_are_found_by_their_names(needed):
    (need,) = needed(
        "dynamodb",
        "update_item",
        TableName="t",
        Key=A,
        UpdateExpression="SET #s = :s, total.sum = if_not_exists(total.sum, :zero) REMOVE old[0]",
        ConditionExpression="attribute_exists(id) AND size(notes) < :n",
        ExpressionAttributeNames={"#s": "state"},
        ExpressionAttributeValues={":s": {"S": "x"}, ":zero": {"N": "0"}, ":n": {"N": "1"}},
    )
    assert set(need.context["dynamodb:Attributes"]) == {"id", "state", "total", "old", "notes"}


def test_a_batch_needs_each_of_its_tables_with_all_its_keys(needed):
    first, second = needed("dynamodb", "batch_get_item", RequestItems={"t": {"Keys": [A, B]}, "u": {"Keys": [A]}})
    assert [first.resource[-1], second.resource[-1]] == ["t", "u"]
    assert first.action == "dynamodb:BatchGetItem"
    assert first.context["dynamodb:LeadingKeys"] == ["a", "b"]


def test_a_batch_of_writes_knows_puts_and_deletions(needed):
    requests = {"t": [{"PutRequest": {"Item": {**A, "n": {"N": "1"}}}}, {"DeleteRequest": {"Key": B}}]}
    (need,) = needed("dynamodb", "batch_write_item", RequestItems=requests)
    assert need.action == "dynamodb:BatchWriteItem"
    assert need.context["dynamodb:LeadingKeys"] == ["a", "b"]
    assert need.context["dynamodb:Attributes"] == ["id", "n"]


def test_a_transaction_needs_what_is_done_to_each_item(needed):
    parts = [
        {"Put": {"TableName": "t", "Item": A}},
        {"Update": {"TableName": "t", "Key": A, "UpdateExpression": "SET n = :n"}},
        {"Delete": {"TableName": "u", "Key": B}},
        {"ConditionCheck": {"TableName": "u", "Key": B, "ConditionExpression": "attribute_exists(id)"}},
    ]
    found = needed("dynamodb", "transact_write_items", TransactItems=parts)
    assert [(need.action.split(":")[1], need.resource[-1]) for need in found] == [
        ("PutItem", "t"),
        ("UpdateItem", "t"),
        ("DeleteItem", "u"),
        ("ConditionCheckItem", "u"),
    ]
    assert {need.context["dynamodb:EnclosingOperation"] for need in found} == {"TransactWriteItems"}
    assert [need.context["dynamodb:LeadingKeys"] for need in found] == [["a"], ["a"], ["b"], ["b"]]


def test_a_transaction_of_reads_reads_each_item(pairs):
    found = pairs("dynamodb", "transact_get_items", TransactItems=[{"Get": {"TableName": "t", "Key": A}}])
    assert found == [("dynamodb:GetItem", "dynamodb:.:table/t")]


def test_a_table_may_go_by_its_arn(needed):
    arn = "arn:aws:dynamodb:eu-north-1:999999999999:table/t"
    (need,) = needed("dynamodb", "describe_table", TableName=arn)
    assert (need.resource, need.owner) == (arn, "999999999999")


def test_partiql_is_refused_by_name(needed):
    with pytest.raises(NotMapped, match="NotMapped: dynamodb:ExecuteStatement is PartiQL"):
        needed("dynamodb", "execute_statement", Statement="SELECT * FROM t")
