"""Who is let in: credentials, tokens, and the calls that fit in 30 seconds. Time is what the test says it is."""

from __future__ import annotations

from base64 import b64encode

import pytest

from stand_ins.spotify_tokens import Tokens, Window, bearer, given_credentials


def basic(text: str) -> str:
    return f"Basic {b64encode(text.encode()).decode()}"


@pytest.mark.parametrize("credentials", ["id:secret", "id:se:cret", "id:", "ïd:sécret"])
def test_credentials_are_read_from_basic_authentication(credentials: str) -> None:
    assert given_credentials(basic(credentials)) == credentials


@pytest.mark.parametrize(
    "header",
    ["", "Basic", "Basic id:secret", basic("no colon"), "Bearer aWQ6c2VjcmV0", "Basic //79", "Basic aWQ*6c2VjcmV0"],
)
def test_what_is_no_basic_authentication_has_no_credentials(header: str) -> None:
    assert given_credentials(header) is None


def test_a_token_is_read_from_a_bearer_header() -> None:
    assert bearer("Bearer abc") == "abc" == bearer("bearer  abc ")
    assert bearer("Bearer ") is bearer("abc") is bearer(basic("id:secret")) is None


def test_a_token_holds_until_its_time_is_over() -> None:
    tokens = Tokens(seconds=60, calls=None)
    token = tokens.issue(now=1_000)
    assert tokens.admit(token, now=1_059.9)
    assert not tokens.admit(token, now=1_060)


def test_a_token_holds_for_so_many_calls() -> None:
    tokens = Tokens(seconds=60, calls=2)
    token, other = tokens.issue(now=0), tokens.issue(now=0)
    assert [tokens.admit(token, now=1) for _ in range(3)] == [True, True, False]
    assert tokens.admit(other, now=1)


def test_a_token_that_was_revoked_or_never_given_does_not_hold() -> None:
    tokens = Tokens(seconds=60, calls=None)
    before = tokens.issue(now=0)
    tokens.revoke()
    assert tokens.admit(tokens.issue(now=0), now=1)
    assert not tokens.admit(before, now=1) and not tokens.admit("BQ", now=1)


def test_no_two_tokens_are_the_same_and_none_outlives_its_stand_in() -> None:
    given = [Tokens(seconds=60, calls=None).issue(now=0) for _ in range(20)]
    assert len(set(given)) == 20


def test_a_window_lets_so_many_calls_in_and_says_when_the_next() -> None:
    window = Window(calls=2)
    assert [window.wait(now) for now in (100, 110.5, 112)] == [0, 0, 18]
    assert [window.wait(now) for now in (129.9, 130, 131)] == [1, 0, 10]


def test_a_call_that_is_refused_does_not_count() -> None:
    window = Window(calls=1)
    assert [window.wait(now) for now in (0, 10, 20, 30)] == [0, 20, 10, 0]


def test_without_a_limit_every_call_is_let_in() -> None:
    assert {Window(calls=0).wait(1) for _ in range(100)} == {0}
