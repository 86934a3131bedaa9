"""The driver process: what ends it, what it leaves, and which session a script gets. Java is a stand-in here."""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rehearsal.spark import handover, jars
from rehearsal.spark.driver import BOOTSTRAP, Driver
from rehearsal.spark.java import Java
from rehearsal.spark.machine import Machine
from rehearsal.spark.settings import SMALL
from tests.rehearsal.processes import is_running, soon

START_AND_WAIT = """
import sys
from pathlib import Path
from rehearsal.spark.driver import Driver
from rehearsal.spark.java import Java
from rehearsal.spark.machine import Machine
from rehearsal.spark.settings import SMALL

home, packages = Path(sys.argv[1]), Path(sys.argv[2])
Driver(Machine(Java(home, 17, "17"), SMALL, options=()), {}, {}, packages)
print("started", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def libraries(tmp_path, monkeypatch):
    monkeypatch.setenv("REHEARSAL_CACHE", str(tmp_path / "cache"))
    jars.folder().mkdir(parents=True)
    for library in jars.LIBRARIES:
        (jars.folder() / library.file_name).touch()


@pytest.fixture
def packages(tmp_path):
    import py4j
    import pyspark

    folder = tmp_path / "packages"
    folder.mkdir()
    for package in (py4j, pyspark):
        (folder / package.__name__).symlink_to(Path(package.__file__).parent)
    return folder


def java_that(tmp_path: Path, does: str) -> Path:
    command = tmp_path / "java" / "bin" / "java"
    command.parent.mkdir(parents=True)
    command.write_text(f"#!/bin/sh\n{does}\n")
    command.chmod(0o755)
    return tmp_path / "java"


def started(home: Path, packages: Path, give_back=Machine.remove) -> Driver:
    return Driver(Machine(Java(home, 17, "17"), SMALL, options=()), {}, {}, packages, give_back)


def test_a_java_that_does_not_come_up_fails_the_run_with_what_it_said(tmp_path, libraries, packages):
    home = java_that(tmp_path, "echo 'no such option' >&2; exit 3")
    driver = started(home, packages)
    assert not driver.await_ready()
    ended = driver.wait()
    assert ended is not None
    assert ended.failure == "ChildProcessError: Java ended with 3 before Spark was up"
    assert "no such option" in driver.written("stderr")
    driver.close()
    assert not driver.machine.folder.exists()


def test_a_driver_that_is_killed_takes_its_java_along(tmp_path, libraries, packages):
    pids = tmp_path / "pids"
    home = java_that(tmp_path, f'echo $$ > "{pids}"; exec sleep 600')
    driver = started(home, packages)
    assert soon(lambda: pids.exists() and pids.read_text())
    pid = int(pids.read_text())
    assert is_running(pid)
    driver.kill()
    with pytest.raises(ProcessLookupError):  # gone, and not left as a zombie either
        os.kill(pid, 0)
    assert not driver.is_alive
    ended = driver.wait(30)
    assert ended is not None and ended.failure is not None
    driver.give(Path("/no/script"), [])  # too late, and harmless
    driver.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nothing_is_left_when_the_rehearsal_itself_is_killed(tmp_path, libraries, packages):
    pids = tmp_path / "pids"
    home = java_that(tmp_path, f'echo $$ > "{pids}"; exec sleep 600')
    command = [sys.executable, "-c", START_AND_WAIT, str(home), str(packages)]
    environment = {**os.environ, "PYTHONPATH": str(BOOTSTRAP.parents[2])}
    rehearsal = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    assert soon(lambda: pids.exists() and pids.read_text())
    pid = int(pids.read_text())
    folder = Path(f"/proc/{pid}/cwd").resolve()
    assert folder.exists()
    rehearsal.kill()
    rehearsal.communicate()
    assert soon(lambda: not is_running(pid))
    assert soon(lambda: not folder.exists())


def test_a_driver_tells_what_was_written_since_it_was_made(tmp_path, libraries, packages):
    driver = started(java_that(tmp_path, "exec sleep 600"), packages)
    with (driver.machine.folder / "stderr").open("a") as file:
        file.write("of the first")
    os.killpg(driver._process.pid, signal.SIGKILL)  # a machine serves one at a time: they would share its plan
    driver._process.wait()
    second = Driver(driver.machine, {}, {}, packages)
    with (driver.machine.folder / "stderr").open("a") as file:
        file.write("of the second")
    assert second.written("stderr") == "of the second"
    driver.close()
    second.close()


def test_a_java_is_given_back_only_by_a_driver_whose_script_has_ended(tmp_path, libraries, packages):
    given_back: list[Machine] = []
    driver = started(java_that(tmp_path, "exec sleep 600"), packages, given_back.append)
    driver.close()
    assert given_back == [] and not driver.machine.folder.exists()


@pytest.mark.parametrize("failure", [None, "ValueError: 7 is odd"])
@pytest.mark.parametrize(("clean", "kept"), [(True, True), (False, False), (None, False)])
def test_a_java_stays_only_when_its_driver_has_said_that_it_is_clean(
    tmp_path, libraries, packages, failure, clean, kept
):
    driver = started(java_that(tmp_path, "exec sleep 600"), packages)
    driver._hear({"event": "ended", "failure": failure})
    if clean is not None:
        driver._hear({"event": "left", "clean": clean})
    driver._over.set()
    driver.end()
    assert driver.machine.is_alive is kept
    driver.close()
    assert not driver.machine.folder.exists()


def test_a_driver_that_is_over_can_end_its_java_no_more(tmp_path, libraries, packages):
    given_back: list[Machine] = []
    driver = started(java_that(tmp_path, "exec sleep 600"), packages, given_back.append)
    for report in ({"event": "ended", "failure": None}, {"event": "left", "clean": True}):
        driver._hear(report)
    driver._over.set()
    driver.close()
    driver.kill()
    assert given_back == [driver.machine] and driver.machine.is_alive
    driver.machine.remove()


def test_clearing_leaves_the_working_folder_in_place(tmp_path, libraries):
    home = java_that(tmp_path, "exec sleep 600")
    machine = Machine(Java(home, 17, "17"), SMALL, options=())
    before = machine.work.stat().st_ino
    (machine.work / "folder" / "in it").mkdir(parents=True)
    (machine.work / "file").touch()
    (machine.work / "link").symlink_to(tmp_path)
    machine.clear()
    assert list(machine.work.iterdir()) == [] and machine.work.stat().st_ino == before
    assert tmp_path.exists(), "what a link points to is not the script's"
    machine.remove()


@pytest.fixture(scope="module")
def bootstrap():
    before = list(sys.path)
    try:
        return runpy.run_path(str(BOOTSTRAP), run_name="bootstrap")
    finally:
        sys.path[:] = before


class OfJava(Exception):
    class java_exception:  # noqa: N801
        @staticmethod
        def toString() -> str:  # noqa: N802
            return "java.lang.X: lost\n\tat a\n\tat b"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("7 is odd"), "ValueError: 7 is odd"),
        (ValueError("\nfirst\nsecond"), "ValueError: first"),
        (KeyError(), "KeyError"),
        (OfJava("An error occurred while calling o41.sql."), "OfJava: java.lang.X: lost"),
    ],
)
def test_a_failure_is_told_in_one_line(bootstrap, error, said):
    assert bootstrap["summary"](error) == said


@pytest.mark.parametrize(
    ("failure", "is_spent"),
    [
        (None, False),
        ("ValueError: 7 is odd", False),
        ("Py4JJavaError: SparkException: Lost task 0.0 (executor driver): java.lang.OutOfMemoryError: heap", True),
    ],
)
def test_a_java_without_memory_is_spent(bootstrap, failure, is_spent):
    assert bootstrap["is_spent"](failure) is is_spent


class Session:
    """As much of a session as tells whether it fits: one fixed setting, and one that may change."""

    class conf:  # noqa: N801
        @staticmethod
        def isModifiable(name: str) -> bool:  # noqa: N802
            return name == "spark.sql.shuffle.partitions"

        @staticmethod
        def get(name: str, default: object) -> object:
            return {"spark.sql.extensions": "X"}.get(name, default)


@pytest.mark.parametrize(
    ("options", "fits"),
    [
        ({"spark.app.name": "any"}, True),
        ({"spark.sql.shuffle.partitions": 9}, True),
        ({"spark.sql.extensions": "X"}, True),
        ({"spark.sql.extensions": "Y"}, False),
        ({"spark.sql.catalog.new": "C"}, False),
    ],
)
def test_a_session_made_ahead_is_given_only_where_it_fits(options, fits):
    assert handover.fits(Session(), options) is fits
