"""What is kept of a run that has ended, and the event by which Glue tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RunRecord:
    """A run that has ended. Seconds are real ones of this machine; ``dpu`` is what Glue bills for each of them."""

    job_name: str
    run_id: str
    state: str
    message: str
    seconds_starting: float
    seconds_running: float
    dpu: float
    started_ahead: bool


def state_change(record: RunRecord) -> dict[str, Any]:
    """The EventBridge event of the end of a run."""
    severity, message = _told(record)
    detail = {
        "jobName": record.job_name,
        "severity": severity,
        "state": record.state,
        "jobRunId": record.run_id,
        "message": message,
    }
    return {"source": "aws.glue", "detail-type": "Glue Job State Change", "detail": detail}


def _told(record: RunRecord) -> tuple[str, str]:
    match record.state:
        case "SUCCEEDED":
            return "INFO", "Job run succeeded"
        case "STOPPED":
            return "INFO", "Job run stopped"
        case "TIMEOUT":
            return "WARN", "Job run timed out"
    run = f"JobName:{record.job_name} and JobRunId:{record.run_id}"
    return "ERROR", f"{run} failed to execute with exception {record.message}"
