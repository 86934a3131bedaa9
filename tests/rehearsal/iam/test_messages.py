"""The sentence of a denial, as AWS writes it."""

from __future__ import annotations

from rehearsal.iam import Judgement, Policies, Request, decide, message
from tests.rehearsal.iam.asking import HOME, OBJECT, SESSION, deny

ASKED = Request(SESSION, "s3:GetObject", OBJECT, HOME)
BEGINNING = f"User: {SESSION} is not authorized to perform: s3:GetObject on resource: {OBJECT} "


def test_an_implicit_denial_names_the_policy_that_is_missing() -> None:
    told = message(ASKED, decide(ASKED, Policies()))
    assert told == f"{BEGINNING}because no identity-based policy allows the s3:GetObject action"


def test_an_explicit_denial_names_the_kind_of_the_policy() -> None:
    told = message(ASKED, decide(ASKED, Policies([deny()])))
    assert told == f"{BEGINNING}with an explicit deny in an identity-based policy"


def test_an_error_says_what_could_not_be_judged() -> None:
    told = message(ASKED, decide(ASKED, Policies(["{}"])))
    assert told.startswith(f"{BEGINNING}because it could not be judged: Statement is null, expected")


def test_a_stranger_is_anonymous() -> None:
    asked = Request("*", "s3:GetObject", OBJECT, HOME)
    assert message(asked, decide(asked, Policies())).startswith("User: anonymous is not authorized")


def test_who_is_allowed_is_told_so() -> None:
    assert message(ASKED, Judgement("Allowed", "because")).startswith(f"User: {SESSION} is authorized to perform")
