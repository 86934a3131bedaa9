"""Makes the drivers of an account's jobs, and keeps what the next run may take: a driver started ahead, a warm Java."""

from __future__ import annotations

import shutil
import tempfile
import threading
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from rehearsal.account import Account
from rehearsal.runtime import library
from rehearsal.spark import java
from rehearsal.spark.driver import Driver
from rehearsal.spark.job import GLUE, JobRun
from rehearsal.spark.machine import Machine
from rehearsal.spark.settings import Size

SESSION_NAME = "GlueJobRunnerSession"
MOST_WARM = 2  # Javas that wait; each takes up to half a gigabyte
# What Glue's own packages bring; a script that imports more must fail here too.
SHIPPED = ("pyspark", "boto3", "requests", "pyarrow", "numpy", "pandas", "pyyaml")
Needs = tuple[str, str, bool]


@dataclass(frozen=True)
class _Ahead:
    driver: Driver
    needs: Needs

    def serves(self, run: JobRun) -> bool:
        return self.needs == run.driver_needs and self.driver.is_fresh


class Drivers:
    """One driver for each run, never two runs in one. With ``warm``, a Java serves one run after the other.

    ``close`` ends what no run has taken.
    """

    def __init__(self, account: Account, size: Size, warm: bool = True) -> None:
        self._account, self._size, self._warm = account, size, warm
        self._ahead: dict[str, _Ahead] = {}
        self._waiting: dict[Needs, Machine] = {}  # the one that came last at the end
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
        machine = self._take_waiting(run.driver_needs)
        if machine is None:
            machine = Machine(self._java, self._size, run.arguments, environment)
        try:
            return Driver(machine, environment, self._packages, partial(self._give_back, run.driver_needs))
        except BaseException:
            machine.remove()
            raise

    def close(self) -> None:
        with self._lock:
            self._closed = True
            ahead, waiting = list(self._ahead.values()), list(self._waiting.values())
            self._ahead.clear()
            self._waiting.clear()
        for each in ahead:
            each.driver.close()
        for machine in waiting:
            machine.remove()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _take_waiting(self, needs: Needs) -> Machine | None:
        with self._lock:
            machine = self._waiting.pop(needs, None)
        if machine is None or machine.is_fresh:
            return machine
        machine.remove()
        return None

    def _give_back(self, needs: Needs, machine: Machine) -> None:
        """Keep a Java for the next run that needs the same, and no more of them than this machine bears."""
        machine.clear()
        with self._lock:
            too_many = [self._waiting.pop(needs)] if needs in self._waiting else []
            if self._warm and not self._closed:
                self._waiting[needs] = machine
            else:
                too_many.append(machine)
            while len(self._waiting) > MOST_WARM:
                too_many.append(self._waiting.pop(next(iter(self._waiting))))
        for each in too_many:
            each.remove()

    @cached_property
    def _java(self) -> java.Java:
        return java.find()

    @cached_property
    def _packages(self) -> Path:
        return library.link(SHIPPED, self._folder / "packages")
