"""Mutants that are tried for real: the role gets the lesser policy, its function is called, and something is denied."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lakelet.permissions.scenarios import ORDINARY
from lakelet.permissions.stage import Stage
from rehearsal.proof import Proof
from rehearsal.proof.mutants import Mutant
from sources.model import scheduled_at

KINDS = ("statement", "action", "resource")
KEPT_IN_MEMORY = "secretsmanager:"  # a warm function does not ask again


@dataclass(frozen=True)
class Trial:
    """``foretold`` are the actions that the proof says would be missed; ``denied`` is what really was."""

    mutant: str
    foretold: tuple[str, ...]
    denied: str
    action: str

    @property
    def agrees(self) -> bool:
        return self.action in self.foretold


def trials(stage: Stage, proof: Proof) -> Iterator[Trial]:
    """One mutant of each kind, of the function that reads the API. Each leaves the role as it was."""
    for mutant in _chosen(proof.mutants, f"role/{stage.extract}"):
        yield _tried(stage, proof, mutant)


def _chosen(mutants: Sequence[Mutant], holder: str) -> Iterator[Mutant]:
    for kind in KINDS:
        own = [each for each in mutants if each.place.holder == holder and each.kind == kind]
        yield from [each for each in own if _is_asked_each_day(each)][:1]


def _is_asked_each_day(mutant: Mutant) -> bool:
    return any(ORDINARY in one.during and not one.request.action.startswith(KEPT_IN_MEMORY) for one in mutant.missed)


def _tried(stage: Stage, proof: Proof, mutant: Mutant) -> Trial:
    calls = stage.rehearsal.account.calls
    mark, place = calls.mark(), mutant.place
    role, held = place.title, proof.held.identities[place.holder][place.policy]
    less = mutant.of(proof.held).identities[place.holder][place.policy]
    stage.put_policy(role, place.policy, json.loads(less))
    try:
        stage.rehearsal.invoke(stage.extract, _order(stage))
    finally:
        stage.put_policy(role, place.policy, json.loads(held))
    denied = next((call.decision for call in calls.since(mark) if call.decision.kind == "denied"), None)
    return Trial(
        mutant=f"{role} without {mutant}",
        foretold=tuple(sorted({one.request.action for one in mutant.missed})),
        denied=denied.reason if denied else "nothing was denied",
        action=denied.refused.action if denied and denied.refused else "",
    )


def _order(stage: Stage) -> bytes:
    """The next day, of which nobody has heard yet."""
    run = stage.next_day()
    stage.days[run.stream] += 1
    return json.dumps({"source": run.source, "stream": run.stream, "scheduled_at": scheduled_at(run.run)}).encode()
