"""What was deployed and what ran, kept with the lake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Protocol

from rehearsal.deploy.model import Deployment
from rehearsal.honesty.executed import Numbers, added

DEPLOYED, RAN, NEWEST = "deployed", "ran", "newest"


class Notes(Protocol):
    """As a kept lake has them."""

    def note(self, kind: str, name: str, body: Mapping[str, Any]) -> None: ...
    def notes(self, kind: str) -> dict[str, Any]: ...


def keep_deployment(kept: Notes, deployment: Deployment) -> None:
    """What is there since the last deployment, and what of it has no effect."""
    told = {
        "resources": {kind: len(names) for kind, names in sorted(deployment.by_type.items())},
        "ignored": [asdict(item) for item in deployment.ignored],
        "recorded": [asdict(item) for item in deployment.recorded],
    }
    kept.note(DEPLOYED, NEWEST, told)


def keep_executed(kept: Notes, run: str, executed: Numbers, versions: Mapping[str, str]) -> None:
    """What ran is added to what ran before: a run that was cut off goes on."""
    before = kept.notes(RAN).get(run)
    numbers = added(before["executed"], executed) if before else executed
    kept.note(RAN, run, {"executed": numbers, "versions": dict(versions)})
