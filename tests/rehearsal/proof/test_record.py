"""Requests that no policy can tell apart are one."""

from __future__ import annotations

from rehearsal.proof import Held, distinct
from rehearsal.proof.held import holder_of
from tests.rehearsal.proof.small import ACCOUNT, allow, asked, text

HELD = Held({"role/reader": {"own": text(allow("s3:GetObject", "*"))}})
OBJECT = "arn:aws:s3:::lake/a"


def test_the_time_of_a_call_makes_no_difference() -> None:
    seen = [asked("s3:GetObject", OBJECT, during=when, aws__CurrentTime=when) for when in ("morning", "noon", "noon")]
    (one,) = distinct(seen, HELD)
    assert (one.times, one.during) == (3, ("morning", "noon"))


def test_unless_a_policy_speaks_of_it() -> None:
    timed = allow("s3:GetObject", "*", {"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}})
    seen = [
        asked("s3:GetObject", OBJECT, aws__CurrentTime=when)
        for when in ("2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z")
    ]
    assert len(distinct(seen, Held({"role/reader": {"own": text(timed)}}))) == 2


def test_a_variable_in_a_resource_speaks_of_its_key() -> None:
    own = allow("s3:GetObject", "arn:aws:s3:::lake/${aws:PrincipalTag/team, 'none'}/*")
    seen = [asked("s3:GetObject", OBJECT, **{"aws__PrincipalTag/team": team}) for team in ("red", "blue")]
    assert len(distinct(seen, Held({"role/reader": {"own": text(own)}}))) == 2


def test_the_sessions_of_a_role_are_one_where_no_policy_names_one() -> None:
    seen = [asked("s3:GetObject", OBJECT, f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/{name}") for name in "ab"]
    assert len(distinct(seen, HELD)) == 1
    named = {"Effect": "Allow", "Principal": {"AWS": seen[0].request.principal}, "Action": "s3:*", "Resource": "*"}
    assert len(distinct(seen, Held(resources={"arn:aws:s3:::lake": text(named)}))) == 2


def test_a_listing_is_known_by_its_prefix_whatever_policies_say() -> None:
    seen = [asked("s3:ListBucket", "arn:aws:s3:::lake", s3__prefix=prefix) for prefix in ("a/", "b/")]
    assert len(distinct(seen, HELD)) == 2


def test_who_holds_policies_is_known_by_the_principal() -> None:
    iam, sts = f"arn:aws:iam::{ACCOUNT}:", f"arn:aws:sts::{ACCOUNT}:"
    assert holder_of(f"{sts}assumed-role/reader/one") == holder_of(f"{iam}role/some/path/reader") == "role/reader"
    assert holder_of(f"{iam}user/ana") == "user/ana"
    assert (holder_of("s3.amazonaws.com"), holder_of("*")) == ("s3.amazonaws.com", "*")
