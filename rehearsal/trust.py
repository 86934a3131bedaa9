"""Whether a role's trust policy lets a service assume the role."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

ASSUME = "sts:assumerole"


@dataclass(frozen=True)
class _Refusal:
    """Why a statement does not apply. ``judged`` is False where that could not be found out."""

    reason: str
    judged: bool = True


def trust_refusal(policy: Mapping[str, Any], service: str, context: Mapping[str, str]) -> str | None:
    """Why ``service`` may not assume the role, or None when it may.

    ``context`` holds the condition keys that are known, in lower case (``aws:sourceaccount``, ``aws:sourcearn``).
    A condition that cannot be judged never lets anybody through, and is named.
    """
    about = [statement for statement in _listed(policy.get("Statement")) if _is_about(statement, service)]
    judged = [(statement.get("Effect"), _condition_refusal(statement, context)) for statement in about]
    for effect, refusal in judged:
        if effect == "Deny" and not (refusal and refusal.judged):
            return refusal.reason if refusal else "a statement denies it"
    refusals = [refusal for effect, refusal in judged if effect == "Allow"]
    if None in refusals:
        return None
    return next((refusal.reason for refusal in refusals if refusal), "no statement allows it")


def _is_about(statement: Mapping[str, Any], service: str) -> bool:
    actions = [str(action).lower() for action in _listed(statement.get("Action"))]
    return _any_like(service, _services(statement.get("Principal"))) and _any_like(ASSUME, actions)


def _services(principal: Any) -> list[Any]:
    """The services that a statement names. A bare star is everybody; accounts and users are no services."""
    if principal == "*":
        return ["*"]
    return _listed(principal.get("Service")) if isinstance(principal, Mapping) else []


def _condition_refusal(statement: Mapping[str, Any], context: Mapping[str, str]) -> _Refusal | None:
    """None when all conditions hold; one that could not be judged outweighs one that does not hold."""
    found = [
        refusal
        for operator, keys in statement.get("Condition", {}).items()
        for key, wanted in keys.items()
        if (refusal := _one_refusal(operator, key, _listed(wanted), context))
    ]
    return min(found, key=lambda refusal: refusal.judged, default=None)


def _one_refusal(operator: str, key: str, wanted: Sequence[str], context: Mapping[str, str]) -> _Refusal | None:
    holds, held = _OPERATORS.get(operator), context.get(key.lower())
    if holds is None or key.lower() not in _KEYS:
        return _Refusal(f"the condition {operator} on {key} cannot be judged here", judged=False)
    if held is None:
        return _Refusal(f"the condition {operator} on {key} needs a value that was not given", judged=False)
    if any(holds(held, str(value)) for value in wanted):
        return None
    return _Refusal(f"{key} is {held}, not {' or '.join(str(value) for value in wanted)}")


def _equal(held: str, wanted: str) -> bool:
    return held == wanted


def _like(held: str, wanted: str) -> bool:
    return fnmatchcase(held, wanted.replace("[", "[[]"))


def _any_like(held: str, patterns: Sequence[Any]) -> bool:
    return any(_like(held, str(pattern)) for pattern in patterns)


def _arn_like(held: str, wanted: str) -> bool:
    """Part by part, as IAM compares ARNs: a star does not reach over a colon, but for the last part."""
    parts, patterns = held.split(":", 5), wanted.split(":", 5)
    return len(parts) == len(patterns) and all(map(_like, parts, patterns))


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


_KEYS = frozenset({"aws:sourceaccount", "aws:sourcearn"})
_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": _equal,
    "StringLike": _like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
}
