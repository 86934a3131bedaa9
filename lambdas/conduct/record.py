"""The record function: a job run that ended in, the ledger's word about its runs out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import boto3

from lambdas.clock import Clock
from lambdas.conduct.outcome import ENDED, SUCCEEDED, TIMED_OUT, Settler, ask
from lambdas.conduct.rows import Rows
from lambdas.conduct.settings import RecordSettings
from lambdas.errors import one_line
from lambdas.ledger import Ledger
from lambdas.logs import Log
from sources.metrics import JOBS_FAILED, JOBS_TIMED_OUT


@dataclass(frozen=True)
class Jobs:
    """Which jobs are ours: those that begin with ``prefix`` have runs, ``upkeep`` has none."""

    prefix: str
    upkeep: str = ""


def record(event: Mapping[str, Any], glue: Any, jobs: Jobs, settler: Settler, log: Log) -> dict[str, Any]:
    """Write down what a state change means. What is not a job of ours, or has not ended, is named and dropped."""
    detail = event.get("detail")
    told = detail if isinstance(detail, Mapping) else {}
    job, job_run_id, state = (str(told.get(name, "")) for name in ("jobName", "jobRunId", "state"))
    if job_run_id and job == jobs.upkeep and state in ENDED:
        return _upkeep(job_run_id, state, str(told.get("message", "")), log)
    if not job.startswith(jobs.prefix) or not job_run_id:
        return _dropped(log, f"no job run of ours: {one_line(event, 200)}")
    if state not in ENDED:
        return _dropped(log, f"job run {job_run_id} of {job} is {state or 'nowhere'}: it has not ended")
    ended = ask(glue, job, job_run_id)
    if ended is None:
        return _dropped(log, f"job run {job_run_id} of {job} was not started by us")
    if not ended.has_ended:  # Glue's own record may be behind its event
        ended = replace(ended, state=state, message=str(told.get("message", "")))
    return {"batch": ended.batch, "runs": settler.settle(ended)}


def _upkeep(job_run_id: str, state: str, message: str, log: Log) -> dict[str, Any]:
    """Upkeep has no runs that could be tried again: that it failed is only told."""
    if state == SUCCEEDED:
        log.info("upkeep ended", job_run_id=job_run_id)
    else:
        measured = {JOBS_FAILED: 1, JOBS_TIMED_OUT: int(state == TIMED_OUT)}
        log.error("upkeep failed", None, measured, job_run_id=job_run_id, state=state, reason=one_line(message, 200))
    return {"upkeep": state}


def _dropped(log: Log, what: str) -> dict[str, Any]:
    log.warning("dropped", what=what)
    return {"dropped": what}


@cache
def _clients() -> tuple[Any, Any, Any]:
    return boto3.client("dynamodb"), boto3.client("s3"), boto3.client("glue")


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    settings, log = RecordSettings.from_environment(os.environ), Log.of_stack(os.environ)
    dynamodb, s3, glue = _clients()
    ledger = Ledger(dynamodb, settings.runs_table)
    rows = Rows(ledger, s3, settings.curated_bucket)
    settler = Settler(ledger, rows, s3, settings.curated_bucket, log, Clock())
    return record(event, glue, Jobs(settings.job_prefix, settings.upkeep_job), settler, log)
