"""How a job run ended, and what that means for its runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from lambdas.clock import Clock
from lambdas.conduct.batches import runs_of
from lambdas.conduct.rows import Rows
from lambdas.conduct.success import HOUR
from lambdas.errors import LambdaError, Lost, one_line
from lambdas.ledger import Ledger
from lambdas.logs import Log
from lambdas.metrics import Measured
from lambdas.run import Run
from sources import find_source
from sources.layout import RunName, result_key
from sources.metrics import (
    HOURS_SINCE_SUCCESS,
    JOBS_FAILED,
    JOBS_TIMED_OUT,
    LAG,
    ROWS_CHANGED,
    ROWS_IN,
    ROWS_SET_ASIDE,
    RUNS_CURATED,
    RUNS_FAILED,
    SHARE_BAD,
)
from sources.model import scheduled_at
from sources.runs import BAD, OF_A_RUN, OF_A_TABLE

SUCCEEDED, TIMED_OUT = "SUCCEEDED", "TIMEOUT"
ENDED = frozenset({SUCCEEDED, TIMED_OUT, "FAILED", "STOPPED", "ERROR", "EXPIRED"})

CHANGES = ("inserted", "updated", "deleted")


class NoResult(LambdaError):
    """A job says that it succeeded, but not what it did."""


@dataclass(frozen=True)
class JobRun:
    """A run of a job of ours, and the batch it was given."""

    job: str
    id: str
    state: str
    message: str
    source: str
    batch: str
    runs: tuple[RunName, ...]

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED


def ask(glue: Any, job: str, job_run_id: str) -> JobRun | None:
    """A job run as Glue knows it; None where it knows none, or one that was not started by us."""
    try:
        found = glue.get_job_run(JobName=job, RunId=job_run_id)["JobRun"]
        told = found.get("Arguments", {})
        source, batch = told["--source"], told["--batch"]
        runs = tuple(runs_of(source, told["--runs"]))
    except ClientError as error:
        if error.response["Error"]["Code"] != "EntityNotFoundException":
            raise
        return None
    except (KeyError, ValueError):
        return None
    return JobRun(job, job_run_id, found["JobRunState"], found.get("ErrorMessage", ""), source, batch, runs)


@dataclass(frozen=True)
class Settler:
    """Writes into the ledger how a job run that has ended ended, and then the copies of its runs."""

    ledger: Ledger
    rows: Rows
    s3: Any
    curated_bucket: str
    log: Log
    clock: Clock

    def settle(self, ended: JobRun, names: Sequence[RunName] | None = None) -> dict[str, str]:
        """Do so for these of its runs (or all), and say what became of each. The second time changes nothing."""
        result: Mapping[str, Any] = {}
        if ended.state == SUCCEEDED:
            try:
                result = self._result(ended)
            except NoResult as missing:
                ended = replace(ended, state="SUCCEEDED without a result", message=str(missing))
        return {str(name): self._settle_one(name, ended, result) for name in names or ended.runs}

    def _settle_one(self, name: RunName, ended: JobRun, result: Mapping[str, Any]) -> str:
        log = self.log.of_run(name).of(batch=ended.batch, job_run_id=ended.id)
        try:
            if ended.state == SUCCEEDED:
                seconds = result.get("seconds", {})
                run = self.ledger.curated(name, ended.batch, ended.id, counts_of(result, name), seconds)
            else:
                run = self.ledger.job_failed(name, ended.batch, ended.id, _reason(ended))
        except Lost:
            log.info("settled already, or taken by another batch")
            self.rows.write(name)
            return "settled already"
        log.info("settled", self._measured(run, ended), state=run.state, reason=run.reason, pages=run.page - 1)
        self.rows.write(name)
        return str(run.state)

    def _measured(self, run: Run, ended: JobRun) -> Measured:
        """What is true of the job is measured with its first run, of the tables of a stream with the first of these."""
        is_first = run.name in ended.runs[:1] or not ended.runs
        if ended.state != SUCCEEDED:
            of_job = {JOBS_FAILED: 1, JOBS_TIMED_OUT: int(ended.state == TIMED_OUT)} if is_first else {}
            return {RUNS_FAILED: 1, **of_job}
        rows_in, set_aside, bad = (run.counts[what] for what in ("rows_in", "set_aside", BAD))
        is_first_of_stream = run.name == next(name for name in ended.runs if name.stream == run.name.stream)
        lag = self.clock.now() - datetime.fromisoformat(scheduled_at(run.name.run)).timestamp()
        return {
            RUNS_CURATED: 1,
            HOURS_SINCE_SUCCESS: round(lag / HOUR, 3),
            LAG: round(lag, 1),
            ROWS_IN: rows_in,
            ROWS_SET_ASIDE: set_aside,
            SHARE_BAD: round(100 * bad / rows_in, 3) if rows_in else 0,
            **({ROWS_CHANGED: sum(run.counts[what] for what in CHANGES)} if is_first_of_stream else {}),
        }

    def _result(self, ended: JobRun) -> Mapping[str, Any]:
        """What the job wrote about its batch; NoResult where that is missing, or does not speak of all its runs."""
        key = result_key(ended.source, ended.batch)
        place = f"s3://{self.curated_bucket}/{key}"
        try:
            result: Mapping[str, Any] = json.loads(
                self.s3.get_object(Bucket=self.curated_bucket, Key=key)["Body"].read()
            )
            for name in ended.runs:
                counts_of(result, name)
        except ClientError as error:
            # S3 says AccessDenied for what is missing, to those who may not list.
            code = error.response["Error"]["Code"]
            if code not in ("NoSuchKey", "AccessDenied"):
                raise
            raise NoResult(f"there is no result {place} ({code})") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NoResult(
                f"the result {place} cannot be used ({type(error).__name__}: {one_line(error, 100)})"
            ) from error
        return result


def counts_of(result: Mapping[str, Any], name: RunName) -> dict[str, int]:
    """The rows of one run, and what its batch did to the tables that its stream feeds."""
    of_run, tables = result["by_run"][str(name)], result["tables"]
    feeds = [table.name for table in find_source(name.source).stream(name.stream).feeds if table.name in tables]
    counts = {what: int(of_run[what]) for what in OF_A_RUN}
    counts[BAD] = int(of_run.get(BAD, counts["set_aside"]))  # a job of an older program does not tell
    return counts | {what: sum(int(tables[table][what]) for table in feeds) for what in OF_A_TABLE}


def _reason(ended: JobRun) -> str:
    message = one_line(ended.message) or "it gives no reason"
    return f"job run {ended.id} of {ended.job} ended as {ended.state}: {message}; tried again by itself, see its log"
