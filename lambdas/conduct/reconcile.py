"""The reconcile function, every 15 minutes: takes up what stopped. Two of them at once do each thing once."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import boto3

from lambdas.clock import Clock
from lambdas.conduct.jobs import Outcome, Starter, by_source
from lambdas.conduct.outcome import JobRun, Settler, ask
from lambdas.conduct.plan import Step, next_step
from lambdas.conduct.rows import Rows
from lambdas.conduct.settings import ReconcileSettings
from lambdas.conduct.start import glue_client
from lambdas.conduct.success import Successes
from lambdas.errors import LambdaError, Lost, one_line
from lambdas.ledger import Ledger
from lambdas.logs import NOTHING, Log
from lambdas.metrics import Measured
from lambdas.run import Run
from sources.layout import RunName
from sources.metrics import RUNS_FAILED, RUNS_PARKED
from sources.model import scheduled_at

ELSEWHERE = "somebody else took it up"


class NotAllReconciled(LambdaError):
    """Some runs could not be taken up; the others were."""


@dataclass
class Reconciler:
    """One pass over the unfinished runs."""

    ledger: Ledger
    glue: Any
    functions: Any  # the Lambda client
    extract_prefix: str
    starter: Starter
    settler: Settler
    rows: Rows
    successes: Successes
    clock: Clock
    log: Log
    done: dict[str, str] = field(default_factory=dict)
    trouble: dict[str, str] = field(default_factory=dict)
    _to_start: list[Run] = field(default_factory=list)
    _asked: dict[tuple[str, str], JobRun | None] = field(default_factory=dict)

    def reconcile(self) -> dict[str, str]:
        """What was done, by run. Trouble with one run is none for the others; in the end it is raised."""
        for run in self.ledger.unfinished():
            self._guarded([run.name], partial(self._look_after, run))
        for names in batches_to_start(self._to_start):
            self._guarded(names, partial(self._start, names[0].source, names))
        self.trouble |= self.successes.measure()
        self.log.info("reconciled", runs=len(self.done), trouble=len(self.trouble))
        if self.trouble:
            told = "; ".join(f"{name}: {what}" for name, what in self.trouble.items())
            raise NotAllReconciled(f"not all runs could be taken up, tried again in 15 minutes: {one_line(told, 1000)}")
        return self.done

    def _look_after(self, run: Run) -> None:
        try:
            self._take_up(run)
        finally:  # also when somebody else took it up
            self.rows.write(run.name)

    def _take_up(self, run: Run) -> None:
        step = next_step(run, self.clock.now())
        match step:
            case Step.PARK:
                self.ledger.park(run)
                self._did(run, f"parked after {run.attempts} attempts: {run.reason}", {RUNS_PARKED: 1})
            case Step.LAPSE:
                reason = f"the call that read page {run.page} did not come back; tried again by itself, see its log"
                lapsed = self.ledger.lapse(run, reason)
                self.log.of_run(run.name).warning("run failed", {RUNS_FAILED: 1}, page=run.page, reason=reason)
                self._take_up(lapsed)
            case Step.EXTRACT:
                self._extract(run)
            case Step.START:
                self._to_start.append(run)
            case Step.ASK:
                self._ask(run)
            case Step.RELEASE:
                self.ledger.release_forgotten(run)
                self._to_start.append(run)
            case Step.CLOSE | Step.LEAVE:
                pass  # its copy is written, and with that it is closed

    def _extract(self, run: Run) -> None:
        """Have the run read on. The nudge is noted first: of two that see the run, one gets to note it."""
        self.ledger.nudge(run)
        about = {"source": run.name.source, "stream": run.name.stream, "scheduled_at": scheduled_at(run.name.run)}
        self.functions.invoke(
            FunctionName=f"{self.extract_prefix}{run.name.source}",
            InvocationType="Event",
            Payload=json.dumps(about).encode(),
        )
        self._did(run, f"reading on from page {run.page}")

    def _ask(self, run: Run) -> None:
        job, job_run_id, batch = run.job_name or "", run.job_run_id or "", run.batch or ""
        if (job, job_run_id) not in self._asked:
            self._asked[job, job_run_id] = ask(self.glue, job, job_run_id)
        found = self._asked[job, job_run_id]
        if found is None:
            gone = JobRun(job, job_run_id, "ERROR", "Glue does not know it any more", run.name.source, batch, ())
            self._did(run, self.settler.settle(gone, [run.name])[str(run.name)])
        elif found.has_ended:
            self._did(run, self.settler.settle(found, [run.name])[str(run.name)])

    def _start(self, source: str, names: list[RunName]) -> None:
        outcomes = self.starter.start(source, names)
        self.done |= {str(name): str(outcome) for name, outcome in outcomes.items()}
        broken = [name for name, outcome in outcomes.items() if outcome == Outcome.BROKEN]
        self.trouble |= {str(name): str(Outcome.BROKEN) for name in broken}

    def _did(self, run: Run, what: str, measured: Measured = NOTHING) -> None:
        self.done[str(run.name)] = what
        self.log.of_run(run.name).info("taken up", measured, page=run.page, what=what)

    def _guarded(self, names: list[RunName], work: Callable[[], None]) -> None:
        try:
            work()
        except Lost:
            self.done |= dict.fromkeys(map(str, names), ELSEWHERE)
        except Exception as trouble:
            for name in names:
                self.log.of_run(name).error("not taken up", trouble)
            self.trouble |= dict.fromkeys(map(str, names), one_line(trouble))


def batches_to_start(runs: Sequence[Run]) -> list[list[RunName]]:
    """Runs that never broke go together, by source; one that did goes alone, so that it fails nobody but itself."""
    fresh = by_source([run.name for run in runs if not run.attempts]).values()
    alone = [[run.name] for run in runs if run.attempts]
    return sorted([*fresh, *alone])


@cache
def _clients() -> tuple[Any, Any, Any, Any]:
    return boto3.client("dynamodb"), boto3.client("s3"), glue_client(), boto3.client("lambda")


def handler(_event: Mapping[str, Any], _context: Any) -> dict[str, str]:
    settings, log, clock = ReconcileSettings.from_environment(os.environ), Log.of_stack(os.environ), Clock()
    dynamodb, s3, glue, functions = _clients()
    ledger = Ledger(dynamodb, settings.runs_table)
    starter = Starter(ledger, glue, settings.job_prefix, log)
    rows = Rows(ledger, s3, settings.curated_bucket)
    settler = Settler(ledger, rows, s3, settings.curated_bucket, log, clock)
    successes = Successes(dynamodb, settings.runs_table, settings.streams, log, clock)
    parts = (settings.extract_prefix, starter, settler, rows, successes, clock, log)
    return Reconciler(ledger, glue, functions, *parts).reconcile()
