from __future__ import annotations

import os
from collections.abc import Callable

import pytest


@pytest.fixture
def counted(account, monkeypatch) -> Callable[[str], list[str]]:
    """The folders that are listed from now on."""
    account.client("sts").get_caller_identity()  # the first call of all may look around
    listed: list[str] = []
    really = os.listdir

    def listdir(path: str = ".") -> list[str]:
        listed.append(str(path))
        return really(path)

    monkeypatch.setattr(os, "listdir", listdir)
    return listed


def test_a_request_does_not_make_moto_list_its_folder(account, counted):
    account.client("sts").get_caller_identity()
    account.client("sts").get_caller_identity()
    assert counted == []


def test_what_is_kept_is_what_moto_found(account):
    from moto import backends
    from moto.core import responses, utils
    from moto.glue.responses import GlueResponse

    assert {"s3", "dynamodb", "glue"} < set(backends.list_of_moto_modules())
    assert responses.method_names_from_class(GlueResponse) == utils.method_names_from_class(GlueResponse)
    assert responses.method_names_from_class(GlueResponse) is responses.method_names_from_class(GlueResponse)
    assert "batch_stop_job_run" in responses.method_names_from_class(GlueResponse)


def test_an_update_that_was_seen_before_is_the_same_update(account):
    dynamodb, keys = account.client("dynamodb"), [{"AttributeName": "id", "KeyType": "HASH"}]
    dynamodb.create_table(
        TableName="seen",
        KeySchema=keys,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )

    def update(key: str, name: str, value: str) -> dict[str, str]:
        dynamodb.update_item(
            TableName="seen",
            Key={"id": {"S": key}},
            UpdateExpression="SET #name = if_not_exists(#name, :nothing) + :value REMOVE gone",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": {"N": value}, ":nothing": {"N": "0"}},
        )
        item = dynamodb.get_item(TableName="seen", Key={"id": {"S": key}})["Item"]
        return {name: held["N"] for name, held in item.items() if name != "id"}

    assert update("one", "rows", "7") == {"rows": "7"}
    assert update("one", "pages", "2") == {"rows": "7", "pages": "2"}
    assert update("two", "rows", "5") == {"rows": "5"}
    assert update("one", "rows", "1") == {"rows": "8", "pages": "2"}


def test_members_are_found_by_the_names_that_moto_gives_them():
    from types import SimpleNamespace

    from botocore.session import Session
    from moto.core.serialize import AttributePickerContext, XFormedAttributePicker

    shape = Session().get_service_model("rds").shape_for("DBInstance").members["DBInstanceIdentifier"]

    class DBInstance:
        identifier = "by the name of its class"

    def picked(holder: object) -> object:
        return XFormedAttributePicker()(AttributePickerContext(holder, "DBInstanceIdentifier", shape))

    for _ in range(2):
        assert picked(DBInstance()) == "by the name of its class"
        assert picked({"DBInstanceIdentifier": "as it is"}) == "as it is"
        assert picked(SimpleNamespace(db_instance_identifier="in small letters")) == "in small letters"
        assert picked(SimpleNamespace(identifier="of another class")) is None
