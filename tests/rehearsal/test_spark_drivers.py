"""Which Java a run gets: one that waits and fits, or a new one. Neither Java nor Python is started here."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from rehearsal.spark import drivers
from rehearsal.spark.drivers import MOST_WARM, Drivers
from rehearsal.spark.job import JobRun
from rehearsal.spark.settings import SMALL


@dataclass(eq=False)
class FakeMachine:
    is_fresh: bool = True
    is_removed: bool = False
    is_cleared: bool = False

    def clear(self) -> None:
        self.is_cleared = True

    def remove(self) -> None:
        self.is_removed = True


@dataclass(eq=False)
class Served:
    """A driver whose run ends well and leaves its Java clean."""

    machine: FakeMachine
    environment: dict
    packages: object
    give_back: object = field(repr=False)

    def close(self) -> None:
        self.give_back(self.machine)


@pytest.fixture
def made(monkeypatch):
    """The Javas that were started."""
    started: list[FakeMachine] = []
    monkeypatch.setattr(drivers, "Machine", lambda *_: started.append(FakeMachine()) or started[-1])
    monkeypatch.setattr(drivers, "Driver", Served)
    return started


def drivers_of(warm: bool = True) -> Drivers:
    credentials = SimpleNamespace(environment=dict)
    account = SimpleNamespace(sessions=SimpleNamespace(assume=lambda *_: credentials))
    found = Drivers(account, SMALL, warm)
    found.__dict__["_java"] = found.__dict__["_packages"] = None
    return found


def run_of(role: str = "role", job: str = "job", **arguments: str) -> JobRun:
    return JobRun(job, "jr_1", role, "s3://code/x.py", {f"--{name}": value for name, value in arguments.items()})


def served(of: Drivers, *runs: JobRun) -> list[FakeMachine]:
    """The Javas that served these runs, one after the other."""
    found = []
    for run in runs:
        driver = of.new(run)
        found.append(driver.machine)
        driver.close()
    return found


def test_a_java_that_was_left_clean_serves_the_next_run_that_needs_the_same(made):
    first, second = served(drivers_of(), run_of(job="a"), run_of(job="b", day="2"))
    assert first is second and first.is_cleared and not first.is_removed


def test_another_role_or_other_settings_need_another_java(made):
    first, *others = served(drivers_of(), run_of(), run_of("other"), run_of(conf="spark.x=1"))
    assert first not in others and len(made) == 3


def test_no_java_serves_two_runs_at_once(made):
    of = drivers_of()
    assert of.new(run_of()).machine is not of.new(run_of()).machine


def test_without_warm_drivers_each_java_goes_with_its_run(made):
    first, second = served(drivers_of(warm=False), run_of(), run_of())
    assert first is not second and first.is_removed and second.is_removed


def test_a_java_that_died_or_whose_credentials_grow_old_is_passed_over(made):
    of = drivers_of()
    (first,) = served(of, run_of())
    first.is_fresh = False
    (second,) = served(of, run_of())
    assert first is not second and first.is_removed and not second.is_removed


def test_of_many_that_wait_the_oldest_goes(made):
    served(drivers_of(), *(run_of(f"role {number}") for number in range(MOST_WARM + 1)))
    assert [machine.is_removed for machine in made] == [True] + [False] * MOST_WARM


def test_of_two_that_could_serve_the_same_one_waits(made):
    of = drivers_of()
    pair = [of.new(run_of()), of.new(run_of())]
    for driver in pair:
        driver.close()
    assert [machine.is_removed for machine in made] == [True, False]


def test_closing_removes_those_that_wait_and_those_that_come_back_later(made):
    of = drivers_of()
    late = of.new(run_of())
    served(of, run_of("other"))
    of.close()
    late.close()
    assert [machine.is_removed for machine in made] == [True, True]
