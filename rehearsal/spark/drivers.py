"""Makes the drivers of an account's jobs, and keeps those that were started ahead until a run takes them."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rehearsal.account import Account
from rehearsal.runtime import library
from rehearsal.spark import java
from rehearsal.spark.driver import Driver
from rehearsal.spark.job import GLUE, JobRun
from rehearsal.spark.settings import Size

SESSION_NAME = "GlueJobRunnerSession"
KEEPS_SECONDS = 2700  # the role's credentials in it last an hour
# What Glue's own packages bring; a script that imports more must fail here too.
SHIPPED = ("pyspark", "boto3", "requests", "pyarrow", "numpy", "pandas", "pyyaml")


@dataclass(frozen=True)
class _Ahead:
    driver: Driver
    needs: tuple[str, str, bool]
    best_before: float

    def serves(self, run: JobRun) -> bool:
        return self.driver.is_alive and self.needs == run.driver_needs and time.monotonic() < self.best_before


class Drivers:
    """One driver for each run, never two runs in one. ``close`` ends those that no run has taken."""

    def __init__(self, account: Account, size: Size) -> None:
        self._account, self._size = account, size
        self._ahead: dict[str, _Ahead] = {}
        self._lock = threading.Lock()
        self._closed = False
        self._folder = Path(tempfile.mkdtemp(prefix="rehearsal-jobs-"))

    def start_ahead(self, run: JobRun) -> None:
        """Start a driver that the job's next run will find ready; one that already waits is left."""
        with self._lock:
            if self._closed or ((waiting := self._ahead.get(run.job_name)) and waiting.serves(run)):
                return
            old = self._ahead.pop(run.job_name, None)
            self._ahead[run.job_name] = _Ahead(self.new(run), run.driver_needs, time.monotonic() + KEEPS_SECONDS)
        if old:
            old.driver.close()

    def take_ahead(self, run: JobRun) -> Driver | None:
        """The driver that was started ahead, if it is what this run needs; else it is thrown away."""
        with self._lock:
            ahead = self._ahead.pop(run.job_name, None)
        if ahead is None:
            return None
        if ahead.serves(run):
            return ahead.driver
        ahead.driver.close()
        return None

    def new(self, run: JobRun) -> Driver:
        """A driver with credentials of the job's role. Raises TrustRefused where the role does not trust Glue."""
        credentials = self._account.sessions.assume(run.role_arn, GLUE, SESSION_NAME)
        return Driver(self._java, self._size, run.arguments, credentials.environment(), self._packages)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            left = list(self._ahead.values())
            self._ahead.clear()
        for ahead in left:
            ahead.driver.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @cached_property
    def _java(self) -> java.Java:
        return java.find()

    @cached_property
    def _packages(self) -> Path:
        return library.link(SHIPPED, self._folder / "packages")
