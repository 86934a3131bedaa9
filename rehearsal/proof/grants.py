"""What each statement grants, action by action and resource by resource, and what of that was needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from rehearsal.proof.decisions import Decide, allows, is_named, near
from rehearsal.proof.held import Held, Place, Statement, listed
from rehearsal.proof.parts import ACTION, RESOURCE, is_grant, only, said
from rehearsal.proof.record import Recorded

Applies = Callable[[str, str], bool]  # whether an action can be about what a pattern names at all


@dataclass(frozen=True)
class Grant:
    """One action on one resource pattern; ``needed_by`` are the requests that it alone would let through.

    ``whom`` says to whom the policy of a resource grants it.
    """

    place: Place
    action: str
    resource: str
    needed_by: tuple[Recorded, ...] = field(default=(), repr=False)
    whom: str = ""

    def __str__(self) -> str:
        to = f" to {self.whom}" if self.whom else ""
        return f"{self.place.title}: {self.action} on {self.resource} is granted{to}"

    @property
    def calls(self) -> int:
        return sum(one.times for one in self.needed_by if not one.is_probe)

    @property
    def during(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for one in self.needed_by for name in one.during))


def grants(record: Sequence[Recorded], held: Held, decide: Decide, applies: Applies) -> list[Grant]:
    """All grants. A pair whose action can never be about its resource grants nothing, and is none."""
    found: list[Grant] = []
    asked: dict[str, list[Recorded]] = {}
    for place, statement in held.statements():
        if is_grant(statement):
            if place.holder not in asked:
                asked[place.holder] = _asked_of(place, record, held, decide)
            found += _of_statement(place, statement, asked[place.holder], held, decide, applies)
    return found


def _asked_of(place: Place, record: Sequence[Recorded], held: Held, decide: Decide) -> list[Recorded]:
    """What is allowed because of what the holder of a place is granted, and would not be without."""
    without = held.granting(place, [])
    allowed = [one for one in near(record, place, held) if allows(one, held, decide)]
    return [one for one in allowed if not allows(one, without, decide)]


def _of_statement(
    place: Place, statement: Statement, asked: Sequence[Recorded], held: Held, decide: Decide, applies: Applies
) -> Iterator[Grant]:
    for action in said(statement, ACTION):
        about = [one for one in asked if is_named(action, one.request.action)]
        for resource in said(statement, RESOURCE):
            if applies(action, resource):
                alone = held.granting(place, [only(statement, action, resource)])
                needed_by = tuple(one for one in about if allows(one, alone, decide))
                yield Grant(place, action, resource, needed_by, _whom(statement))


def _whom(statement: Statement) -> str:
    principal = statement.get("Principal", "")
    named = principal.values() if isinstance(principal, dict) else [principal]
    return ", ".join(str(name) for names in named for name in listed(names))
