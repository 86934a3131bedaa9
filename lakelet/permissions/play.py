"""Plays the scenarios, and proves with what was recorded."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from infra.naming import Names
from lakelet.permissions.scenarios import SCENARIOS, Scenario
from lakelet.permissions.stage import STACK, Stage, open_stages
from lakelet.permissions.trials import Trial, trials
from lakelet.progress import Progress
from rehearsal.proof import Proof, Recorded, distinct, prove
from rehearsal.proof.account import DEPLOYER, held_in, seen_in
from rehearsal.proof.applies import applies

DEPLOY, DESTROY = "the deployment", "the end"


@dataclass(frozen=True)
class Played:
    """``scenarios`` are those that were played. ``trouble`` is what did not come to what it should be about."""

    proof: Proof
    scenarios: tuple[str, ...]
    trouble: tuple[str, ...]
    trials: tuple[Trial, ...]
    deployer: tuple[Recorded, ...]
    names: Names

    @property
    def is_clean(self) -> bool:
        return self.proof.is_clean and not self.trouble and all(trial.agrees for trial in self.trials)

    def failures(self) -> list[str]:
        differ = [
            f"{trial.mutant}: the proof foretold {', '.join(trial.foretold) or 'nothing'}, but: {trial.denied}"
            for trial in self.trials
            if not trial.agrees
        ]
        return [*self.proof.failures(), *self.trouble, *differ]


def play(progress: Progress, scenarios: Sequence[Scenario] = SCENARIOS) -> Played:
    """In a lake of its own, which is destroyed in the end."""
    progress.step("deploy", "an embedded account of its own")
    with open_stages() as stages:
        stage = stages[0]
        progress.done("deploy", f"{len(stage.deployment.resources)} resources in an embedded account of its own")
        began = [(0, DEPLOY), *_played(stages, scenarios, progress)]
        with _step(progress, "prove", "decided again, with all grants and without each"):
            proof = prove_stage(stage, began)
        with _step(progress, "try", "three lesser policies for real"):
            tried = tuple(trials(stage, proof))
        began.append((stage.rehearsal.account.calls.mark(), DESTROY))
        with _step(progress, "destroy", "all that was made"), _noted(stage, DESTROY):
            stage.rehearsal.destroy(stage.deployment)
        deployer = deployer_record(stage, began, proof)
        account = stage.rehearsal.account
    return Played(
        proof=proof,
        scenarios=tuple(scenario.name for scenario in scenarios),
        trouble=tuple(stage.trouble),
        trials=tried,
        deployer=tuple(deployer),
        names=Names(STACK, account.account_id, account.region, project=stage.outputs["project"]),
    )


def _played(stages: list[Stage], scenarios: Sequence[Scenario], progress: Progress) -> Iterator[tuple[int, str]]:
    """Plays all, and tells where in the record each began."""
    for scenario in scenarios:
        yield stages[0].rehearsal.account.calls.mark(), scenario.name
        with _step(progress, "scenario", scenario.name):
            for stage in stages if scenario.of_each else stages[:1]:
                with _noted(stage, f"{scenario.name}, {stage.source.name}" if scenario.of_each else scenario.name):
                    scenario.play(stage)


@contextmanager
def _noted(stage: Stage, name: str) -> Iterator[None]:
    """What breaks off is trouble, but not the end: if it was denied something, the proof says what."""
    try:
        yield
    except Exception as broken:
        stage.trouble.append(f"{name}: broke off with {type(broken).__name__}: {broken}")


@contextmanager
def _step(progress: Progress, name: str, text: str) -> Iterator[None]:
    progress.step(name, text)
    yield
    progress.done(name, text)


def deployer_record(stage: Stage, began: Sequence[tuple[int, str]], proof: Proof) -> list[Recorded]:
    """What the deployer has asked, from the first to the last."""
    seen = seen_in(list(stage.rehearsal.account.calls), during(began))
    return [one for one in distinct(seen, proof.held) if one.holder == DEPLOYER]


def prove_stage(stage: Stage, began: Sequence[tuple[int, str]]) -> Proof:
    """With what was recorded up to now, and the policies as they are now."""
    calls = list(stage.rehearsal.account.calls)
    held = held_in(stage.rehearsal.account, calls)
    return prove(list(seen_in(calls, during(began))), held, applies)


def during(began: Sequence[tuple[int, str]]) -> Callable[[int], str]:
    """What a call belongs to, by its place in the record."""
    marks = [mark for mark, _ in began]
    return lambda place: began[bisect.bisect_right(marks, place) - 1][1]
