"""Patterns of texts, actions, resources and ARNs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from rehearsal.iam import action_matches, arn_matches, has_wildcards, matches, resource_matches
from rehearsal.iam.patterns import Tokens, Wild, glob, tokens
from tests.rehearsal.iam.asking import allow, ask

ACTIONS = [
    ("*", "s3:GetObject", True),
    ("s3:*", "s3:GetObject", True),
    ("S3:getobject", "s3:GetObject", True),
    ("s3:Get*", "s3:PutObject", False),
    ("s3:?etObject", "s3:GetObject", True),
    ("s3:?etObject", "s3:etObject", False),
    ("s3:*Object", "s3:GetObject", True),
    ("s3:Get", "s3:GetObject", False),
    ("*:*", "s3:GetObject", True),
    ("s3:GetObject", "s3-outposts:GetObject", False),
]


@pytest.mark.parametrize(("pattern", "action", "is_meant"), ACTIONS)
def test_an_action_is_meant(pattern: str, action: str, is_meant: bool) -> None:
    assert action_matches(pattern, action) is is_meant
    assert ask(action=action, identity=[allow(pattern)]).is_allowed is is_meant
    assert ask(action=action, identity=[allow(None, NotAction=pattern)]).is_allowed is not is_meant


LAKE = "arn:aws:s3:::lake"
QUEUE = "arn:aws:sqs:eu-north-1:111122223333:jobs"
RESOURCES = [
    ("*", LAKE, True),
    ("*", "*", True),
    (LAKE, "*", False),
    (f"{LAKE}/*", f"{LAKE}/raw/a:b", True),
    (f"{LAKE}/*", LAKE, False),
    (f"{LAKE}*", f"{LAKE}side/x", True),
    (f"{LAKE}/*/test/*", f"{LAKE}/1//test///x", True),
    (f"{LAKE}/*/test/*", f"{LAKE}/test/x", False),
    (f"{LAKE}/RAW/*", f"{LAKE}/raw/a", False),
    (f"{LAKE}/?", f"{LAKE}/a", True),
    (f"{LAKE}/?", f"{LAKE}/ab", False),
    (f"{LAKE}/a*b", f"{LAKE}/a:b", True),
    ("arn:*:s3:::lake", LAKE, True),
    ("arn:aws:sqs:*:*:jobs", QUEUE, True),
    ("arn:aws:sqs:*:jobs", QUEUE, True),
    ("arn:aws:sqs:*", QUEUE, True),
    ("arn:aws:sqs:eu-*-1:111122223333:jobs", QUEUE, True),
    ("arn:aws:sqs:e*-1:jobs*", QUEUE, False),
    ("arn:aws:sqs:eu-*3333:111122223333:jobs", QUEUE, False),
    ("arn:aws:sqs:eu-north-?:111122223333:jobs", QUEUE, True),
    ("arn:aws:sqs:eu-north-1?111122223333:jobs:*", QUEUE, False),
    ("arn:aws:sqs:us-*:111122223333:jobs", QUEUE, False),
    ("arn:aws:logs:*:*:log-group:/aws/*:log-stream:*", "arn:aws:logs:e:1:log-group:/aws/x:log-stream:y", True),
]


@pytest.mark.parametrize(("pattern", "resource", "is_meant"), RESOURCES)
def test_a_resource_is_meant(pattern: str, resource: str, is_meant: bool) -> None:
    assert resource_matches(pattern, resource) is is_meant
    assert ask(arn=resource, identity=[allow("s3:*", pattern)]).is_allowed is is_meant
    assert ask(arn=resource, identity=[allow("s3:*", None, NotResource=pattern)]).is_allowed is not is_meant


def test_an_arn_is_compared_part_by_part() -> None:
    assert arn_matches("arn:aws:sqs:*:*:jobs", QUEUE)
    assert arn_matches("arn:aws:sqs:*:jobs:x", QUEUE) is False
    assert arn_matches("arn:aws:sqs:*", QUEUE) is None


def test_a_pattern_has_wildcards() -> None:
    assert [has_wildcards(pattern) for pattern in ("s3:*", "a?", "s3:GetObject", "")] == [True, True, False, False]


@settings(deadline=None, max_examples=100)
@given(some.text("ab*?:", max_size=12), some.text("ab:*", max_size=12))
def test_a_pattern_means_what_it_means_letter_by_letter(pattern: str, text: str) -> None:
    assert matches(pattern, text) is _meant(tokens(pattern), text)


@settings(deadline=None, max_examples=100)
@given(some.text("ab*?:", max_size=14), some.text("ab:", max_size=14))
def test_a_resource_pattern_never_means_more_than_the_plain_pattern(pattern: str, text: str) -> None:
    assert not resource_matches(pattern, text) or matches(pattern, text)


def test_many_stars_take_no_time() -> None:
    assert not matches("*a" * 60 + "b", "a" * 3000)
    assert not resource_matches("arn:aws:s3:" + "*a" * 60 + ":b:c", "arn:aws:s3:" + "a" * 3000)


def test_a_text_between_stars_is_no_pattern() -> None:
    assert glob((Wild.STAR, "*", Wild.ANY))("a*b")
    assert not glob((Wild.STAR, "*", Wild.ANY))("aab")


def _meant(pattern: Tokens, text: str) -> bool:
    """The slow way."""
    if not pattern:
        return not text
    first, rest = pattern[0], pattern[1:]
    if first is Wild.STAR:
        return any(_meant(rest, text[at:]) for at in range(len(text) + 1))
    if first is Wild.ANY:
        return bool(text) and _meant(rest, text[1:])
    return text.startswith(str(first)) and _meant(rest, text[len(str(first)) :])
