"""Programs that are deployed one after the other share what is imported, and nothing else."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rehearsal.account import Account
from rehearsal.deploy import DeployError, deploy, preloaded

Exports = Callable[..., dict[str, Any]]


@pytest.fixture
def exports(account: Account, tmp_path: Path) -> Exports:
    """What a program, given as text, exports."""
    (tmp_path / "Pulumi.yaml").write_text("name: tried\nruntime: python\n")

    def run(text: str, **options: float) -> dict[str, Any]:
        (tmp_path / "__main__.py").write_text(f"import os, sys, pulumi\n{text}\n")
        return deploy(tmp_path, "dev", account.deployer_environment(), {}, {}, **options).outputs  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="module", autouse=True)
def shared() -> Iterator[None]:
    with preloaded():
        yield


PARENT = 'pulumi.export("parent", os.getppid())'


def test_what_one_imports_the_next_find_imported(exports: Exports) -> None:
    before = 'pulumi.export("module", "pulumi_aws.kms.key" in sys.modules)\nimport pulumi_aws as aws\n'
    read = 'pulumi.export("model", "kms" in sys.modules["rehearsal.clients"].known())\n'
    found = [exports(f'{before}{read}aws.kms.Key("key")') for _ in range(2)]
    assert found == [{"module": False, "model": False}, {"module": True, "model": True}]


def test_a_mistake_in_a_class_that_was_imported_before_is_reported_to_its_own_program(exports: Exports) -> None:
    for _ in range(2):
        with pytest.raises(DeployError) as refused:
            exports('import pulumi_aws as aws\naws.sqs.Queue("q", colour="red")')
        (line,) = refused.value.lines
        assert line.startswith('Queue "q": property colour is not known')


def test_what_one_leaves_the_next_does_not_find(exports: Exports) -> None:
    exports('sys.left = os.environ["LEFT"] = "left"; sys.path.append("left")')
    look = 'pulumi.export("left", [hasattr(sys, "left"), "LEFT" in os.environ, "left" in sys.path])'
    assert exports(look) == {"left": [False, False, False]}


def test_a_module_of_one_program_is_not_that_of_the_next(exports: Exports, tmp_path: Path) -> None:
    for colour in ("red", "blue"):
        (tmp_path / "paint.py").write_text(f"COLOUR = {colour!r}")
        assert exports('from paint import COLOUR; pulumi.export("colour", COLOUR)') == {"colour": colour}


def test_each_program_has_the_variables_of_its_own_deployment(exports: Exports, monkeypatch) -> None:
    for colour in ("red", "blue"):
        monkeypatch.setenv("COLOUR", colour)
        assert exports('pulumi.export("colour", os.environ["COLOUR"])') == {"colour": colour}


def test_other_settings_of_python_need_another_interpreter(exports: Exports, monkeypatch, tmp_path: Path) -> None:
    one, same = exports(PARENT), exports(PARENT)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert one == same != exports(PARENT)


def test_one_that_does_not_end_is_stopped_alone_and_the_next_is_deployed(exports: Exports) -> None:
    before = exports(PARENT)
    with pytest.raises(DeployError, match="not deployed after 2 s; stopped"):
        exports("import threading; threading.Event().wait()", timeout_seconds=2)
    assert exports(PARENT) == before


def test_one_that_ends_its_process_is_told_and_the_next_is_deployed(exports: Exports) -> None:
    with pytest.raises(DeployError, match="the process that deploys ended before its time"):
        exports("os._exit(3)")
    assert exports('pulumi.export("a", 1)') == {"a": 1}


def test_afterwards_no_process_is_left(exports: Exports) -> None:
    with preloaded():
        parent = exports(PARENT)["parent"]
        os.kill(parent, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(parent, 0)


def test_a_kept_interpreter_that_was_killed_is_started_anew(exports: Exports) -> None:
    parent = exports(PARENT)["parent"]
    os.kill(parent, signal.SIGKILL)
    os.waitid(os.P_PID, parent, os.WEXITED | os.WNOWAIT)
    assert exports(PARENT)["parent"] != parent
