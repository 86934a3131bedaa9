"""The decision: an explicit deny first, then the organization, then who lets the caller in and what limits it.

Closed: what cannot be judged is an Error, and an Error allows nothing.
"""

from __future__ import annotations

import re

from rehearsal.errors import RehearsalError
from rehearsal.iam.document import Question
from rehearsal.iam.messages import allowed, explicit, implicit
from rehearsal.iam.principals import Grant
from rehearsal.iam.question import question_of
from rehearsal.iam.request import Judgement, Policies, Request
from rehearsal.iam.sides import Sides, sides_of

_ROLE = re.compile(r"arn:[a-z-]+:iam::\d*:role/.+", re.ASCII)
_KEY = re.compile(r"arn:[a-z-]+:kms:[^:]*:[^:]*:key/.+", re.ASCII)
FREE = "sts:getcalleridentity"  # answered even where a policy denies it


def decide(request: Request, policies: Policies) -> Judgement:
    """What IAM would decide. Never raises."""
    try:
        return _decide(request, policies)
    except RehearsalError as error:
        return Judgement("Error", str(error))
    except Exception as error:  # closed, not open, whatever was given
        return Judgement("Error", f"it cannot be judged: {type(error).__name__}: {' '.join(str(error).split())[:200]}")


def _decide(request: Request, policies: Policies) -> Judgement:
    question = question_of(request, policies.boundary is not None)
    is_trust = _is_taking_a_role(question)
    sides = sides_of(policies, is_trust)
    if question.action == FREE and question.caller.has_policies:
        return Judgement("Allowed", f"because {request.action} needs no permission")
    if denial := sides.denial(question):
        return Judgement("ExplicitlyDenied", explicit(denial))
    if not sides.do_scps_allow(question):
        return _denied("scp", request)
    if not question.caller.has_policies:
        return _by_resource(request, question, sides, "trust" if is_trust else "resource")
    is_abroad = request.account not in ("", question.caller.account)
    is_key = question.action.startswith("kms:") and (_KEY.fullmatch(question.resource) or sides.resource)
    if is_trust or is_key or is_abroad:
        return _by_owner(request, question, sides, "trust" if is_trust else "resource", is_abroad)
    return _at_home(request, question, sides)


def _is_taking_a_role(question: Question) -> bool:
    """A role's policy is its trust policy, which is asked for all of STS that is done to the role."""
    is_sts, is_role = question.action.startswith("sts:"), _ROLE.fullmatch(question.resource) is not None
    return question.action.startswith("sts:assumerole") or (is_sts and is_role)


def _by_resource(request: Request, question: Question, sides: Sides, kind: str) -> Judgement:
    """Services, strangers and those from outside have no policies of their own."""
    return _allowed(kind, request) if _grants(question, sides) else _denied(kind, request)


def _by_owner(request: Request, question: Question, sides: Sides, kind: str, is_abroad: bool) -> Judgement:
    """The resource's policy must let the caller in, or its account: for keys, roles, and all of other accounts."""
    grants = _grants(question, sides)
    if not grants or (kind == "trust" and question.caller.kind == "root"):  # a root user assumes no role
        return _denied(kind, request)
    if is_abroad or grants == {Grant.ACCOUNT}:
        return _by_itself(request, question, sides)
    return _let_in(request, question, sides, grants, kind)


def _at_home(request: Request, question: Question, sides: Sides) -> Judgement:
    """In one account one side is enough. The account's own name in a resource's policy lets nobody in by itself."""
    grants = _grants(question, sides) - {Grant.ACCOUNT}
    if grants:
        return _let_in(request, question, sides, grants, "resource")
    return _by_itself(request, question, sides)


def _let_in(request: Request, question: Question, sides: Sides, grants: frozenset[Grant], kind: str) -> Judgement:
    limit = None if Grant.DIRECT in grants else sides.limit(question)
    return _denied(limit, request) if limit else _allowed(kind, request)


def _by_itself(request: Request, question: Question, sides: Sides) -> Judgement:
    """By the caller's own policies, within its limits. A root user needs none; a federated user needs a session's."""
    is_root = question.caller.kind == "root"
    if not is_root and not sides.does_identity_allow(question):
        return _denied("identity", request)
    if question.caller.kind == "federated user" and sides.session is None:
        return _denied("session", request)
    if limit := sides.limit(question):
        return _denied(limit, request)
    return Judgement("Allowed", "because it is the account's root user") if is_root else _allowed("identity", request)


def _grants(question: Question, sides: Sides) -> frozenset[Grant]:
    return sides.resource.grants(question) if sides.resource else frozenset()


def _allowed(kind: str, request: Request) -> Judgement:
    return Judgement("Allowed", allowed(kind, request.action))


def _denied(kind: str, request: Request) -> Judgement:
    return Judgement("ImplicitlyDenied", implicit(kind, request.action))
