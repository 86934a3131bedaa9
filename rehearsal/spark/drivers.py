"""Makes the drivers of an account's jobs, and keeps those that were started ahead."""

from __future__ import annotations

import shutil
import tempfile
import threading
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from rehearsal.account import Account
from rehearsal.runtime import library
from rehearsal.spark import java, lending
from rehearsal.spark.driver import SHIPPED, Driver
from rehearsal.spark.javas import Javas, Kind
from rehearsal.spark.job import GLUE, JobRun
from rehearsal.spark.settings import Home, Size, spark_settings, wants_iceberg

SESSION_NAME = "GlueJobRunnerSession"


@dataclass(frozen=True)
class _Ahead:
    driver: Driver
    needs: tuple[str, str, bool]

    def serves(self, run: JobRun) -> bool:
        return self.needs == run.driver_needs and self.driver.is_fresh


class Drivers:
    """One driver for each run, never two runs in one. With ``warm``, a Java serves one run after the other.

    ``close`` ends what no run has taken.
    """

    def __init__(self, account: Account, size: Size, warm: bool = True) -> None:
        self._account, self._size = account, size
        self._ahead: dict[str, _Ahead] = {}
        self._javas = lending.for_rehearsal() if warm else Javas(most_waiting=0)
        self._lock = threading.RLock()
        self._closed = False
        self._folder = Path(tempfile.mkdtemp(prefix="rehearsal-jobs-"))

    def start_ahead(self, run: JobRun) -> None:
        """Start a driver that the job's next run will find ready; one that already waits is left."""
        with self._lock:
            if self._closed or ((waiting := self._ahead.get(run.job_name)) and waiting.serves(run)):
                return
            old = self._ahead.pop(run.job_name, None)
            self._ahead[run.job_name] = _Ahead(self.new(run), run.driver_needs)
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
        environment = self._account.sessions.assume(run.role_arn, GLUE, SESSION_NAME).environment()
        settings = spark_settings(run.arguments, Home.of(environment, self._size))  # refused before a Java is taken
        kind = Kind(self._java, self._size, wants_iceberg(run.arguments))
        machine = self._javas.take(kind)
        try:
            return Driver(machine, environment, settings, self._packages, partial(self._javas.give_back, kind))
        except BaseException:
            machine.remove()
            raise

    def close(self) -> None:
        with self._lock:
            self._closed = True
            ahead = list(self._ahead.values())
            self._ahead.clear()
        for each in ahead:
            each.driver.dismiss() if self._javas.are_kept else each.driver.close()
        self._javas.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @cached_property
    def _java(self) -> java.Java:
        return java.find()

    @cached_property
    def _packages(self) -> Path:
        return library.link(SHIPPED, self._folder / "packages")
