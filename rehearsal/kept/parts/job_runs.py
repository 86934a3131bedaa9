"""Runs of Glue jobs and their states. One that was going on when its process ended is found FAILED, with the reason."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from moto.core.utils import utcnow
from moto.glue.models import FakeJobRun, glue_backends

from rehearsal.asked import Asked
from rehearsal.kept.parts import moments
from rehearsal.kept.parts.part import Part
from rehearsal.kept.store import Batch, Name, Store
from rehearsal.patches.glue import ENDED

CUT_OFF = "The process that ran this job ended before the run did"
PLAIN = (
    "job_run_id", "previous_run_id", "arguments", "allocated_capacity", "max_capacity", "timeout", "worker_type",
    "notification_property", "security_configuration", "number_of_workers", "execution_seconds", "glue_version",
    "error_message",
)  # fmt: skip
MOMENTS = ("started_on", "modified_on", "completed_on", "running_since")


class JobRuns(Part):
    service = "glue"
    names = ("job run",)

    def __init__(self, account_id: str, region: str) -> None:
        self._backend = glue_backends[account_id][region]
        self._filled: set[str] = set()
        self._ended: list[Name] = []

    def touched(self, asked: Asked, answer: bytes) -> Iterable[Name]:
        job = str(asked.parameters.get("JobName", ""))
        if asked.operation == "StartJobRun":
            return [Name("job run", job, _json(answer).get("JobRunId", ""))]
        if asked.operation == "BatchStopJobRun":
            return [Name("job run", job, run) for run in asked.parameters.get("JobRunIds", [])]
        return ()

    def gather(self, name: Name, batch: Batch) -> None:
        job = self._backend.jobs.get(name.place)
        runs = [run for run in job.job_runs if run.job_run_id == name.name] if job else []
        if runs:
            batch.put(name, _told(runs[0]))
        else:
            batch.drop(name)

    def to_write(self) -> list[Name]:
        return self._ended

    def restore(self, store: Store, cut_off: bool) -> None:
        for name, job in self._backend.jobs.items():
            if name in self._filled:
                continue
            self._filled.add(name)
            there = {run.job_run_id for run in job.job_runs}
            job.job_runs[:0] = [
                self._run(name, told, cut_off) for _, run, told in store.rows("job run", name) if run not in there
            ]

    def _run(self, job: str, told: dict[str, Any], cut_off: bool) -> Any:
        run = FakeJobRun(job)
        for name in PLAIN:
            setattr(run, name, told.get(name))
        run.execution_seconds = told.get("execution_seconds") or 0
        for name in MOMENTS:
            setattr(run, name, moments.read(told.get(name)))
        run.status = told["state"]
        if cut_off and run.status not in ENDED:
            run.status, run.error_message = "FAILED", CUT_OFF
            run.completed_on = run.modified_on = utcnow()
            self._ended.append(Name("job run", job, run.job_run_id))
        return run


def _told(run: Any) -> dict[str, Any]:
    plain = {name: getattr(run, name, None) for name in PLAIN}
    times = {name: moments.written(getattr(run, name, None)) for name in MOMENTS}
    return {**{name: value for name, value in {**plain, **times}.items() if value is not None}, "state": run.status}


def _json(answer: bytes) -> dict[str, Any]:
    try:
        found = json.loads(answer)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
