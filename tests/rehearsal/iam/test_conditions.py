"""Conditions: what each operator makes of what a request holds. The operators' own chapter is meant everywhere."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rehearsal.iam.asking import allow, ask, deny

HOLDS, FAILS = True, False
OBJECT = "arn:aws:s3:::lake/a"

CASES: list[tuple[str, Any, Any, bool]] = [
    ("StringEquals", "a", "a", HOLDS),
    ("StringEquals", "a", "A", FAILS),
    ("StringEquals", "a*", "ab", FAILS),
    ("StringEquals", ["a", "b"], "b", HOLDS),
    ("StringEquals", "true", True, HOLDS),
    ("StringEquals", 5, "5", HOLDS),
    ("StringEquals", "", "", HOLDS),
    ("StringEquals", "a", None, FAILS),
    ("stringequals", "a", "a", HOLDS),
    ("StringEquals", "${*}", "*", HOLDS),
    ("StringNotEquals", "a", "b", HOLDS),
    ("StringNotEquals", ["a", "b"], "b", FAILS),
    ("StringNotEquals", "a", None, HOLDS),
    ("StringEqualsIgnoreCase", "Ana", "aNA", HOLDS),
    ("StringNotEqualsIgnoreCase", "Ana", "aNA", FAILS),
    ("StringLike", "raw/*", "raw/a/b:c", HOLDS),
    ("StringLike", "a?c", "abc", HOLDS),
    ("StringLike", "a?c", "ac", FAILS),
    ("StringLike", "RAW/*", "raw/a", FAILS),
    ("StringLike", "*b*d*", "abcde", HOLDS),
    ("StringLike", "[a]", "a", FAILS),
    ("StringLike", "a*", "a\nb", HOLDS),
    ("StringLike", "${*}a", "ba", FAILS),
    ("StringNotLike", ["a*", "b*"], "bc", FAILS),
    ("StringNotLike", "a*", None, HOLDS),
    ("NumericEquals", "10", "10.0", HOLDS),
    ("NumericNotEquals", "10", 11, HOLDS),
    ("NumericNotEquals", "10", None, HOLDS),
    ("NumericLessThan", "10", "9", HOLDS),
    ("NumericLessThan", "10", "10", FAILS),
    ("NumericLessThanEquals", "10", 10, HOLDS),
    ("NumericGreaterThan", 1.2, "1.3", HOLDS),
    ("NumericGreaterThanEquals", "1.2", "1.10", FAILS),
    ("NumericLessThan", "10", "nine", FAILS),
    ("NumericLessThan", "10", "NaN", FAILS),
    ("NumericNotEquals", "10", "nine", FAILS),
    ("DateEquals", "2026-11-21T06:00:00Z", "2026-11-21T07:00:00+01:00", HOLDS),
    ("DateEquals", "2026-11-21", "2026-11-21T00:00:00Z", HOLDS),
    ("DateEquals", "2026-11", "2026-11-01T00:00Z", HOLDS),
    ("DateEquals", "1763704800", "2025-11-21T06:00:00Z", HOLDS),
    ("DateNotEquals", "2026-11-21", "2026-11-22", HOLDS),
    ("DateLessThan", "2026-11-21T06:00:00Z", "2026-11-21T05:59:59.999Z", HOLDS),
    ("DateLessThanEquals", "2026-11-21T06:00:00Z", "2026-11-21T06:00:00Z", HOLDS),
    ("DateGreaterThan", "2020-01-01T00:00:01Z", "2026-11-21T06:00:00Z", HOLDS),
    ("DateGreaterThanEquals", "2020-01-01T00:00:01Z", 1577836800, FAILS),
    ("DateGreaterThan", "2020-01-01", "yesterday", FAILS),
    ("DateNotEquals", "2020-01-01", "2020-13-01", FAILS),
    ("Bool", "true", "TRUE", HOLDS),
    ("Bool", False, "false", HOLDS),
    ("Bool", "true", "false", FAILS),
    ("Bool", "false", None, FAILS),
    ("Bool", "false", "no", FAILS),
    ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", HOLDS),
    ("BinaryEquals", "QmluYXJ5", "Y2FzZQ==", FAILS),
    ("IpAddress", "203.0.113.0/24", "203.0.113.7", HOLDS),
    ("IpAddress", "203.0.113.7", "203.0.113.8", FAILS),
    ("IpAddress", ["10.0.0.0/8", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5678::9", HOLDS),
    ("IpAddress", "0.0.0.0/0", "2001:db8::1", FAILS),
    ("IpAddress", "10.0.0.0/8", "somewhere", FAILS),
    ("NotIpAddress", "203.0.113.0/24", "198.51.100.1", HOLDS),
    ("NotIpAddress", "203.0.113.0/24", None, HOLDS),
    ("NotIpAddress", "203.0.113.0/24", "somewhere", FAILS),
    ("ArnEquals", "arn:aws:sns:*:111122223333:t*", "arn:aws:sns:eu-north-1:111122223333:topic", HOLDS),
    ("ArnLike", "arn:aws:s3:::lake", "arn:aws:s3:::Lake", FAILS),
    ("ArnLike", "arn:aws:x:*:1:finance/*", "arn:aws:x:us-east-2:9:store/abc:1:finance/doc", FAILS),
    ("StringLike", "arn:aws:x:*:1:finance/*", "arn:aws:x:us-east-2:9:store/abc:1:finance/doc", HOLDS),
    ("ArnLike", "arn:aws:logs:*:*:log-group:/a/*", "arn:aws:logs:eu:1:log-group:/a/b:*", HOLDS),
    ("ArnLike", "arn:aws:s3:::lake", "lake", FAILS),
    ("ArnLike", "*", "arn:aws:s3:::lake", HOLDS),
    ("ArnLike", "arn:aws:s3:*", "arn:aws:s3:::lake", FAILS),
    ("ArnNotEquals", "arn:aws:s3:::lake", "arn:aws:s3:::pond", HOLDS),
    ("ArnNotLike", "arn:aws:s3:::l*", "arn:aws:s3:::lake", FAILS),
    ("ArnNotLike", "arn:aws:s3:*", "arn:aws:s3:::lake", FAILS),
    ("ArnNotLike", "arn:aws:s3:::l*", None, HOLDS),
    ("Null", "true", None, HOLDS),
    ("Null", "true", "a", FAILS),
    ("Null", "false", "a", HOLDS),
    ("Null", False, None, FAILS),
    ("Null", "true", [], HOLDS),
    ("Null", "false", "", FAILS),
    ("StringEqualsIfExists", "a", None, HOLDS),
    ("StringEqualsIfExists", "a", "b", FAILS),
    ("StringNotEqualsIfExists", "a", None, HOLDS),
    ("BoolIfExists", "false", None, HOLDS),
    ("ForAllValues:StringEquals", ["a", "b"], ["a"], HOLDS),
    ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], FAILS),
    ("ForAllValues:StringEquals", "a", None, HOLDS),
    ("ForAllValues:StringEquals", "a", [], HOLDS),
    ("ForAllValues:StringEquals", "a", "", HOLDS),
    ("ForAllValues:StringLike", "a*", ["ab", "ac"], HOLDS),
    ("ForAllValues:StringNotEquals", ["a", "b"], ["c", "d"], HOLDS),
    ("ForAllValues:StringNotEquals", ["a", "b"], ["c", "a"], FAILS),
    ("ForAnyValue:StringEquals", ["a", "b"], ["c", "a"], HOLDS),
    ("ForAnyValue:StringEquals", "a", ["b", "c"], FAILS),
    ("ForAnyValue:StringEquals", "a", None, FAILS),
    ("ForAnyValue:StringEquals", "", "", FAILS),
    ("ForAnyValue:StringNotEquals", "a", ["a", "b"], HOLDS),
    ("ForAnyValue:StringNotEquals", "a", ["a"], FAILS),
    ("ForAnyValue:StringNotEquals", "a", None, FAILS),
    ("forANYvalue:StringLikeIfExists", "a*", None, HOLDS),
    ("StringEquals", "a", ["a"], HOLDS),
    ("StringEquals", ["a", "b"], ["a", "b"], HOLDS),
]


@pytest.mark.parametrize(("operator", "wanted", "held", "holds"), CASES)
def test_an_allow_applies_where_its_condition_holds(operator: str, wanted: Any, held: Any, holds: bool) -> None:
    allowing = allow("s3:GetObject", Condition={operator: {"aws:Key": wanted}})
    assert ask(arn=OBJECT, context={"AWS:key": held}, identity=[allowing]).is_allowed is holds


IN_DOUBT = [
    ("NumericNotEquals", "10", "nine"),
    ("NumericLessThan", "10", "nine"),
    ("DateGreaterThan", "2020-01-01", "yesterday"),
    ("Bool", "false", "no"),
    ("IpAddress", "10.0.0.0/8", "somewhere"),
    ("ArnLike", "arn:aws:s3:*", "arn:aws:s3:::lake"),
    ("StringEquals", "a", ["a", "b"]),
    ("StringNotEquals", "a", ["a", "b"]),
]


@pytest.mark.parametrize(("operator", "wanted", "held"), IN_DOUBT)
def test_what_cannot_be_compared_allows_nothing_and_denies(operator: str, wanted: str, held: Any) -> None:
    condition = {operator: {"aws:Key": wanted}}
    asked: dict[str, Any] = {"arn": OBJECT, "context": {"aws:Key": held}}
    assert ask(identity=[allow(Condition=condition)], **asked).decision == "ImplicitlyDenied"
    assert ask(identity=[allow(), deny(Condition=condition)], **asked).decision == "ExplicitlyDenied"


def test_all_operators_and_all_keys_must_hold() -> None:
    both = {"StringEquals": {"aws:a": "1", "aws:b": "2"}, "Bool": {"aws:c": "true"}}
    allowing = [allow(Condition=both)]
    assert ask(context={"aws:a": "1", "aws:b": "2", "aws:c": "true"}, identity=allowing).is_allowed
    for missing in ("aws:a", "aws:b", "aws:c"):
        held = {key: value for key, value in {"aws:a": "1", "aws:b": "2", "aws:c": "true"}.items() if key != missing}
        assert not ask(context=held, identity=allowing).is_allowed


def test_the_key_of_a_tag_is_any_text() -> None:
    allowing = [allow(Condition={"StringEquals": {"aws:ResourceTag/Cost Center": "7"}})]
    assert ask(context={"aws:resourcetag/cost center": "7"}, identity=allowing).is_allowed


VARIABLES: list[tuple[str, Any, bool]] = [
    ("arn:aws:s3:::lake/${aws:username}", {"aws:username": "a"}, HOLDS),
    ("arn:aws:s3:::lake/${AWS:UserName}", {"aws:username": "a"}, HOLDS),
    ("arn:aws:s3:::lake/${ aws:username }", {"aws:username": "a"}, HOLDS),
    ("arn:aws:s3:::lake/${aws:username}", {}, FAILS),
    ("arn:aws:s3:::lake/${aws:username, 'a'}", {}, HOLDS),
    ("arn:aws:s3:::lake/${aws:username, 'b'}", {"aws:username": "a"}, HOLDS),
    ("arn:aws:s3:::lake/${aws:username}", {"aws:username": "*"}, FAILS),
    ("arn:aws:s3:::lake/${aws:username}", {"aws:username": ["a", "b"]}, FAILS),
    ("arn:aws:s3:::lake/${aws:PrincipalTag/x}*", {"aws:PrincipalTag/x": ""}, HOLDS),
    ("arn:aws:s3:::${aws:PrincipalTag/x}/${aws:username}", {"aws:PrincipalTag/x": "lake", "aws:username": "a"}, HOLDS),
    ("arn:aws:s3:::lake/${*}", {}, FAILS),
]


@pytest.mark.parametrize(("resource", "context", "holds"), VARIABLES)
def test_a_variable_stands_for_what_the_request_holds(resource: str, context: Any, holds: bool) -> None:
    allowing = allow("s3:GetObject", resource)
    assert ask(arn=OBJECT, context=context, identity=[allowing]).is_allowed is holds


def test_without_a_value_a_variable_is_equal_to_nothing() -> None:
    same = {"aws:Team": "${aws:PrincipalTag/team}"}
    assert not ask(context={"aws:Team": "x"}, identity=[allow(Condition={"StringEquals": same})]).is_allowed
    denying = [allow(), deny(Condition={"StringNotEquals": same})]
    assert ask(context={"aws:Team": "x"}, identity=denying).decision == "ExplicitlyDenied"
    assert ask(context={"aws:Team": "x", "aws:PrincipalTag/team": "x"}, identity=denying).is_allowed


def test_a_pattern_without_a_value_excepts_nothing() -> None:
    denying = deny("s3:*", None, NotResource="arn:aws:s3:::lake/${aws:username}")
    assert ask(arn=OBJECT, identity=[allow(), denying]).decision == "ExplicitlyDenied"
    assert ask(arn=OBJECT, identity=[allow(), denying], context={"aws:username": "a"}).is_allowed


def test_older_policies_have_no_variables() -> None:
    own = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::lake/${aws:username}"}]}
    for version in ({}, {"Version": "2008-10-17"}):
        assert not ask(arn=OBJECT, context={"aws:username": "a"}, identity=[{**version, **own}]).is_allowed
        assert ask(arn="arn:aws:s3:::lake/${aws:username}", identity=[{**version, **own}]).is_allowed
