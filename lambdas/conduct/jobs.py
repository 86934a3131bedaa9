"""Starting the job for a source's runs: claim them all for one batch, start one run of the job, note its id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.conduct.batches import batch_id, job_arguments
from lambdas.errors import Lost, one_line
from lambdas.items import Refused
from lambdas.ledger import Ledger
from lambdas.logs import Log
from lambdas.run import Run
from sources.layout import RunName, manifest_key
from sources.metrics import RUNS_FAILED
from sources.runs import UNFINISHED, State

MOST_RUNS = 100  # as many as one transaction can claim
CLAIM_TRIES = 5

# Glue is busy, or asked too often: back-pressure, not failure.
BUSY = frozenset(
    {
        "ConcurrentRunsExceededException",
        "ResourceNumberLimitExceededException",
        "ThrottlingException",
        "Throttling",
        "TooManyRequestsException",
        "RequestLimitExceeded",
    }
)


class Outcome(StrEnum):
    STARTED = "started"
    DONE = "nothing to do"
    BUSY = "the job is busy"
    BROKEN = "the job could not be started"


@dataclass(frozen=True)
class Starter:
    ledger: Ledger
    glue: Any
    job_prefix: str
    log: Log

    def start(self, source: str, names: Sequence[RunName]) -> dict[RunName, Outcome]:
        """One run of the source's job, for those of these runs that nobody has claimed."""
        first, rest = sorted(names)[:MOST_RUNS], sorted(names)[MOST_RUNS:]
        outcomes = dict.fromkeys(first, Outcome.DONE) | dict.fromkeys(rest, Outcome.BUSY)
        claimed = self._claim(first)
        if claimed is None:
            return outcomes | dict.fromkeys(first, Outcome.BUSY)
        if not claimed:
            return outcomes
        outcome = self._start(source, claimed)
        return outcomes | {run.name: outcome for run in claimed}

    def _claim(self, names: Sequence[RunName]) -> list[Run] | None:
        """The runs that are now ours, as they were before; None where others keep changing them."""
        for _ in range(CLAIM_TRIES):
            free = [run for name in names if (run := self._free(name))]
            if not free:
                return []
            try:
                self.ledger.claim(free, batch_id(free), {run.name: manifest_key(run.name) for run in free})
                return free
            except Refused:
                self.log.info("claim refused, looking again", runs=_listed(free))
        return None

    def _free(self, name: RunName) -> Run | None:
        run = self.ledger.find(name)
        why_not = _why_not(run)
        if why_not:
            self.log.of_run(name).info("not started", why=why_not)
        return None if why_not else run

    def _start(self, source: str, runs: Sequence[Run]) -> Outcome:
        batch, job = batch_id(runs), f"{self.job_prefix}{source}"
        log = self.log.of(source=source, batch=batch, job=job, runs=_listed(runs))
        try:
            arguments = job_arguments(source, batch, [run.name for run in runs])
            job_run_id = self.glue.start_job_run(JobName=job, Arguments=arguments)["JobRunId"]
        except (ClientError, BotoCoreError) as error:
            return self._take_back(runs, batch, error, log)
        log.info("job started", job_run_id=job_run_id)
        self._note(runs, batch, job, job_run_id, log)
        return Outcome.STARTED

    def _take_back(self, runs: Sequence[Run], batch: str, error: Exception, log: Log) -> Outcome:
        if isinstance(error, ClientError) and error.response["Error"]["Code"] in BUSY:
            log.info("job busy, claim taken back", why=one_line(error))
            for run in runs:
                self.ledger.release(run.name, batch, _before(run))
            return Outcome.BUSY
        log.error("job not started, claim taken back", why=one_line(error))
        reason = f"the job could not be started: {one_line(error)}; tried again by itself, see the log of the function"
        for run in runs:
            self.ledger.release_broken(run.name, batch, reason)
            log.of_run(run.name).warning("run failed", {RUNS_FAILED: 1}, reason=reason)
        return Outcome.BROKEN

    def _note(self, runs: Sequence[Run], batch: str, job: str, job_run_id: str, log: Log) -> None:
        """Which job has the runs. The job knows it too, by its arguments: a note that fails undoes nothing."""
        for run in runs:
            try:
                self.ledger.job_started(run.name, batch, job, job_run_id)
            except (Lost, ClientError, BotoCoreError) as error:
                log.of_run(run.name).warning("job run not noted", why=one_line(error), job_run_id=job_run_id)


def by_source(names: Sequence[RunName]) -> Mapping[str, list[RunName]]:
    grouped: dict[str, list[RunName]] = {}
    for name in names:
        grouped.setdefault(name.source, []).append(name)
    return grouped


def _why_not(run: Run | None) -> str | None:
    """Why a run is not to be claimed; None where it is."""
    if run is None:
        return "the ledger does not know this run: its manifest is not from here"
    if run.state not in UNFINISHED or run.batch is not None:
        return f"it is {run.state} already"
    return f"it broke {run.attempts} times: reconcile parks it" if run.is_worn_out else None


def _before(run: Run) -> State:
    """The state that a claim is taken back to. Where the manifest came before the note of it, it is a fact by now."""
    return State.FAILED if run.state == State.FAILED else State.EXTRACTED


def _listed(runs: Sequence[Run]) -> str:
    return ", ".join(str(run.name) for run in runs)
