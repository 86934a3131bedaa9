"""Where the measure of runs comes from: kept with the lake at home; for a stack in AWS, also its own jobs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from lakelet.errors import LakeletError
from lakelet.place import Place, open_place
from lakelet.usage.meter import LEAST_JOB_SECONDS, glue_quantity
from lakelet.usage.notes import KIND

Ended = tuple[str, float, float]  # of a job: the kind of its DPU-seconds, DPU, seconds


def usages_for(place: Place) -> dict[str, dict[str, Any]]:
    """What each run used, by the names of runs, oldest first.

    Nobody has counted the calls of a real account: for a stack there, they are those of the lake at home, while the
    jobs' seconds are those of the stack's own last runs.
    """
    if place.kept is not None:
        return dict(place.kept.notes(KIND))
    with open_place() as home:
        usages = dict(home.kept.notes(KIND)) if home.kept else {}
        return as_of_stack(usages, home.outputs, place)


def as_of_stack(
    usages: Mapping[str, dict[str, Any]], home: Mapping[str, Any], place: Place
) -> dict[str, dict[str, Any]]:
    """What runs used at home, under the names that the stack has for things, and with the seconds of its own jobs."""
    names = _names(home, place.outputs)
    renamed = {run: {**usage, "parts": _renamed(usage["parts"], names)} for run, usage in usages.items()}
    jobs = place.outputs["curate_jobs"]
    last = {source: last_job(place, jobs[source]) for source in {run.split("/")[0] for run in usages} & set(jobs)}
    return {run: _with_real_job(usage, jobs, last, run.split("/")[0]) for run, usage in renamed.items()}


def _names(home: Mapping[str, Any], stack: Mapping[str, Any]) -> dict[str, str]:
    """What the parts of a usage at home are called in the stack, as far as both have them."""
    names = {home["reconcile_function"]: stack["reconcile_function"],
             f"{home['reconcile_schedule']}-schedule": f"{stack['reconcile_schedule']}-schedule"}  # fmt: skip
    jobs = {job: stack["curate_jobs"][source] for source, job in home["curate_jobs"].items()
            if source in stack["curate_jobs"]}  # fmt: skip
    return {**jobs, **names}


def _renamed(parts: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(part, part): used for part, used in parts.items()}


def _with_real_job(
    usage: dict[str, Any], jobs: Mapping[str, str], ended: Mapping[str, Ended | None], source: str
) -> dict[str, Any]:
    """The part of the rehearsed job, with what the stack's own last run is billed, where it has had one."""
    job, last = jobs.get(source, ""), ended.get(source)
    rehearsed = usage["parts"].get(job)
    if last is None or rehearsed is None:
        return usage
    kind, dpu, seconds = last
    others = {quantity: value for quantity, value in rehearsed.items() if not quantity.endswith("_dpu_seconds")}
    part = {**others, kind: max(LEAST_JOB_SECONDS, math.ceil(seconds)) * dpu}
    return {**usage, "parts": {**usage["parts"], job: part}, "job_seconds": seconds, "job_dpu": dpu}


def last_job(place: Place, job: str) -> Ended | None:
    """The kind of DPU-second, the DPU and the seconds of the last run of a job that has ended."""
    from rehearsal.spark.job import dpu

    try:
        runs = place.client("glue").get_job_runs(JobName=job, MaxResults=20)["JobRuns"]
    except place.client("glue").exceptions.EntityNotFoundException as missing:
        raise LakeletError(f"{place.title} has no job {job}; bring it up again: pulumi up") from missing
    ended = [run for run in runs if run.get("CompletedOn") and run.get("ExecutionTime")]
    if not ended:
        return None
    newest = max(ended, key=lambda run: run["CompletedOn"])
    return glue_quantity(newest.get("GlueVersion", "0")), dpu(newest), float(newest["ExecutionTime"])
