"""The record function: a job run that ended in, the ledger's word about its runs out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import boto3

from lambdas.clock import Clock
from lambdas.conduct.outcome import ENDED, Settler, ask
from lambdas.conduct.rows import Rows
from lambdas.conduct.settings import RecordSettings
from lambdas.errors import one_line
from lambdas.ledger import Ledger
from lambdas.logs import Log


def record(event: Mapping[str, Any], glue: Any, job_prefix: str, settler: Settler, log: Log) -> dict[str, Any]:
    """Write down what a state change means. What is not a job of ours, or has not ended, is named and dropped."""
    detail = event.get("detail")
    told = detail if isinstance(detail, Mapping) else {}
    job, job_run_id, state = (str(told.get(name, "")) for name in ("jobName", "jobRunId", "state"))
    if not job.startswith(job_prefix) or not job_run_id:
        return _dropped(log, f"no job run of ours: {one_line(event, 200)}")
    if state not in ENDED:
        return _dropped(log, f"job run {job_run_id} of {job} is {state or 'nowhere'}: it has not ended")
    ended = ask(glue, job, job_run_id)
    if ended is None:
        return _dropped(log, f"job run {job_run_id} of {job} was not started by us")
    if not ended.has_ended:  # Glue's own record may be behind its event
        ended = replace(ended, state=state, message=str(told.get("message", "")))
    return {"batch": ended.batch, "runs": settler.settle(ended)}


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
    return record(event, glue, settings.job_prefix, settler, log)
