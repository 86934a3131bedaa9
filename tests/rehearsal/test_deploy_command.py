"""``python -m rehearsal DIR``, as a user runs it: in a process of its own where that counts, else in this one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rehearsal.__main__ import main

PROGRAMS = Path(__file__).parent / "programs"
ROOT = Path(__file__).parents[2]


Ran = tuple[int, str, str]


def _run(program: str, *arguments: str) -> Ran:
    command = [sys.executable, "-m", "rehearsal", str(PROGRAMS / program), *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    return ran.returncode, ran.stdout, ran.stderr


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """``run("uploads", "--json")``: how it ends here, and what it and the program print."""
    return lambda program, *arguments: (main([str(PROGRAMS / program), *arguments]), *capfd.readouterr())


def test_deploying_the_same_program_twice_gives_the_same_account(run: Callable[..., Ran]) -> None:
    first, second = (_deployed(run("uploads", "--secret", "token=planted-secret", "--json")) for _ in range(2))
    assert first == second
    assert len(first["resources"]) == 12


def _deployed(ran: Ran) -> dict[str, Any]:
    """What was made, without what differs each time: the id of a mapping, the port of the account, and the order in
    which resources were made that do not wait for one another."""
    code, out, err = ran
    assert code == 0, err
    assert "planted-secret" not in out + err
    found: dict[str, Any] = json.loads(out)
    for resource in found["resources"]:
        if "EventSourceMapping" in resource["type"]:
            resource["id"] = "random"
        resource["id"] = resource["id"].rpartition("/123456789012/")[2]
        del resource["number"], resource["state"]
    found["outputs"]["queue"] = found["outputs"]["queue"].rpartition("/")[2]
    del found["seconds"]
    return found


def test_a_report_lists_what_was_made_and_what_was_ignored() -> None:
    code, out, err = _run("uploads")
    assert code == 0, err
    lines = out.splitlines()
    assert lines[0].startswith("created 12 resources in ")
    assert "  aws:sqs/queue:Queue                               inbox, inbox-dead" in lines
    assert "ignored: nothing" in lines
    recorded = lines[lines.index("recorded, without effect:") + 1 :]
    assert [line for line in recorded if "ttl = " in line and line.endswith("(no item expires by itself)")]
    assert '  aws:s3/bucket:Bucket "inbox"' in err


def test_a_refused_program_gives_its_lines_and_exit_code_1(run: Callable[..., Ran]) -> None:
    code, out, _ = run("same_urn", "--json")
    assert code == 1
    (line,) = json.loads(out)["refused"]
    assert line.startswith('aws:sqs/queue:Queue "jobs": its URN ')
    code, out, err = run("same_urn")
    assert (code, out) == (1, "")
    assert err.splitlines()[-1] == f"refused: {line}"


def test_a_bad_option_is_named() -> None:
    code, _, err = _run("uploads", "--config", "colour")
    assert code == 2
    assert "'colour' is not KEY=VALUE" in err
