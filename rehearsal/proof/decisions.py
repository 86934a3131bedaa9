"""Deciding a record again, under whatever policies are held."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rehearsal.iam import Judgement, Policies, Request, action_matches
from rehearsal.proof.held import Held, Place
from rehearsal.proof.parts import ACTION, NEGATED
from rehearsal.proof.record import Recorded

Decide = Callable[[Request, Policies], Judgement]


def allows(one: Recorded, held: Held, decide: Decide) -> bool:
    return decide(one.request, held.policies_for(one.request)).is_allowed


def near(record: Iterable[Recorded], place: Place, held: Held) -> list[Recorded]:
    """The requests about which a statement at this place could have a say."""
    if place.is_of_resource:
        return [one for one in record if held.owner_of(one.request.action, one.request.resource) == place.holder]
    return [one for one in record if one.holder == place.holder]


def is_named(pattern: str, action: str) -> bool:
    """Whether an action may be meant by a pattern: sorts out what need not be decided."""
    return pattern.startswith(NEGATED[ACTION]) or action_matches(pattern, action)
