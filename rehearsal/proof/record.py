"""The record, each request once: how often it was made, during what, and whether it only decided how to answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rehearsal.iam.request import Request
from rehearsal.proof.held import Held, holder_of, statements_of

# What a call is about as much as its resource is: kept whether or not a policy speaks of it. By their lower case.
SHAPING = {key.lower(): key for key in
           ("s3:prefix", "dynamodb:LeadingKeys", "iam:PassedToService", "lambda:FunctionArn")}  # fmt: skip

_VARIABLE = re.compile(r"\$\{([^},]+)")


@dataclass(frozen=True)
class Seen:
    """A request as the account has seen it. A probe is no call: it decided how a call was answered."""

    request: Request
    was_allowed: bool
    during: str = ""
    is_probe: bool = False


@dataclass(frozen=True)
class Recorded:
    """A request that was made so many ``times``, ``during`` these, in the order in which they came."""

    request: Request
    is_probe: bool = False
    times: int = 1
    during: tuple[str, ...] = ()
    was_denied: int = 0

    @property
    def holder(self) -> str:
        return holder_of(self.request.principal)


def distinct(seen: Iterable[Seen], held: Held) -> list[Recorded]:
    """Requests that no policy held can tell apart are one; so are the sessions of a role, where no policy names one."""
    spoken, names_sessions = _spoken_of(held), any(":assumed-role/" in text for text in held.texts())
    found: dict[Any, Recorded] = {}
    for each in seen:
        request = _without_volatile(each.request, spoken)
        who = request.principal if names_sessions else holder_of(request.principal)
        key = (who, each.is_probe, request.action, request.resource, request.account, _frozen(request.context))
        one = found.get(key) or Recorded(request, each.is_probe, times=0)
        during = one.during if each.during in one.during else (*one.during, each.during)
        denied = one.was_denied + (not each.was_allowed)
        found[key] = replace(one, times=one.times + 1, during=during, was_denied=denied)
    return list(found.values())


def _spoken_of(held: Held) -> frozenset[str]:
    """The context keys that a policy looks at, in conditions and in variables."""
    statements = (statement for text in held.texts() for statement in statements_of(text))
    conditions = (condition for statement in statements for condition in _conditions(statement))
    variables = (found.strip().lower() for text in held.texts() for found in _VARIABLE.findall(text))
    return frozenset({*SHAPING, *conditions, *variables})


def _conditions(statement: Mapping[str, Any]) -> Iterator[str]:
    for keys in (statement.get("Condition") or {}).values():
        yield from (key.lower() for key in keys)


def _without_volatile(request: Request, spoken: frozenset[str]) -> Request:
    kept = {key: value for key, value in request.context.items() if key.lower() in spoken}
    return replace(request, context=kept)


def _frozen(context: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(sorted((key, value if isinstance(value, str | bool | int | float) else tuple(value))
                        for key, value in context.items()))  # fmt: skip
