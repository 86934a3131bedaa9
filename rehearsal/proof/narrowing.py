"""Where a pattern reaches further than was needed: narrower ones that would have done, for somebody to think about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rehearsal.proof.decisions import Decide, allows
from rehearsal.proof.grants import Grant
from rehearsal.proof.held import Held, Place, listed
from rehearsal.proof.parts import ACTION, RESOURCE
from rehearsal.proof.patterns import FEW, generalised, lasting_folder
from rehearsal.proof.record import Recorded

FEWEST = 2  # what a single resource is called says nothing about the next


@dataclass(frozen=True)
class Suggestion:
    """Instead of a ``pattern`` these would have done. ``beyond`` is what it reaches besides, where that is known."""

    place: Place
    element: str
    pattern: str
    instead: tuple[str, ...]
    beyond: str = ""


def suggestions(
    record: Sequence[Recorded], granted: Sequence[Grant], held: Held, decide: Decide
) -> Iterator[Suggestion]:
    """Each has been decided: nothing in the record would have been different."""
    statements = dict(held.statements())
    for place in dict.fromkeys(grant.place for grant in granted):
        own = [grant for grant in granted if grant.place == place]
        for found in (*_actions(own), *_resources(own, record)):
            if found.element not in statements[place]:  # a trust policy names no resource
                continue
            kept = [each for each in listed(statements[place][found.element]) if each != found.pattern]
            narrower = {**statements[place], found.element: [*kept, *found.instead]}
            less = held.with_statement(place, narrower)
            if all(allows(one, less, decide) for grant in own for one in grant.needed_by):
                yield found


def _actions(own: Sequence[Grant]) -> Iterator[Suggestion]:
    for pattern in dict.fromkeys(grant.action for grant in own):
        used = {one.request.action for grant in own if grant.action == pattern for one in grant.needed_by}
        if used and "*" in pattern and " " not in pattern:
            yield Suggestion(own[0].place, ACTION, pattern, tuple(sorted(used)))


def _resources(own: Sequence[Grant], record: Sequence[Recorded]) -> Iterator[Suggestion]:
    for pattern in dict.fromkeys(grant.resource for grant in own):
        used = {one.request.resource for grant in own if grant.resource == pattern for one in grant.needed_by}
        if not used or "*" not in pattern or " " in pattern:
            continue
        if pattern == "*":
            instead = generalised(used)
            if len(instead) <= FEW and "*" not in instead:
                yield Suggestion(own[0].place, RESOURCE, pattern, tuple(instead))
        elif pattern.endswith("/*") and len(used) >= FEWEST:
            yield from _folder(own[0].place, pattern, used, record)


def _folder(place: Place, pattern: str, used: set[str], record: Sequence[Recorded]) -> Iterator[Suggestion]:
    """One folder deeper, where all that was used is in it and somebody's other things are not."""
    base = pattern[:-1]
    deeper = lasting_folder([arn.removeprefix(base) for arn in used], most=1)
    if not deeper:
        return
    narrower = f"{base}{deeper}"
    reached = (one.request.resource for one in record)
    beyond = next((arn for arn in reached if arn.startswith(base) and not arn.startswith(narrower)), "")
    is_whole_bucket = base.count("/") == 1
    if beyond or is_whole_bucket:
        yield Suggestion(place, RESOURCE, pattern, (f"{narrower}*",), beyond)
