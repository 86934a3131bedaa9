"""A narrower pattern is suggested where the wide one reaches something, and only where it will last."""

from __future__ import annotations

from rehearsal.proof import Held, prove
from rehearsal.proof.proof import suggested
from tests.rehearsal.proof.small import ACCOUNT, allow, asked, proved, text

OTHER = f"arn:aws:sts::{ACCOUNT}:assumed-role/writer/one"


def told(*args, **kwargs):
    return [suggested(each) for each in proved(*args, **kwargs).suggestions]


def test_a_bucket_of_which_one_folder_is_read(reads) -> None:
    assert told(reads("raw/a", "raw/b"), allow("s3:GetObject", "arn:aws:s3:::lake/*")) == [
        "reader: instead of Resource arn:aws:s3:::lake/*, arn:aws:s3:::lake/raw/* would have done"
    ]


def test_a_folder_in_which_others_have_theirs(reads) -> None:
    others = asked("s3:PutObject", "arn:aws:s3:::lake/raw/golf/1", OTHER)
    (line,) = told([*reads("raw/chess/1", "raw/chess/2"), others], allow("s3:GetObject", "arn:aws:s3:::lake/raw/*"))
    assert line.endswith("raw/chess/* would have done; it also reaches arn:aws:s3:::lake/raw/golf/1")


def test_not_a_folder_that_is_all_there_is(reads) -> None:
    assert told(reads("raw/chess/1", "raw/chess/2"), allow("s3:GetObject", "arn:aws:s3:::lake/raw/*")) == []


def test_not_a_folder_of_one_day(reads) -> None:
    assert told(reads("run=20260302/a", "run=20260302/b"), allow("s3:GetObject", "arn:aws:s3:::lake/*")) == []


def test_not_after_a_single_object(reads) -> None:
    assert told(reads("raw/a"), allow("s3:GetObject", "arn:aws:s3:::lake/*")) == []


def test_the_actions_that_a_star_stood_for(reads) -> None:
    assert told(reads("raw/a"), allow("s3:*", "arn:aws:s3:::lake/raw/*")) == [
        "reader: instead of Action s3:*, s3:GetObject would have done"
    ]


def test_the_resources_that_a_star_stood_for() -> None:
    table = f"arn:aws:dynamodb:eu-north-1:{ACCOUNT}:table/runs"
    assert told([asked("dynamodb:GetItem", table)], allow("dynamodb:GetItem", "*")) == [
        f"reader: instead of Resource *, {table} would have done"
    ]


def test_not_what_can_only_be_allowed_on_a_star() -> None:
    assert told([asked("s3:ListAllMyBuckets", "*")], allow("s3:ListAllMyBuckets", "*")) == []


def test_a_suggestion_is_no_failure(reads) -> None:
    assert proved(reads("raw/a", "raw/b"), allow("s3:*", "*")).is_clean


def test_not_what_would_not_have_done() -> None:
    """A pattern with a variable is no prefix of what it stands for."""
    own = allow("s3:GetObject", "arn:aws:s3:::${aws:username}/*")
    seen = [asked("s3:GetObject", f"arn:aws:s3:::ana/raw/{name}", aws__username="ana") for name in "ab"]
    assert told(seen, own) == []


def test_not_for_a_policy_that_names_no_resource() -> None:
    role, who = f"arn:aws:iam::{ACCOUNT}:role/reader", "lambda.amazonaws.com"
    trust = {"Effect": "Allow", "Principal": {"Service": who}, "Action": "sts:AssumeRole"}
    proof = prove([asked("sts:AssumeRole", role, principal=who)], Held(resources={role: text(trust)}))
    assert (proof.is_clean, proof.suggestions) == (True, ())
