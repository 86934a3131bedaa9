"""Runs deployed Glue jobs: the script from S3, on real Spark, in a fresh driver, under the job's role."""

from __future__ import annotations

import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.account import Account
from rehearsal.errors import RehearsalError
from rehearsal.needs import Need
from rehearsal.progress import Listener, ignore, tell
from rehearsal.runtime.logs import LogStream, lines_of
from rehearsal.sessions import TrustRefused
from rehearsal.spark import delivery, job
from rehearsal.spark.driver import Driver, Ended
from rehearsal.spark.drivers import Drivers
from rehearsal.spark.job import GLUE, JobRefused, JobRun
from rehearsal.spark.record import RunRecord, state_change
from rehearsal.spark.settings import SMALL, Size

METRICS = ("--enable-metrics", "--enable-observability-metrics")  # arguments that turn metrics on
LOG_GROUPS = {"stdout": "output", "stderr": "error"}  # under the prefix that the run's arguments give


@dataclass(eq=False)
class _Going:
    """A run on its way."""

    job_name: str
    run_id: str
    began: float = field(default_factory=time.monotonic)
    running_since: float | None = None
    run: JobRun | None = None
    driver: Driver | None = None
    started_ahead: bool = False
    is_stopping: bool = False


class Jobs:
    """The jobs of one account. Give ``start`` and ``stop`` to the account's hooks.

    ``records`` tells what ran; ``unlogged`` (run id, reason) whose output could not be written to its log group.
    With ``warm``, a Java that a run has left clean serves the next one.
    """

    def __init__(self, account: Account, on_event: Listener = ignore, size: Size = SMALL, warm: bool = True) -> None:
        self.records: list[RunRecord] = []
        self.unlogged: list[tuple[str, str]] = []
        self._account, self._on_event = account, on_event
        self._drivers = Drivers(account, size, warm)
        self._lock = threading.Lock()
        self._going: dict[str, _Going] = {}
        self._threads: list[threading.Thread] = []
        self._closed = False

    def start(self, job_name: str, run_id: str) -> None:
        """Carry out a run that the account has accepted. Returns at once; the run's state tells how it goes."""
        going = _Going(job_name, run_id)
        thread = threading.Thread(target=self._carry_out, args=(going,), name=f"glue {job_name}", daemon=True)
        with self._lock:
            if self._closed:
                return
            self._going[run_id] = going
            self._threads.append(thread)
            thread.start()

    def stop(self, job_name: str, run_id: str) -> None:
        """End a run, which then is STOPPED. One that has ended stays as it is."""
        with self._lock:
            going = self._going.get(run_id)
            if going is None or going.job_name != job_name:
                return
            going.is_stopping = True
            driver = going.driver
        if driver is not None:
            driver.kill()

    def running(self) -> list[str]:
        """The ids of the runs that have not ended; a run leaves only after its event was put."""
        with self._lock:
            return sorted(self._going)

    def prepare(self, job_name: str) -> None:
        """Start a driver ahead for the next run of a job. What stands in its way, that run will tell."""
        try:
            declared = self._account.client("glue").get_job(JobName=job_name)["Job"]
            self._drivers.start_ahead(job.merge(declared, {}, self._account.account_id))
        except (RehearsalError, ClientError):
            return

    def close(self) -> None:
        """End every process. A run that this cuts off is STOPPED."""
        with self._lock:
            self._closed = True
            going = list(self._going.values())
        self._drivers.close()
        for one in going:
            self.stop(one.job_name, one.run_id)
        for thread in self._threads:
            thread.join()

    def _carry_out(self, going: _Going) -> None:
        tell(self._on_event, "job-started", going.job_name, run_id=going.run_id)
        try:
            state, message = self._run(going)
        except RehearsalError as refused:
            state, message = "FAILED", str(refused)
        except Exception as error:  # a run must end, whatever happens to it
            state, message = "FAILED", f"{type(error).__name__}: {error}"
        if going.is_stopping:
            state, message = "STOPPED", ""
        self._end(going, state, message)

    def _run(self, going: _Going) -> tuple[str, str]:
        going.run = run = self._asked(going)
        with tempfile.TemporaryDirectory(prefix="glue-script-") as folder:
            script, *py_files = delivery.fetch(self._storage(run), [run.script, *run.py_files], Path(folder))
            driver = self._driver(going, run)
            if driver.await_ready() and not going.is_stopping:
                going.running_since = time.monotonic()
                self._account.set_job_run_state(run.job_name, run.run_id, "RUNNING")
                self._tell_metrics(run)
                driver.give(script, run.argv, py_files)
            return _outcome(driver.wait(run.timeout_seconds))

    def _tell_metrics(self, run: JobRun) -> None:
        """Glue puts a job's metrics as the job's role. They are not made here, but the right to put them is asked."""
        if not any(run.arguments.get(name, "false") != "false" for name in METRICS):
            return
        need = Need("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "Glue"})
        if problem := self._account.services.may_as(run.role_arn, GLUE, "glue", need):
            self.unlogged.append((run.run_id, problem))

    def _storage(self, run: JobRun) -> Any:
        """S3 as the job's role sees it: Glue itself fetches the script under it."""
        try:
            return self._account.sessions.client(run.role_arn, GLUE, "s3")
        except TrustRefused as refused:
            message = f"Role {run.role_arn} should be given assume role permissions for Glue Service. {refused}"
            raise JobRefused(message) from refused

    def _asked(self, going: _Going) -> JobRun:
        glue = self._account.client("glue")
        declared = glue.get_job(JobName=going.job_name)["Job"]
        asked = glue.get_job_run(JobName=going.job_name, RunId=going.run_id)["JobRun"]
        return job.merge(declared, asked, self._account.account_id)

    def _driver(self, going: _Going, run: JobRun) -> Driver:
        ahead = self._drivers.take_ahead(run)
        driver = ahead or self._drivers.new(run)
        with self._lock:
            going.driver, going.started_ahead = driver, ahead is not None
        if going.is_stopping:
            driver.kill()
        return driver

    def _end(self, going: _Going, state: str, message: str) -> None:
        now = time.monotonic()
        if going.driver is not None:
            going.driver.end()
            self._write_logs(going, going.driver)
            going.driver.close()
        record = _record(going, state, message, now)
        self.records.append(record)
        self._account.set_job_run_state(going.job_name, going.run_id, state, message or None)
        self._account.hooks.event_put(state_change(record))
        tell(self._on_event, "job-ended", going.job_name, **vars(record))
        with self._lock:
            del self._going[going.run_id]

    def _write_logs(self, going: _Going, driver: Driver) -> None:
        """Under the job's role. A job does not fail because it may not write its logs."""
        assert going.run is not None
        client = self._account.sessions.client(going.run.role_arn, GLUE, "logs")
        moment_ms = int(self._account.clock.now() * 1000)
        for name, group in LOG_GROUPS.items():
            lines = lines_of(driver.written(name))
            if problem := LogStream(client, f"{going.run.log_prefix}/{group}", going.run_id).write(lines, moment_ms):
                self.unlogged.append((going.run_id, problem))


def _record(going: _Going, state: str, message: str, now: float) -> RunRecord:
    since = going.running_since or now
    dpu = going.run.dpu if going.run else 0.0
    return RunRecord(
        going.job_name, going.run_id, state, message, since - going.began, now - since, dpu, going.started_ahead
    )


def _outcome(ended: Ended | None) -> tuple[str, str]:
    if ended is None:
        return "TIMEOUT", "Job run timed out"
    return ("SUCCEEDED", "") if ended.failure is None else ("FAILED", ended.failure)
