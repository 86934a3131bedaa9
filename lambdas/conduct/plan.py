"""What an unfinished run needs. Pure: a run and the time in, one step out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from lambdas.run import Run
from sources.runs import UNFINISHED, State

EVENT_SECONDS = 300  # how long the event of a manifest may take before it counts as lost
CLAIM_SECONDS = 600  # how long a claim may be without a job: the start function lives for a minute
NUDGE_SECONDS = 600  # how long a nudged function may take to take the lease


class Step(StrEnum):
    LEAVE = "leave"  # it goes on by itself, or its time has not come
    PARK = "park"  # it broke too often
    LAPSE = "lapse"  # its reader did not come back
    EXTRACT = "extract"  # read on
    START = "start"  # its manifest waits for a job
    ASK = "ask"  # its job may have ended without our hearing of it
    RELEASE = "release"  # it was claimed, and no job came of it
    CLOSE = "close"  # it has ended, and was not closed


def next_step(run: Run, now: float) -> Step:
    if run.state not in UNFINISHED:
        return Step.CLOSE
    if run.state == State.FAILED and run.is_worn_out:
        return Step.PARK
    if run.state == State.CURATING:
        return _when_claimed(run, now)
    if run.manifest is not None:
        is_due = run.state == State.FAILED or now - _epoch(run.updated_at) >= EVENT_SECONDS
        return Step.START if is_due else Step.LEAVE
    if run.state == State.EXTRACTING:
        return Step.LAPSE if (run.lease_until or 0) < now else Step.LEAVE
    return Step.EXTRACT if _is_due(run, now) else Step.LEAVE


def _when_claimed(run: Run, now: float) -> Step:
    if run.job_run_id is not None:
        return Step.ASK
    return Step.RELEASE if now - (run.claimed_at or 0) >= CLAIM_SECONDS else Step.LEAVE


def _is_due(run: Run, now: float) -> bool:
    """Waiting runs have a time to go on. A run that was taken up is left alone until that should have shown."""
    was_nudged = run.nudged_at is not None and now - run.nudged_at < NUDGE_SECONDS
    return (run.resume_at or 0) <= now and not was_nudged


def _epoch(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
