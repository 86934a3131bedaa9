"""Javas that are lent: who gets which, and what becomes of it. No Java is started here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rehearsal.spark import javas, lending
from rehearsal.spark.java import Java
from rehearsal.spark.javas import Kind
from rehearsal.spark.lending import ADDRESS, Borrowed, NotLent, from_line, to_line
from rehearsal.spark.machine import AnyMachine
from rehearsal.spark.settings import Size
from tests.rehearsal.processes import soon

ICEBERG = Kind(Java(Path("/java"), 17, 'version "17.0.15"'), Size(), True)
PLAIN = ICEBERG._replace(with_iceberg=False)

BORROW_AND_WAIT = """
import sys
from pathlib import Path
from rehearsal.spark.lending import Borrowed, from_line

machine = Borrowed(sys.argv[1], from_line(sys.argv[2].encode()))
print(machine.folder, flush=True)
sys.stdin.read()
"""


class FakeMachine(AnyMachine):
    is_closed = False

    @property
    def is_alive(self) -> bool:
        return not self.is_closed

    def close(self) -> None:
        self.is_closed = True
        (self.folder / "ended").write_text("-9")

    def remove(self) -> None:
        (self.folder / "ended").unlink(missing_ok=True)
        self.work.rmdir()
        self.folder.rmdir()


@pytest.fixture
def made(tmp_path, monkeypatch):
    """The kinds of the Javas that were started."""
    started: list[Kind] = []

    def start(*parts: object) -> FakeMachine:
        started.append(Kind(*parts))
        machine = FakeMachine(tmp_path / f"java-{len(started)}")
        machine.work.mkdir(parents=True)
        return machine

    monkeypatch.setattr(javas, "Machine", start)
    return started


@pytest.fixture
def pool(made, monkeypatch):
    monkeypatch.delenv(ADDRESS, raising=False)
    with lending.lending(most_waiting=1):
        yield lending.for_rehearsal()


def test_what_one_has_given_back_serves_another(pool, made):
    first = pool.take(ICEBERG)
    (first.work / "left").touch()
    pool.give_back(ICEBERG, first)
    second = lending.for_rehearsal().take(ICEBERG)
    assert (second.folder, second.runs, made) == (first.folder, 1, [ICEBERG])
    assert list(second.work.iterdir()) == []
    second.remove()


def test_two_at_a_time_and_two_kinds_have_a_java_each(pool, made):
    held = [pool.take(kind) for kind in (ICEBERG, ICEBERG, PLAIN)]
    assert made == [ICEBERG, ICEBERG, PLAIN]
    assert len({machine.folder for machine in held}) == 3
    for machine in held:
        machine.remove()


def test_one_that_is_not_given_back_is_removed(pool, made):
    machine = pool.take(ICEBERG)
    assert machine.is_alive
    machine.remove()
    assert soon(lambda: not machine.folder.exists())
    assert not machine.is_alive


def test_one_that_is_ended_keeps_what_it_has_written_until_it_is_removed(pool, made):
    machine = pool.take(ICEBERG)
    machine.close()
    assert not machine.is_alive and machine.folder.exists()
    machine.close()
    machine.remove()
    machine.close()
    assert soon(lambda: not machine.folder.exists())


def test_whoever_is_killed_leaves_no_java(pool, made):
    command = [sys.executable, "-c", BORROW_AND_WAIT, os.environ[ADDRESS], to_line(ICEBERG).decode()]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    assert folder.exists()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert soon(lambda: not folder.exists())


def test_why_one_could_not_be_started_is_told(pool, monkeypatch):
    def fail(*_: object) -> None:
        raise FileNotFoundError("no libraries")

    monkeypatch.setattr(javas, "Machine", fail)
    with pytest.raises(NotLent, match="no Java could be lent: no libraries"):
        pool.take(ICEBERG)


def test_those_that_wait_go_with_the_lender(made, monkeypatch, tmp_path):
    monkeypatch.delenv(ADDRESS, raising=False)
    with lending.lending(most_waiting=1):
        pool = lending.for_rehearsal()
        pool.give_back(ICEBERG, pool.take(ICEBERG))
        assert [path.name for path in tmp_path.iterdir()] == ["java-1"]
    assert list(tmp_path.iterdir()) == []
    assert ADDRESS not in os.environ
    assert not isinstance(lending.for_rehearsal().take(ICEBERG), Borrowed)


def test_a_kind_is_the_same_on_both_sides():
    assert [from_line(to_line(kind)) for kind in (ICEBERG, PLAIN)] == [ICEBERG, PLAIN]
