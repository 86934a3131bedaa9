"""What the proof says of a role that holds too much, too little, or just enough."""

from __future__ import annotations

import json

import pytest

from rehearsal.iam import Request
from rehearsal.proof import Held, Seen, prove
from rehearsal.proof.applies import applies
from tests.rehearsal.proof.small import ACCOUNT, QUEUE, READER, allow, asked, proved, text

RAW = "arn:aws:s3:::lake/raw/*"
GET = asked("s3:GetObject", "arn:aws:s3:::lake/raw/a")
PUT = asked("s3:PutObject", "arn:aws:s3:::lake/raw/a")


def test_a_role_that_needs_all_it_holds_is_clean() -> None:
    proof = proved([GET, PUT], allow(["s3:GetObject", "s3:PutObject"], [RAW]))
    assert (proof.is_clean, proof.failures(), proof.suggestions) == (True, [], ())


def test_an_action_that_was_never_needed_is_named_with_role_and_resource() -> None:
    proof = proved([GET], allow(["s3:DeleteObject", "s3:GetObject"], [RAW]))
    assert proof.failures() == [f"reader: s3:DeleteObject on {RAW} is granted and was never needed"]


def test_a_resource_that_was_never_needed_is_named() -> None:
    proof = proved([GET], allow("s3:GetObject", [RAW, "arn:aws:s3:::lake/secret/*"]))
    assert proof.failures() == ["reader: s3:GetObject on arn:aws:s3:::lake/secret/* is granted and was never needed"]


def test_each_pair_of_action_and_resource_must_have_been_needed() -> None:
    """Each action is needed somewhere, and on each resource something: no single part can be taken away."""
    tables = [f"arn:aws:dynamodb:eu-north-1:{ACCOUNT}:table/{name}" for name in ("one", "two")]
    seen = [asked("dynamodb:GetItem", tables[0]), asked("dynamodb:PutItem", tables[1])]
    proof = proved(seen, allow(["dynamodb:GetItem", "dynamodb:PutItem"], tables))
    assert proof.survivors == []
    assert [(grant.action, grant.resource) for grant in proof.unused] == [
        ("dynamodb:GetItem", tables[1]),
        ("dynamodb:PutItem", tables[0]),
    ]


def test_a_denied_request_is_named_with_how_often_and_why() -> None:
    denied = [Seen(PUT.request, False), Seen(PUT.request, False), GET]
    proof = proved(denied, allow("s3:GetObject", RAW))
    (line,) = proof.failures()
    assert line.startswith("reader: s3:PutObject on arn:aws:s3:::lake/raw/a was denied 2 times: ")
    assert "because no identity-based policy allows the s3:PutObject action" in line


def test_what_was_allowed_then_and_would_be_denied_now_is_named() -> None:
    (line,) = proved([GET, PUT], allow("s3:GetObject", RAW)).failures()
    assert "was allowed, and is denied now" in line


def test_what_was_denied_while_a_policy_was_broken_counts_as_needed() -> None:
    assert proved([Seen(GET.request, False)], allow("s3:GetObject", RAW)).is_clean


def test_a_probe_that_is_denied_is_no_failure() -> None:
    probe = Seen(Request(READER, "s3:ListBucket", "arn:aws:s3:::lake", ACCOUNT), False, is_probe=True)
    assert proved([GET, probe], allow("s3:GetObject", RAW)).is_clean


def test_a_grant_that_only_a_probe_needs_is_needed() -> None:
    probe = Seen(Request(READER, "s3:ListBucket", "arn:aws:s3:::lake", ACCOUNT), True, is_probe=True)
    assert proved([probe], allow("s3:ListBucket", "arn:aws:s3:::lake")).is_clean


def test_a_statement_that_repeats_another_survives_and_is_named() -> None:
    proof = proved([GET], allow("s3:GetObject", RAW), allow("s3:GetObject", "arn:aws:s3:::lake/raw/a"))
    assert len(proof.survivors) == 2
    assert proof.failures()[0] == (
        f"reader: statement 1 (s3:GetObject on {RAW}) can be taken away, and nothing is different"
    )


