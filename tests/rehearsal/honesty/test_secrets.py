"""What a program declares of a secret is what its readers get."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from rehearsal.account import Account
from tests.rehearsal.honesty.conftest import Make

SECRET, VERSION = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"


@pytest.mark.parametrize(
    ("inputs", "told", "value"),
    [
        ({"secretString": "a"}, "SecretString", "a"),
        ({"secretStringWo": "b"}, "SecretString", "b"),
        ({"secretBinary": base64.b64encode(b"c").decode()}, "SecretBinary", b"c"),
    ],
)
def test_a_secret_is_what_it_was_given(
    account: Account, make: Make, inputs: dict[str, Any], told: str, value: Any
) -> None:
    (name,) = inputs
    arn = make(SECRET, name, name=name).id
    make(VERSION, name, secretId=arn, **inputs)
    assert account.client("secretsmanager").get_secret_value(SecretId=name)[told] == value


def test_a_version_is_found_under_its_stages(account: Account, make: Make) -> None:
    arn = make(SECRET, "staged", name="staged").id
    make(VERSION, "first", secretId=arn, secretString="now")
    make(VERSION, "second", secretId=arn, secretString="then", versionStages=["NEXT"])
    client = account.client("secretsmanager")
    assert client.get_secret_value(SecretId=arn)["SecretString"] == "now"
    assert client.get_secret_value(SecretId=arn, VersionStage="NEXT")["SecretString"] == "then"
