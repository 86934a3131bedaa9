"""Jobs that nobody works at: what a job tells when it ends, without the work. Spark has been seen at work before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from lakelet.permissions.stage import Stage
from rehearsal.spark.record import RunRecord, state_change
from sources import SOURCES
from sources.layout import result_key
from sources.runs import BAD, OF_A_RUN

NO_ROWS = dict.fromkeys((*OF_A_RUN, "inserted", "updated", "deleted", "unchanged"), 0)


@contextmanager
def acted(stage: Stage, state: str = "SUCCEEDED", seconds: float = 0.0) -> Iterator[None]:
    """While the block runs, jobs end in a state, so many seconds after their start by the rehearsal's clock."""
    rehearsal = stage.rehearsal
    hooks = rehearsal.account.hooks
    before = hooks.job_run_started

    def started(job: str, run_id: str) -> None:
        due = rehearsal.account.clock.now() + seconds
        rehearsal.agenda.add(due, f"job {job}", lambda: _end(stage, job, run_id, state))

    hooks.job_run_started = started
    try:
        yield
    finally:
        hooks.job_run_started = before


def _end(stage: Stage, job: str, run_id: str, state: str) -> None:
    account = stage.rehearsal.account
    if state == "SUCCEEDED":
        _tell_result(stage, job, run_id)
    message = "" if state == "SUCCEEDED" else "it was made to fail"
    account.set_job_run_state(job, run_id, state, message or None)
    account.hooks.event_put(state_change(RunRecord(job, run_id, state, message, 0.0, 1.0, 2.0, False)))


def _tell_result(stage: Stage, job: str, run_id: str) -> None:
    told = stage.client("glue").get_job_run(JobName=job, RunId=run_id)["JobRun"]["Arguments"]
    source = next(name for name, own in stage.outputs["curate_jobs"].items() if own == job)
    by_run = {f"{source}/{run}": dict.fromkeys((*OF_A_RUN, BAD), 0) for run in told["--runs"].split(",")}
    tables = {table.name: NO_ROWS for table in SOURCES[source].tables}
    result = {"tables": tables, "by_run": by_run, "seconds": {"curate": 1.0}}
    key = result_key(source, told["--batch"])
    stage.client("s3").put_object(Bucket=stage.outputs["curated_bucket"], Key=key, Body=json.dumps(result).encode())
