"""A request made ready to be asked of policies, or refused because it does not say what is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from rehearsal.errors import RehearsalError
from rehearsal.iam.callers import caller_of
from rehearsal.iam.document import Question
from rehearsal.iam.elements import plain
from rehearsal.iam.reading import short
from rehearsal.iam.request import Request

_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9_.-]+", re.ASCII)
_ACCOUNT = re.compile(r"\d*", re.ASCII)


class Unclear(RehearsalError):
    """A request does not say what was asked."""


def question_of(request: Request, has_boundary: bool) -> Question:
    """Raises Unclear, or UnknownCaller."""
    if not isinstance(request.action, str) or not _ACTION.fullmatch(request.action):
        raise Unclear(f"action is {short(request.action)}, expected one action such as s3:GetObject")
    if not isinstance(request.resource, str) or not (request.resource == "*" or request.resource.startswith("arn:")):
        raise Unclear(f'resource is {short(request.resource)}, expected an ARN or "*"')
    if not isinstance(request.account, str) or not _ACCOUNT.fullmatch(request.account):
        raise Unclear(f"account is {short(request.account)}, expected the digits of an account, or nothing")
    if not isinstance(request.principal, str):
        raise Unclear(f"principal is {short(request.principal)}, expected a text")
    held = _held(request.context)
    principal_arn = held.get("aws:principalarn", ())
    caller = caller_of(request.principal, principal_arn[0] if len(principal_arn) == 1 else None)
    return Question(caller, request.action.lower(), request.resource, held, has_boundary)


def _held(context: Any) -> dict[str, tuple[str, ...]]:
    """What the context holds, by keys in lower case. None is nothing."""
    if not isinstance(context, Mapping):
        raise Unclear(f"context is {short(context)}, expected an object of keys and values")
    held: dict[str, tuple[str, ...]] = {}
    for key, value in context.items():
        name = key.lower() if isinstance(key, str) else ""
        if not name or name in held:
            raise Unclear(f"context has the key {short(key)}, expected texts, each once in whatever case")
        held[name] = _values(key, value)
    return held


def _values(key: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if value is None:
        return ()
    each = value if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes) else [value]
    for one in each:
        if not isinstance(one, str | bool | int | float) or (isinstance(one, float) and not isfinite(one)):
            raise Unclear(f"context {key} is {short(value)}, expected a text, number or boolean, or a list of them")
    return tuple(plain(one) for one in each)
