"""Inputs are checked against pulumi_aws's own types."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from rehearsal.deploy.checks import MISSING, args_class, problems

LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"


def _check(kind: str, inputs: dict[str, Any], *secret: str) -> list[str]:
    declared = args_class(kind)
    assert declared is not None
    return list(problems(inputs, declared, secret))


@pytest.fixture(autouse=True)
def _provider() -> None:
    import pulumi_aws  # noqa: F401  (it registers its modules)


def test_good_inputs_raise_no_alarm() -> None:
    rule = {"id": "a", "status": "Enabled", "filter": {"and": {"tags": {"any_Key": "x"}}}}
    assert _check(LIFECYCLE, {"bucket": "b", "rules": [rule]}) == []
    environment = {"variables": {"MY_OWN_name": "x"}}
    code = pulumi.StringAsset("x")
    assert _check("aws:lambda/function:Function", {"role": "r", "environment": environment, "timeout": 3}) == []
    assert _check("aws:s3/bucketObjectv2:BucketObjectv2", {"bucket": "b", "source": code}) == []


def test_policies_may_be_text_or_documents() -> None:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": ["*"], "Condition": {"Bool": {"a": "b"}}}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    for policy in ("{}", document):
        assert _check("aws:iam/rolePolicy:RolePolicy", {"role": "r", "policy": policy}) == []
    statement["Efect"] = statement.pop("Effect")
    assert _check("aws:iam/rolePolicy:RolePolicy", {"role": "r", "policy": document}) == [
        "property policy.Statement[0].Efect is not known; did you mean Effect?",
        "property policy.Statement[0].Effect is missing",
    ]


def test_unknown_properties_are_found_at_depth_in_the_writers_style() -> None:
    rule = {"id": "a", "status": "Enabled", "filter": {"and": {"prefx": "x"}}, "expiraton": {"days": 1}}
    assert _check(LIFECYCLE, {"bucket": "b", "rules": [rule]}) == [
        "property rules[0].filter.and.prefx is not known; did you mean prefix?",
        "property rules[0].expiraton is not known; did you mean expiration?",
    ]
    assert _check("aws:sqs/queue:Queue", {"visiblityTimeoutSeconds": 3}) == [
        "property visiblityTimeoutSeconds is not known; did you mean visibilityTimeoutSeconds?"
    ]


def test_missing_properties_are_found() -> None:
    assert _check(LIFECYCLE, {"rules": [{"id": "a"}]}) == [
        "property rules[0].status is missing", "property bucket is missing",
    ]  # fmt: skip
    assert _check("aws:sqs/queuePolicy:QueuePolicy", {"queueUrl": "u", "policy": MISSING}) == [
        "property policy is missing"
    ]


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ({"delaySeconds": "3"}, "property delaySeconds must be a whole number, got the string '3'"),
        ({"delaySeconds": 1.5}, "property delaySeconds must be a whole number, got the number 1.5"),
        ({"delaySeconds": True}, "property delaySeconds must be a whole number, got the boolean True"),
        ({"fifoQueue": "yes"}, "property fifoQueue must be true or false, got the string 'yes'"),
        ({"name": 3}, "property name must be a string, got the number 3"),
        ({"tags": {"year": 2026}}, "property tags.year must be a string, got the number 2026"),
        ({"tags": {"a": {"b": "c"}}}, "property tags.a must be a string, got a map"),
        ({"tags": ["a"]}, "property tags must be a map, got a list"),
    ],
)
def test_wrong_types_are_found(inputs: dict[str, Any], problem: str) -> None:
    assert _check("aws:sqs/queue:Queue", inputs) == [problem]


def test_a_choice_of_text_and_enumeration_is_still_a_text() -> None:
    inputs = {"role": "r", "runtime": 3.13}
    assert _check("aws:lambda/function:Function", inputs) == ["property runtime must be a string, got the number 3.13"]
    assert _check("aws:lambda/function:Function", {"role": "r", "runtime": "python3.13"}) == []


def test_a_list_is_not_an_object() -> None:
    assert _check(LIFECYCLE, {"bucket": "b", "rules": {"id": "a"}}) == ["property rules must be a list, got a map"]


def test_secret_values_are_not_shown() -> None:
    inputs = {"tags": {"key": 42}}
    assert _check("aws:sqs/queue:Queue", inputs, "tags") == ["property tags.key must be a string, got a secret"]


def test_the_resources_own_type_is_taken_not_its_namesake() -> None:
    kind = "aws:s3/bucketVersioning:BucketVersioning"
    assert _check(kind, {"bucket": "b", "versioningConfiguration": {"status": "Enabled"}}) == []
