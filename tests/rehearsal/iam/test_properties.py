"""What holds for all policies and requests."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from rehearsal.iam import Judgement, Policies, Request, decide
from tests.rehearsal.iam.asking import HOME, ROLE, ROOT, SERVICE, SESSION, STRANGER, USER, policy

ORDER = {"ExplicitlyDenied": 0, "ImplicitlyDenied": 1, "Allowed": 2}
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
VERDICTS = {"Allowed", "ExplicitlyDenied", "ImplicitlyDenied", "Error"}
FEW = settings(deadline=None, max_examples=100)

callers = some.sampled_from([USER, SESSION, USER, SESSION, ROLE, ROOT, STRANGER, SERVICE, "*"])
actions = some.sampled_from(["s3:GetObject", "s3:PutObject", "kms:Decrypt"])
arns = some.sampled_from(["arn:aws:s3:::a/b", "arn:aws:s3:::c", f"arn:aws:kms:eu:{HOME}:key/1", "*"])
contexts = some.fixed_dictionaries(
    {}, optional={"aws:PrincipalArn": some.just(ROLE), "aws:a": some.sampled_from(["1", "2", ["1", "2"], True, ""])}
)
requests = some.builds(Request, callers, actions, arns, some.sampled_from(["", HOME]), contexts)
conditions = some.sampled_from([
    {}, {}, {"StringEquals": {"aws:a": "1"}}, {"StringLike": {"aws:PrincipalArn": ROLE}},
    {"StringNotLike": {"aws:a": "1"}}, {"ForAnyValue:StringEquals": {"aws:a": "1"}},
    {"NumericLessThanIfExists": {"aws:a": "2"}},
])  # fmt: skip
wanted = some.one_of(
    some.fixed_dictionaries({"Action": some.sampled_from(["*", "*", "s3:Get*", "s3:PutObject", "kms:*"])}),
    some.fixed_dictionaries({"NotAction": some.sampled_from(["s3:Get*", "kms:*"])}),
)
named = some.one_of(
    some.fixed_dictionaries({"Resource": some.sampled_from(["*", "*", "arn:aws:s3:::a/*", "arn:aws:s3:::*"])}),
    some.fixed_dictionaries({"NotResource": some.sampled_from(["arn:aws:s3:::a/*", "arn:aws:s3:::${aws:a}"])}),
)
principals = some.sampled_from(["*", {"AWS": ROOT}, {"AWS": ROLE}, {"AWS": [USER, SESSION]}, {"Service": SERVICE}])


@some.composite
def statements(draw: Any, effect: str | None = None, of_a_resource: bool = False) -> dict[str, Any]:
    effects = some.just(effect) if effect else some.sampled_from(["Allow", "Allow", "Allow", "Deny"])
    found = {"Effect": draw(effects), **draw(wanted), **draw(named), "Condition": draw(conditions)}
    return {**found, "Principal": draw(principals)} if of_a_resource else found


def documents(of_a_resource: bool = False) -> Any:
    """Every other one allows everything."""
    several = some.lists(statements(of_a_resource=of_a_resource), min_size=1, max_size=3)
    everything = {**EVERYTHING, "Principal": "*"} if of_a_resource else EVERYTHING
    return some.just(policy(everything)) | several.map(lambda all_: policy(*all_))


policies = some.builds(
    Policies,
    identity=some.lists(documents(), max_size=2),
    resource=some.none() | documents(of_a_resource=True),
    boundary=some.none() | documents(),
    session=some.none() | documents(),
    scps=some.none() | some.lists(documents(), max_size=2),
)
SIDES = some.sampled_from(["identity", "resource", "boundary", "session", "scps"])


def _with(held: Policies, side: str, statement: dict[str, Any]) -> Policies:
    """One statement more in the first policy of a side that is there."""
    given = getattr(held, side)
    more = {**statement, "Principal": "*"} if side == "resource" else statement
    if not given:
        return held
    several = list(given) if isinstance(given, list) else [given]
    several[0] = {**several[0], "Statement": [*several[0]["Statement"], more]}
    return Policies(**{**held.__dict__, side: several if isinstance(given, list) else several[0]})


def _order(judgement: Judgement) -> int:
    assert judgement.decision in ORDER, judgement
    return ORDER[judgement.decision]


@FEW
@given(requests, policies, SIDES, statements(effect="Deny"))
def test_one_deny_more_never_allows_more(request: Request, held: Policies, side: str, more: dict[str, Any]) -> None:
    once = _with(held, side, more)
    assert _order(decide(request, once)) <= _order(decide(request, held))
    assert _order(decide(request, _with(once, side, more))) <= _order(decide(request, once))


@FEW
@given(requests, policies, SIDES, statements(effect="Allow"))
def test_one_allow_more_never_denies_more(request: Request, held: Policies, side: str, more: dict[str, Any]) -> None:
    assert _order(decide(request, _with(held, side, more))) >= _order(decide(request, held))


@FEW
@given(requests, policies, some.sampled_from(["boundary", "session", "scps"]))
def test_a_limit_taken_away_never_denies_more(request: Request, held: Policies, side: str) -> None:
    assert _order(decide(request, Policies(**{**held.__dict__, side: None}))) >= _order(decide(request, held))


@FEW
@given(requests, policies, some.randoms(use_true_random=False))
def test_the_order_of_statements_and_policies_does_not_matter(
    request: Request, held: Policies, dice: random.Random
) -> None:
    def shuffled(given: Any) -> Any:
        if isinstance(given, dict):
            return {**given, "Statement": dice.sample(given["Statement"], len(given["Statement"]))}
        return dice.sample([shuffled(each) for each in given], len(given)) if isinstance(given, list) else given

    other = Policies(**{side: shuffled(given) for side, given in held.__dict__.items()})
    assert decide(request, other).decision == decide(request, held).decision


@FEW
@given(requests, policies)
def test_the_case_of_actions_and_keys_does_not_matter(request: Request, held: Policies) -> None:
    other = Request(
        request.principal, request.action.upper(), request.resource, request.account,
        {key.upper(): value for key, value in request.context.items()},
    )  # fmt: skip
    assert decide(other, held).decision == decide(request, held).decision


@FEW
@given(requests, policies)
def test_a_policy_as_text_says_the_same(request: Request, held: Policies) -> None:
    def text(given: Any) -> Any:
        return [json.dumps(each) for each in given] if isinstance(given, list) else given and json.dumps(given)

    other = Policies(**{side: text(given) for side, given in held.__dict__.items()})
    assert decide(request, other) == decide(request, held)


anything = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=8)
    | some.sampled_from(["*", "Allow", "Deny", "2012-10-17", "s3:*", "arn:aws:s3:::a", "${aws:a}", "${", ROLE]),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(
        some.sampled_from(["Version", "Statement", "Effect", "Action", "Resource", "Principal", "AWS", "Condition",
                           "StringLike", "Null", "aws:a", "x"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
odd_policies = some.builds(Policies, anything, anything, anything, anything, anything)


@settings(deadline=None, max_examples=60)
@given(requests, odd_policies)
def test_any_policies_give_a_verdict(request: Request, held: Policies) -> None:
    assert decide(request, held).decision in VERDICTS


@settings(deadline=None, max_examples=60)
@given(some.builds(Request, anything, anything, anything, anything, anything))
def test_any_request_gives_a_verdict(request: Request) -> None:
    allowing = policy(EVERYTHING)
    assert decide(request, Policies([allowing])).decision in VERDICTS


class _Broken(dict[str, str]):
    def items(self) -> Any:
        raise ArithmeticError("broken")


def test_what_breaks_the_judge_is_an_error() -> None:
    allowing = policy(EVERYTHING)
    judgement = decide(Request(USER, "s3:GetObject", "*", context=_Broken(a="b")), Policies([allowing]))
    assert (judgement.decision, judgement.reason) == ("Error", "it cannot be judged: ArithmeticError: broken")


@settings(deadline=None, max_examples=60)
@given(requests, some.text(max_size=60))
def test_a_text_that_is_no_policy_allows_nothing(request: Request, text: str) -> None:
    assert decide(request, Policies([text])).decision == "Error"
