"""Glue: a run ends when a driver ends it, and a table is replaced only by one who saw its latest version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.glue.exceptions import ConcurrentRunsExceededException
from moto.glue.models import glue_backends

from rehearsal.errors import RehearsalError
from rehearsal.patches.seams import after_call, hooks

ENDED = frozenset({"STOPPED", "SUCCEEDED", "FAILED", "TIMEOUT", "ERROR", "EXPIRED"})
STATES = frozenset({"STARTING", "RUNNING", "STOPPING", "WAITING"}) | ENDED
LOG_GROUP = "/aws-glue/jobs"


class UnknownState(RehearsalError):
    """A run was moved to a state that Glue does not have."""


def set_job_run_state(
    account_id: str, region: str, job_name: str, run_id: str, state: str, error: str | None = None
) -> None:
    """Move a run. Its times, and its execution time in seconds, are those of the clock. An ended run stays ended."""
    if state not in STATES:
        raise UnknownState(f"a Glue run has no state {state!r}; it has {', '.join(sorted(STATES))}")
    run = glue_backends[account_id][region].get_job_run(job_name, run_id)
    if run.status in ENDED:
        return
    now = utcnow()
    if state == "RUNNING":
        run.running_since = now
    if state in ENDED:
        run.completed_on = now
        began = getattr(run, "running_since", None)
        run.execution_seconds = max(0, round((now - began).total_seconds())) if began else 0
    run.modified_on, run.error_message = now, error
    run.status = state


def status(run: Any) -> str:
    return str(run._status)


def set_status(run: Any, state: str) -> None:
    run._status = state


def describe_run(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def as_dict(run: Any) -> dict[str, Any]:
        told = original(run)
        ended = run.status in ENDED
        told.update(
            ExecutionTime=getattr(run, "execution_seconds", 0),
            GlueVersion=getattr(run, "glue_version", None),
            LogGroupName=LOG_GROUP,
            CompletedOn=run.completed_on if ended else None,
            ErrorMessage=getattr(run, "error_message", None),
        )
        return {name: value for name, value in told.items() if value is not None}

    return as_dict


def start_run(original: Callable[..., str]) -> Callable[..., str]:
    def start_job_run(job: Any, **asked: Any) -> str:
        going = sum(run.status not in ENDED for run in job.job_runs)
        if going >= job.execution_property.get("MaxConcurrentRuns", 1):
            raise ConcurrentRunsExceededException(f"Concurrent runs exceeded for {job.name}")
        run_id = original(job, **asked)
        run = job.job_runs[-1]
        run.arguments, run.glue_version = asked.get("arguments") or {}, job.glue_version
        if here := hooks():
            after_call(lambda: here.job_run_started(job.name, run_id))
        return run_id

    return start_job_run


def batch_stop_job_run(response: Any) -> ActionResult:
    """Moto has none. A run that goes on is left in STOPPING; the driver says when it has STOPPED."""
    asked = response.parameters
    name, stopped, errors = asked["JobName"], [], []
    for run_id in asked["JobRunIds"]:
        try:
            _stop(response.glue_backend.get_job_run(name, run_id))
            stopped.append({"JobName": name, "JobRunId": run_id})
        except JsonRESTError as refused:
            detail = {"ErrorCode": refused.error_type, "ErrorMessage": refused.message}
            errors.append({"JobName": name, "JobRunId": run_id, "ErrorDetail": detail})
    return ActionResult({"SuccessfulSubmissions": stopped, "Errors": errors})


def _stop(run: Any) -> None:
    if run.status in ENDED:
        raise JsonRESTError("InvalidInputException", f"Job run {run.job_run_id} is {run.status} and cannot be stopped")
    run.status = "STOPPING"
    if here := hooks():
        after_call(lambda: here.job_run_stopped(run.job_name, run.job_run_id))


def update_table(original: Callable[..., Any]) -> Callable[..., Any]:
    def update(response: Any) -> Any:
        asked = response.parameters
        seen = asked.get("VersionId")
        if seen is not None:
            table = response.glue_backend.get_table(asked["DatabaseName"], asked["TableInput"]["Name"])
            latest = table.as_dict()["VersionId"]
            if str(seen) != latest:
                message = f"Update table failed due to concurrent modifications: version {seen}, the latest is {latest}"
                raise JsonRESTError("ConcurrentModificationException", message)
        return original(response)

    return update