@pytest.mark.parametrize("prefixes", [["raw/*"], ["raw/*", "manifests/*"]])
def test_each_value_of_a_condition_is_a_grant(prefixes) -> None:
    listing = allow("s3:ListBucket", "arn:aws:s3:::lake", {"StringLike": {"s3:prefix": prefixes}})
    proof = proved([asked("s3:ListBucket", "arn:aws:s3:::lake", s3__prefix="raw/a")], listing)
    assert proof.is_clean is (len(prefixes) == 1)
    if not proof.is_clean:
        (line,) = proof.failures()
        assert "value s3:prefix manifests/* of statement 1 can be taken away" in line


def test_the_values_of_a_negated_condition_are_no_grants() -> None:
    outside = allow("s3:GetObject", RAW, {"StringNotEquals": {"aws:PrincipalTag/team": ["red", "blue"]}})
    assert proved([GET], outside).is_clean


def test_a_guard_is_no_grant_and_stands_apart() -> None:
    guard = {
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    proof = proved([GET], allow("s3:GetObject", RAW), guard)
    assert proof.is_clean
    assert [(each.place.title, each.actions) for each in proof.guards] == [("reader", ("s3:*",))]


def test_a_statement_of_a_resource_is_proved_by_what_a_service_did() -> None:
    sender = {"Principal": {"Service": "s3.amazonaws.com"}} | allow("sqs:SendMessage", QUEUE)
    sent = asked("sqs:SendMessage", QUEUE, principal="s3.amazonaws.com")
    held = Held(resources={QUEUE: text(sender)})
    assert prove([sent], held).is_clean
    (line,) = prove([], held).failures()
    assert line == f"{QUEUE}: sqs:SendMessage on {QUEUE} is granted to s3.amazonaws.com and was never needed"


def test_of_two_senders_the_one_that_never_sent_is_named() -> None:
    names = ["s3.amazonaws.com", "events.amazonaws.com"]
    sender = {"Principal": {"Service": names}} | allow("sqs:SendMessage", QUEUE)
    proof = prove([asked("sqs:SendMessage", QUEUE, principal=names[0])], Held(resources={QUEUE: text(sender)}))
    (line,) = proof.failures()
    assert "principal events.amazonaws.com of statement 1 can be taken away" in line


def test_what_nobody_here_has_written_decides_but_is_not_looked_at() -> None:
    everything = Held({"user/deployer": {"all": text(allow("*", "*"))}}, given=frozenset({"user/deployer"}))
    made = asked("s3:CreateBucket", "arn:aws:s3:::lake", principal=f"arn:aws:iam::{ACCOUNT}:user/deployer")
    proof = prove([made], everything)
    assert (proof.is_clean, proof.grants) == (True, ())


def test_an_action_that_can_never_be_about_a_resource_grants_nothing_there() -> None:
    arns = [f"arn:aws:glue:eu-north-1:{ACCOUNT}:{name}" for name in ("database/lake", "table/lake/*")]
    seen = [asked("glue:GetDatabase", arns[0]), asked("glue:GetTable", arns[0])]
    seen.append(asked("glue:GetTable", arns[1].replace("*", "athletes")))
    held = Held({"role/reader": {"own": text(allow(["glue:GetDatabase", "glue:GetTable"], arns))}})
    assert prove(seen, held, applies).is_clean
    assert not prove(seen, held).is_clean


def test_the_whole_is_told_as_json() -> None:
    told = json.loads(json.dumps(proved([GET, GET], allow(["s3:DeleteObject", "s3:GetObject"], RAW)).to_json()))
    assert (told["is_clean"], told["requests"], told["distinct"], told["mutants"]) == (False, 2, 1, 3)
    assert [(grant["action"], grant["calls"]) for grant in told["grants"]] == [
        ("s3:DeleteObject", 0),
        ("s3:GetObject", 2),
    ]
