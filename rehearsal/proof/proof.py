"""The proof: nothing was denied, nothing is granted that was not needed, and nothing can be taken away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rehearsal.iam import decide as decide_as_iam
from rehearsal.iam import message
from rehearsal.proof.decisions import Decide, allows
from rehearsal.proof.grants import Applies, Grant, grants
from rehearsal.proof.held import Held
from rehearsal.proof.mutants import Guard, Mutant, guards, mutants
from rehearsal.proof.narrowing import Suggestion, suggestions
from rehearsal.proof.record import Recorded, Seen, distinct


@dataclass(frozen=True)
class Denied:
    """A request that was denied, and still would be; or one that was allowed and would be denied now."""

    one: Recorded
    reason: str

    def __str__(self) -> str:
        request, times = self.one.request, self.one.was_denied
        who = self.one.holder.split("/")[-1]
        told = f"was denied {times} time{'' if times == 1 else 's'}" if times else "was allowed, and is denied now"
        return f"{who}: {request.action} on {request.resource} {told}: {self.reason}"


@dataclass(frozen=True)
class Proof:
    """``is_clean`` is the proof; ``failures`` say in a line each what is in its way. Suggestions are none."""

    record: tuple[Recorded, ...]
    held: Held
    grants: tuple[Grant, ...]
    mutants: tuple[Mutant, ...]
    guards: tuple[Guard, ...]
    denied: tuple[Denied, ...]
    suggestions: tuple[Suggestion, ...]

    @property
    def is_clean(self) -> bool:
        return not (self.denied or self.unused or self.survivors)

    @property
    def unused(self) -> list[Grant]:
        return [grant for grant in self.grants if not grant.needed_by]

    @property
    def survivors(self) -> list[Mutant]:
        return [mutant for mutant in self.mutants if mutant.survives]

    def failures(self) -> list[str]:
        """What was denied; what was never needed; what is granted twice, or to nobody."""
        return [*map(str, self.denied), *map(_unused, self.unused), *self._redundant()]

    def _redundant(self) -> Iterator[str]:
        """Survivors whose grants were never needed are named by these already."""
        for mutant in self.survivors:
            touched = [grant for grant in self.grants if grant.place == mutant.place and _is_of(grant, mutant)]
            if any(grant.needed_by for grant in touched):
                yield f"{mutant.place.title}: {_part(mutant, touched)} can be taken away, and nothing is different"

    def to_json(self) -> dict[str, Any]:
        return {
            "is_clean": self.is_clean,
            "requests": sum(one.times for one in self.record),
            "distinct": len(self.record),
            "grants": [_grant_json(grant) for grant in self.grants],
            "mutants": len(self.mutants),
            "denied": [str(each) for each in self.denied],
            "unused": [_unused(grant) for grant in self.unused],
            "survivors": [f"{each.place.title}: {_part(each, [])}" for each in self.survivors],
            "suggestions": [suggested(each) for each in self.suggestions],
            "guards": [f"{each.place.title}: {', '.join(each.actions)}" for each in self.guards],
            "failures": self.failures(),
        }


def always(_action: str, _resource: str) -> bool:
    return True


def prove(seen: Iterable[Seen], held: Held, applies: Applies = always, decide: Decide = decide_as_iam) -> Proof:
    """Decide a whole record again, with all that is held and with a little less each time."""
    return prove_record(distinct(seen, held), held, applies, decide)


def prove_record(
    record: Sequence[Recorded], held: Held, applies: Applies = always, decide: Decide = decide_as_iam
) -> Proof:
    """The same for requests that are told apart already."""
    granted = grants(record, held, decide, applies)
    return Proof(
        record=tuple(record),
        held=held,
        grants=tuple(granted),
        mutants=tuple(mutants(granted, held, decide)),
        guards=tuple(guards(held)),
        denied=tuple(_denied(record, held, decide)),
        suggestions=tuple(suggestions(record, granted, held, decide)),
    )


def _denied(record: Sequence[Recorded], held: Held, decide: Decide) -> Iterator[Denied]:
    """As the policies are now: what was denied while one was broken on purpose, and is not any more, is no gap."""
    for one in record:
        if not one.is_probe and not allows(one, held, decide):
            judgement = decide(one.request, held.policies_for(one.request))
            yield Denied(one, message(one.request, judgement))


def _unused(grant: Grant) -> str:
    return f"{grant} and was never needed"


def _is_of(grant: Grant, mutant: Mutant) -> bool:
    match mutant.kind:
        case "action":
            return grant.action == mutant.part
        case "resource":
            return grant.resource == mutant.part
        case _:
            return True


def _part(mutant: Mutant, touched: Sequence[Grant]) -> str:
    about = f" ({touched[0].action} on {touched[0].resource})" if touched and mutant.kind == "statement" else ""
    return f"{mutant}{about}"


def suggested(each: Suggestion) -> str:
    reach = f"; it also reaches {each.beyond}" if each.beyond else ""
    instead = ", ".join(each.instead)
    return f"{each.place.title}: instead of {each.element} {each.pattern}, {instead} would have done{reach}"


def _grant_json(grant: Grant) -> dict[str, Any]:
    return {
        "holder": grant.place.title,
        "policy": grant.place.policy,
        "statement": grant.place.index + 1,
        "action": grant.action,
        "resource": grant.resource,
        "calls": grant.calls,
        "during": list(grant.during),
    }
