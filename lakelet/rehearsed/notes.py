"""What was deployed and what ran, kept with the lake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from rehearsal.deploy.model import Deployment
from rehearsal.honesty.executed import Numbers, added
from rehearsal.strict.warnings import Warned

DEPLOYED, RAN, NEWEST = "deployed", "ran", "newest"


class Notes(Protocol):
    """As a kept lake has them."""

    def note(self, kind: str, name: str, body: Mapping[str, Any]) -> None: ...
    def notes(self, kind: str) -> dict[str, Any]: ...


def keep_deployment(kept: Notes, deployment: Deployment, advice: Iterable[Warned] = ()) -> None:
    """What is there since the last deployment, what of it has no effect, and what AWS advises against."""
    told = {
        "resources": {kind: len(names) for kind, names in sorted(deployment.by_type.items())},
        "ignored": [asdict(item) for item in deployment.ignored],
        "recorded": [asdict(item) for item in deployment.recorded],
        "advised_against": [asdict(each) for each in advice],
    }
    kept.note(DEPLOYED, NEWEST, told)


def keep_executed(
    kept: Notes, run: str, executed: Numbers, versions: Mapping[str, str], undelivered: Sequence[Mapping[str, Any]] = ()
) -> None:
    """What ran is added to what ran before: a run that was cut off goes on."""
    before = kept.notes(RAN).get(run)
    numbers = added(before["executed"], executed) if before else executed
    lost = [*(before.get("undelivered", ()) if before else ()), *undelivered]
    kept.note(RAN, run, {"executed": numbers, "versions": dict(versions), "undelivered": lost})
