"""Whom a Principal names, and whom a NotPrincipal excepts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rehearsal.iam.asking import (
    ABROAD,
    FEDERATED,
    HOME,
    ROLE,
    ROOT,
    SERVICE,
    SESSION,
    STRANGER,
    USER,
    allow,
    ask,
    deny,
    letting_in,
)

IN_A_PATH = f"arn:aws:iam::{HOME}:role/jobs/reader"
OTHER_SESSION = f"arn:aws:sts::{HOME}:assumed-role/reader/daily"

NAMED: list[tuple[str, Any, bool]] = [
    (SESSION, "*", True),
    (SESSION, {"AWS": "*"}, True),
    (SESSION, {"AWS": SESSION}, True),
    (SESSION, {"AWS": OTHER_SESSION}, False),
    (SESSION, {"AWS": ROLE}, True),
    (SESSION, {"AWS": IN_A_PATH}, True),
    (SESSION, {"AWS": f"arn:aws:iam::{HOME}:role/Reader"}, False),
    (SESSION, {"AWS": f"arn:aws:iam::{ABROAD}:role/reader"}, False),
    (SESSION, {"AWS": f"arn:aws:iam::{HOME}:user/reader"}, False),
    (SESSION, {"AWS": ["arn:aws:iam::444455556666:root", ROLE]}, True),
    (SESSION, {"Service": SERVICE, "AWS": SESSION}, True),
    (SESSION, {"Service": SERVICE}, False),
    (SESSION, {"AWS": "AROAEXAMPLEEXAMPLE12"}, False),
    (ROLE, {"AWS": ROLE}, True),
    (ROLE, {"AWS": IN_A_PATH}, False),
    (ROLE, {"AWS": SESSION}, False),
    (USER, {"AWS": USER}, True),
    (USER, {"AWS": f"arn:aws:iam::{HOME}:user/ana"}, False),
    (USER, {"AWS": USER.upper().replace("ARN:AWS:IAM", "arn:aws:iam")}, False),
    (FEDERATED, {"AWS": FEDERATED}, True),
    (FEDERATED, {"AWS": f"arn:aws:iam::{HOME}:user/ana"}, True),
    (SERVICE, {"Service": SERVICE}, True),
    (SERVICE, {"Service": ["sns.amazonaws.com", SERVICE]}, True),
    (SERVICE, {"Service": "s3.eu-north-1.amazonaws.com"}, False),
    (SERVICE, "*", True),
    ("*", "*", True),
    ("*", {"AWS": "*"}, True),
    ("*", {"AWS": USER}, False),
    ("a" * 64, {"CanonicalUser": "a" * 64}, True),
    (USER, {"CanonicalUser": "a" * 64}, False),
    (f"arn:aws:iam::{HOME}:saml-provider/corp", {"Federated": f"arn:aws:iam::{HOME}:saml-provider/corp"}, True),
]


@pytest.mark.parametrize(("caller", "principal", "is_meant"), NAMED)
def test_a_principal_names(caller: str, principal: Any, is_meant: bool) -> None:
    session = allow("*") if caller == FEDERATED else None
    assert ask(caller, resource=letting_in(principal), session=session).is_allowed is is_meant


def test_the_arn_of_the_role_tells_its_path() -> None:
    known = {"aws:PrincipalArn": IN_A_PATH}
    assert ask(resource=letting_in({"AWS": IN_A_PATH}), context=known).is_allowed
    assert not ask(resource=letting_in({"AWS": ROLE}), context=known).is_allowed


def test_an_arn_of_somebody_else_tells_nothing_of_a_session() -> None:
    foreign = {"aws:PrincipalArn": f"arn:aws:iam::{ABROAD}:role/reader"}
    assert not ask(resource=letting_in({"AWS": foreign["aws:PrincipalArn"]}), context=foreign).is_allowed
    assert ask(resource=letting_in({"AWS": ROLE}), context=foreign).is_allowed


EXCEPTED: list[tuple[str, Any, bool]] = [
    (USER, {"AWS": [USER, ROOT]}, True),
    (USER, {"AWS": [USER, HOME]}, True),
    (USER, {"AWS": USER}, False),
    (USER, {"AWS": ROOT}, False),
    (USER, {"AWS": [f"arn:aws:iam::{HOME}:user/bob", ROOT]}, False),
    (SESSION, {"AWS": [SESSION, ROLE, ROOT]}, True),
    (SESSION, {"AWS": [ROLE, ROOT]}, True),
    (SESSION, {"AWS": [SESSION, ROOT]}, False),
    (SESSION, {"AWS": [SESSION, ROLE]}, False),
    (ROOT, {"AWS": ROOT}, True),
    (STRANGER, {"AWS": [USER, ROOT]}, False),
    (SERVICE, {"Service": SERVICE}, True),
    (SERVICE, {"AWS": ROOT}, False),
    (USER, "*", True),
]


@pytest.mark.parametrize(("caller", "named", "is_excepted"), EXCEPTED)
def test_a_not_principal_excepts_whom_it_names_with_the_account(caller: str, named: Any, is_excepted: bool) -> None:
    denying = deny(NotPrincipal=named)
    assert (ask(caller, resource=denying, identity=[allow()]).decision != "ExplicitlyDenied") is is_excepted


def test_a_not_principal_denies_whoever_has_a_boundary() -> None:
    denying = deny(NotPrincipal={"AWS": [USER, ROOT]})
    assert ask(USER, resource=denying, identity=[allow()]).is_allowed
    assert ask(USER, resource=denying, identity=[allow()], boundary=allow("*")).decision == "ExplicitlyDenied"


def test_a_deny_for_the_account_is_for_all_of_it() -> None:
    assert ask(resource=deny(Principal={"AWS": ROOT}), identity=[allow()]).decision == "ExplicitlyDenied"
    assert ask(resource=deny(Principal={"AWS": ABROAD}), identity=[allow()]).is_allowed


def test_a_deny_for_a_canonical_user_may_be_for_anybody_of_an_account() -> None:
    denying = deny(Principal={"CanonicalUser": "a" * 64})
    assert ask(resource=denying, identity=[allow()]).decision == "ExplicitlyDenied"
    assert ask(SERVICE, resource=denying).decision == "ImplicitlyDenied"


@pytest.mark.parametrize(
    "caller",
    ["", "ana", "rehearsal", "arn:aws:iam::1:group/x", "arn:aws:iam::1:user/*", "arn:aws:iam::1:user/",
     "arn:aws:sts::1:assumed-role/reader", "arn:aws:sts::1:assumed-role/a/b/c", "arn:aws:s3:::lake", HOME],
)  # fmt: skip
def test_an_unknown_caller_is_an_error(caller: str) -> None:
    judgement = ask(caller, identity=[allow("*")], resource=letting_in("*"))
    assert (judgement.decision, judgement.reason.startswith("principal is")) == ("Error", True)
