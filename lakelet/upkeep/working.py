"""Runs the deployed upkeep job and waits for its end: in the embedded account, or in the user's own."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from lakelet.errors import LakeletError
from lakelet.place import Place, home, open_place
from lakelet.progress import Progress
from lakelet.request import Request
from lakelet.sure import agrees
from lakelet.upkeep.model import SUCCEEDED, Upkept, read_result
from sources import SOURCES
from sources.layout import UPKEEP, result_key

LOOK_SECONDS = 5.0
UNDER_WAY = frozenset({"STARTING", "RUNNING", "STOPPING", "WAITING"})

Client = Callable[[str], Any]


class NotKeptUp(LakeletError):
    """The job could not be started; the message says why."""


def upkeep(stack: str | None, live: bool, is_dry: bool, is_sure: bool = False) -> Upkept:
    """What the job did to each table; on a stack the user is asked before anything is changed."""
    with open_place(stack, live) as place:
        job = place.outputs["upkeep_job"]
        if not place.is_home:
            deed = f"have {job} rewrite files and drop old snapshots of the tables in {place.title}"
            if not is_dry and not agrees(deed, is_sure):
                return Upkept(place.title, is_dry, next_step="nothing was changed")
            return _on_a_stack(place, is_dry)
        title, sources = place.title, tuple(place.outputs["extract_functions"])
    return _at_home(title, Request(sources=sources, live=live), is_dry)


def start(client: Client, job: str, batch: str, is_dry: bool) -> str:
    """The run that was started. Raises NotKeptUp where the job has one already."""
    arguments = {"--batch": batch, "--dry_run": str(is_dry).lower()}
    try:
        return str(client("glue").start_job_run(JobName=job, Arguments=arguments)["JobRunId"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConcurrentRunsExceededException":
            raise
        raise NotKeptUp(f"{job} is at work already, and has one run at a time; try again when it has ended") from error


def told(client: Client, outputs: Mapping[str, Any], run: str, batch: str, so_far: Upkept) -> Upkept:
    """What is known of a run: its state, and once it has ended what it says that it did."""
    job, found = outputs["upkeep_job"], so_far
    state = client("glue").get_job_run(JobName=job, RunId=run)["JobRun"]
    found = replace(found, job_run=run, state=state["JobRunState"], reason=state.get("ErrorMessage", ""))
    if found.state in UNDER_WAY:
        return found
    next_step = "" if found.state == SUCCEEDED else f"its output is in the log group /aws-glue/jobs/{job}/output"
    said = _result(client("s3"), outputs["curated_bucket"], result_key(UPKEEP, batch))
    return replace(found, next_step=next_step, **(read_result(said) if said else {}))


def _result(s3: Any, bucket: str, key: str) -> dict[str, Any] | None:
    """None where the job did not get as far as to tell."""
    try:
        found: dict[str, Any] = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchKey":
            raise
        return None
    return found


def _on_a_stack(place: Place, is_dry: bool, pause: Callable[[float], None] = time.sleep) -> Upkept:
    batch = uuid.uuid4().hex
    run = start(place.client, place.outputs["upkeep_job"], batch, is_dry)
    with Progress() as progress:
        while True:
            done = told(place.client, place.outputs, run, batch, Upkept(place.title, is_dry))
            if done.state not in UNDER_WAY:
                progress.done(UPKEEP, done.state.lower())
                return done
            progress.step(UPKEEP, f"job run {run} is {done.state}")
            pause(LOOK_SECONDS)


def _at_home(title: str, request: Request, is_dry: bool) -> Upkept:
    """No API is read, so no key of one is asked for."""
    from lakelet.lake import open_lake

    batch, sources = uuid.uuid4().hex, tuple(SOURCES[name] for name in request.sources)
    with Progress() as progress, open_lake(request, sources, progress, keep=home(request.live)) as lake:
        client, job = lake.rehearsal.account.client, lake.outputs["upkeep_job"]
        run = start(client, job, batch, is_dry)
        lake.rehearsal.settle()
        return told(client, lake.outputs, run, batch, Upkept(title, is_dry))
