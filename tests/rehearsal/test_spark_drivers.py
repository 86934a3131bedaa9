"""Which Java a run gets: one that waits and fits, or a new one. Neither Java nor Python is started here."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from rehearsal.spark import drivers, javas
from rehearsal.spark.drivers import Drivers
from rehearsal.spark.javas import MOST_WAITING
from rehearsal.spark.job import JobRun
from rehearsal.spark.lending import ADDRESS
from rehearsal.spark.settings import SMALL

OPEN: list[Drivers] = []  # those that a test has made


@dataclass(eq=False)
class FakeMachine:
    is_alive: bool = True
    work: Path = Path("/work")
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
    settings: dict
    packages: object
    give_back: object = field(repr=False)

    def close(self) -> None:
        self.give_back(self.machine)

    def dismiss(self) -> None:
        self.machine.is_cleared = True


@pytest.fixture
def made(monkeypatch):
    """The Javas that were started."""
    started: list[FakeMachine] = []
    monkeypatch.setattr(javas, "Machine", lambda *_: started.append(FakeMachine()) or started[-1])
    monkeypatch.delenv(ADDRESS, raising=False)
    monkeypatch.setattr(drivers, "Driver", Served)
    yield started
    while OPEN:
        OPEN.pop().close()


def drivers_of(warm: bool = True) -> Drivers:
    def assume(role: str, *_: str) -> SimpleNamespace:
        where = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_REGION": "eu-north-1"}
        return SimpleNamespace(environment=lambda: where | {"AWS_ACCESS_KEY_ID": role})

    account = SimpleNamespace(sessions=SimpleNamespace(assume=assume))
    found = Drivers(account, SMALL, warm)
    found.__dict__["_java"] = found.__dict__["_packages"] = None
    OPEN.append(found)
    return found


def run_of(role: str = "role", job: str = "job", **arguments: str) -> JobRun:
    """``datalake_formats="iceberg"`` is an argument of the job."""
    arguments = {name.replace("_", "-"): value for name, value in arguments.items()}
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


def test_other_roles_and_settings_are_brought_by_the_driver(made):
    of = drivers_of()
    first = of.new(run_of())
    first.close()
    second = of.new(run_of("other", conf="spark.x=1"))
    assert first.machine is second.machine and len(made) == 1
    assert [each.environment["AWS_ACCESS_KEY_ID"] for each in (first, second)] == ["role", "other"]
    assert [each.settings.get("spark.x") for each in (first, second)] == [None, "1"]


def test_other_libraries_need_another_java(made):
    first, second = served(drivers_of(), run_of(), run_of(datalake_formats="iceberg"))
    assert first is not second
    assert served(drivers_of(), run_of())[0] is not first, "nor is one taken that another account's runs have left"


def test_no_java_serves_two_runs_at_once(made):
    of = drivers_of()
    assert of.new(run_of()).machine is not of.new(run_of()).machine


def test_without_warm_drivers_each_java_goes_with_its_run(made):
    first, second = served(drivers_of(warm=False), run_of(), run_of())
    assert first is not second and first.is_removed and second.is_removed


def test_a_java_that_died_is_passed_over(made):
    of = drivers_of()
    (first,) = served(of, run_of())
    first.is_alive = False
    (second,) = served(of, run_of())
    assert first is not second and first.is_removed and not second.is_removed


def test_of_many_that_wait_the_oldest_goes(made):
    of = drivers_of()
    for driver in [of.new(run_of()) for _ in range(MOST_WAITING + 1)]:
        driver.close()
    assert [machine.is_removed for machine in made] == [True] + [False] * MOST_WAITING
    assert served(of, run_of()) == [made[-1]], "the one that came last is the warmest"


def test_closing_removes_those_that_wait_and_those_that_come_back_later(made):
    of = drivers_of()
    late = of.new(run_of())
    served(of, run_of())
    of.close()
    late.close()
    assert [machine.is_removed for machine in made] == [True, True]


def test_of_a_driver_that_no_run_has_taken_the_java_is_kept_only_where_javas_are_lent(made, monkeypatch):
    for are_kept in (False, True):
        monkeypatch.setattr(javas.Javas, "are_kept", are_kept)
        of = drivers_of()
        of.start_ahead(run_of())
        of.close()
    assert [(machine.is_removed, machine.is_cleared) for machine in made] == [(True, True), (False, True)]
