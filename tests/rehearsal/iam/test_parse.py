"""What IAM refuses to take as a policy, and in which words it is refused here."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.iam import Malformed, parse
from tests.rehearsal.iam.asking import HOME, ROLE, ROOT, allow, ask, deny, letting_in, policy, statement, trusting


def _without(name: str) -> dict[str, Any]:
    return policy({key: value for key, value in statement().items() if key != name})


def _conditioned(condition: Any) -> dict[str, Any]:
    return allow(Condition=condition)


REFUSED: list[tuple[Any, str]] = [
    ("", "policy is "),
    ("{", "expected JSON"),
    ("[]", "policy is []"),
    ('"*"', "policy is "),
    ("null", "policy is null"),
    (None, "policy is null"),
    (7, "policy is 7"),
    ('{"Version": "2012-10-17", "Version": "2012-10-17", "Statement": []}', '"Version" twice'),
    (json.dumps(allow()).replace('"Effect"', '"Effect": "Deny", "Effect"'), '"Effect" twice'),
    ('{"Statement": NaN}', "not NaN"),
    ("[" * 100_000, "less depth"),
    ({}, "Statement is null"),
    ({"Version": "2012-10-17", "Statement": []}, "Statement is []"),
    ({"Version": "2012-10-17", "Statement": ["Allow"]}, "Statement is"),
    ({**allow(), "Version": "2012-10-18"}, 'Version is "2012-10-18", expected "2012-10-17"'),
    ({**allow(), "Version": 20121017}, "Version is 20121017"),
    ({**allow(), "Id": 1}, "Id is 1"),
    ({**allow(), "Comment": "x"}, 'policy is {"Comment": "x"}'),
    ({**allow(), "statement": []}, '{"statement": []}'),
    (allow(Comment="x"), 'Statement[0] is {"Comment": "x"}'),
    (_without("Effect"), "Statement[0].Effect is null"),
    (allow(Effect="allow"), 'Statement[0].Effect is "allow", expected "Allow" or "Deny"'),
    (_without("Action"), "expected either Action or NotAction"),
    (_without("Resource"), "expected either Resource or NotResource"),
    (allow(NotAction="s3:*"), 'Statement[0] is ["Action", "NotAction"]'),
    (allow(NotResource="*"), 'Statement[0] is ["Resource", "NotResource"]'),
    (allow([]), "Statement[0].Action is []"),
    (allow(["s3:GetObject", 1]), "Statement[0].Action is"),
    (allow(""), 'Statement[0].Action is ""'),
    (allow("GetObject"), 'Statement[0].Action is "GetObject", expected "*" or a service and an action'),
    (allow("s*:GetObject"), 's*:GetObject'),
    (allow("s3:"), '"s3:"'),
    (allow("s3:Get:Object"), "s3:Get:Object"),
    (allow("s3:Get Object"), "s3:Get Object"),
    (allow("${aws:x}:Get"), "${aws:x}:Get"),
    (allow("s3:*", []), "Statement[0].Resource is []"),
    (allow("s3:*", {}), "Statement[0].Resource is {}"),
    (allow("s3:*", "lake"), 'Statement[0].Resource is "lake", expected "*" or an ARN'),
    (allow("s3:*", "arn:aws:s3"), "expected"),
    (allow("s3:*", "arn:aws:s3:::lake/${aws:x"), "expected a variable such as"),
    (allow("s3:*", "arn:aws:s3::lake"), "expected an ARN of six parts"),
    (allow("sqs:*", "arn:aws:sqs:eu:1"), "expected an ARN of six parts"),
    (allow("s3:*", "arn:gcp:s3:::lake"), 'expected a partition such as "aws"'),
    (allow("s3:*", "arn:aws:*:::lake"), "without wildcards"),
    (allow("s3:*", None, NotResource="lake"), "Statement[0].NotResource"),
    (policy(statement(Sid="A"), statement("Deny", Sid="A")), 'Sid is "A", expected each Sid once'),
    (allow(Sid="not this"), 'Statement[0].Sid is "not this", expected letters and digits only'),
    (allow(Sid=1), "Statement[0].Sid is 1"),
    (allow(Principal="*"), "expected no principal in an identity-based policy"),
    (allow(NotPrincipal="*"), "expected no principal"),
    (_conditioned([]), "Statement[0].Condition is []"),
    (_conditioned({"StringEquals": "a"}), "Statement[0].Condition.StringEquals is"),
    (_conditioned({"StringEquals": {}}), "expected an object of keys and values"),
    (_conditioned({"StringEquals": {"aws:a": []}}), "Statement[0].Condition.StringEquals.aws:a is []"),
    (_conditioned({"StringEquals": {"aws:a": None}}), "expected a text, number or boolean"),
    (_conditioned({"StringEquals": {"aws:a": {"b": "c"}}}), "expected a text, number or boolean"),
    (_conditioned({"StringEquals": {"username": "a"}}), "expected a key with its service"),
    (_conditioned({"StringEquals": {"aws:a": "1", "AWS:A": "2"}}), "expected each key once"),
    (_conditioned({"StringEqual": {"aws:a": "1"}}), "Statement[0].Condition.StringEqual.aws:a"),
    (_conditioned({"ForAll:StringEquals": {"aws:a": "1"}}), "expected an operator of IAM"),
    (_conditioned({"NullIfExists": {"aws:a": "true"}}), "expected Null alone"),
    (_conditioned({"ForAllValues:Null": {"aws:a": "true"}}), "expected Null alone"),
    (_conditioned({"Null": {"aws:a": "yes"}}), "expected true or false"),
    (_conditioned({"Bool": {"aws:a": "yes"}}), "expected true or false"),
    (_conditioned({"NumericEquals": {"aws:a": "ten"}}), "expected a number"),
    (_conditioned({"NumericEquals": {"aws:a": "${aws:b}"}}), "expected a number"),
    (_conditioned({"DateLessThan": {"aws:a": "21.11.2026"}}), "expected a day or time"),
    (_conditioned({"DateLessThan": {"aws:a": "2026-11-31"}}), "expected a day or time"),
    (_conditioned({"IpAddress": {"aws:a": "10.0.0.0/33"}}), "expected an IP address"),
    (_conditioned({"BinaryEquals": {"aws:a": "%"}}), "expected base64"),
    (_conditioned({"StringLike": {"aws:a": "${}"}}), "expected a variable"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "told"), REFUSED)
def test_a_malformed_policy_is_refused_by_name(document: Any, told: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse(document)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


REFUSED_OF_RESOURCES: list[tuple[Any, str]] = [
    (allow(), "expected either Principal or NotPrincipal"),
    (allow(Principal="*", NotPrincipal="*"), 'Statement[0] is ["Principal", "NotPrincipal"]'),
    (allow(NotPrincipal={"AWS": ROOT}), "expected NotPrincipal with Deny only"),
    (letting_in(ROLE), "Statement[0].Principal is"),
    (letting_in({}), "Statement[0].Principal is {}"),
    (letting_in([]), "Statement[0].Principal is []"),
    (letting_in({"AWS": []}), "Statement[0].Principal.AWS is []"),
    (letting_in({"aws": ROOT}), "expected AWS, Service, Federated or CanonicalUser"),
    (letting_in({"*": "*"}), "expected AWS, Service, Federated or CanonicalUser"),
    (letting_in({"AWS": "1234"}), "Statement[0].Principal.AWS"),
    (letting_in({"AWS": f"arn:aws:iam::{HOME}:role/*"}), "without wildcards"),
    (letting_in({"AWS": "arn:aws:s3:::lake"}), "Statement[0].Principal.AWS"),
    (letting_in({"AWS": "ana"}), "Statement[0].Principal.AWS"),
    (letting_in({"Service": "*"}), "expected a name without wildcards"),
    (letting_in({"Federated": "*"}), "expected a name without wildcards"),
    (letting_in({"CanonicalUser": "ana"}), "expected a canonical user id"),
]


@pytest.mark.parametrize(("document", "told"), REFUSED_OF_RESOURCES)
def test_a_malformed_policy_of_a_resource_is_refused_by_name(document: Any, told: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse(document, "resource")
    assert told in str(refused.value)


REFUSED_OF_ROLES: list[tuple[Any, str]] = [
    (trusting("*", Resource="*"), "expected no resource in a trust policy"),
    (trusting("*", "s3:GetObject"), "expected actions of sts"),
    (trusting("*", "*"), "expected actions of sts"),
    (deny("sts:*", None, NotPrincipal={"AWS": ROOT}), "in no trust policy"),
    (trusting({"Service": "s3.amazonaws.com"}, Sid="not this"), "letters and digits"),
]


@pytest.mark.parametrize(("document", "told"), REFUSED_OF_ROLES)
def test_a_malformed_trust_policy_is_refused_by_name(document: Any, told: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse(document, "trust")
    assert told in str(refused.value)


@pytest.mark.parametrize(("kind", "named"), [
    ("boundary", "a permissions boundary"), ("session", "a session policy"), ("scp", "a service control policy"),
])  # fmt: skip
def test_only_policies_of_resources_name_principals(kind: Any, named: str) -> None:
    with pytest.raises(Malformed, match=f"expected no principal in {named}"):
        parse(allow(Principal="*"), kind)


TAKEN: list[tuple[Any, Any]] = [
    (allow(), "identity"),
    (policy(statement(), version=None), "identity"),
    ({**allow(), "Id": "mine"}, "identity"),
    ({**allow(), "Statement": statement()}, "identity"),
    (allow(Sid=""), "identity"),
    (policy(statement(Sid=""), statement(Sid="")), "identity"),
    (allow(Condition={}), "identity"),
    (allow("*:*"), "identity"),
    (allow(["s3:*", "execute-api:Invoke"]), "identity"),
    (allow("ec2:*", "arn:aws:ec2:*"), "identity"),
    (allow("organizations:*", "arn:aws:organizations::*:"), "identity"),
    (allow("kms:*", "arn:*:kms:*:${aws:PrincipalAccount}:key/*"), "identity"),
    (allow(Condition={"Bool": {"aws:a": "${aws:b}"}}), "identity"),
    (policy(statement(resource="arn:aws:s3:::a/${aws:x"), version="2008-10-17"), "identity"),
    (letting_in("*", Sid="with spaces: yes"), "resource"),
    (letting_in({"AWS": ROLE}, Resource=None), "resource"),
    (letting_in({"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}), "resource"),
    (letting_in({"AWS": "AIDAEXAMPLEEXAMPLE12"}), "resource"),
    (allow("s3:*Object", None, NotResource="arn:aws:s3:::a", Condition={"Bool": {"aws:b": True}}), "scp"),
]


@pytest.mark.parametrize(("document", "kind"), TAKEN)
def test_a_policy_that_iam_takes_is_taken(document: Any, kind: Any) -> None:
    assert parse(document, kind).statements
    assert parse(json.dumps(document), kind) is parse(document, kind)


def test_a_policy_without_a_resource_is_about_the_one_that_it_belongs_to() -> None:
    assert ask(resource=letting_in("*", Resource=None)).is_allowed


@pytest.mark.parametrize("side", ["resource", "boundary", "session"])
def test_one_malformed_policy_is_an_error_whatever_the_others_say(side: str) -> None:
    judgement = ask(identity=[allow(), deny()], **{side: {"Statement": 1}})
    assert (judgement.decision, judgement.reason.startswith("Statement is 1, expected")) == ("Error", True)


def test_levels_and_policies_are_not_mixed() -> None:
    assert ask(identity=[allow()], scps=[[allow()], allow()]).decision == "Error"
