"""What a batch is called, and what its job is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from lambdas.run import Run
from sources.layout import RunName


def batch_id(runs: Sequence[Run]) -> str:
    """A pure function of the runs and of how often each was tried: the same work gets the same name, a new try another.

    It reads like ``20261121t050000z-2-0f3a...``: the newest run, how many there are, and a digest of them all.
    """
    work = sorted((str(run.name), run.attempts, run.unparked) for run in runs)
    digest = hashlib.sha256(json.dumps(work).encode()).hexdigest()[:16]
    newest = max(run.name.run for run in runs)
    return f"{newest.lower()}-{len(runs)}-{digest}"


def job_arguments(source: str, batch: str, names: Sequence[RunName]) -> dict[str, str]:
    runs = ",".join(f"{name.stream}/{name.run}" for name in sorted(names))
    return {"--source": source, "--runs": runs, "--batch": batch}


def runs_of(source: str, argument: str) -> list[RunName]:
    """The other way round: the runs that a job was told of. Raises ValueError where the argument names none."""
    return [RunName.parse(f"{source}/{run}") for run in argument.split(",")]
