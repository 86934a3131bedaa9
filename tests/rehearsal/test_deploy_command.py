"""``python -m rehearsal DIR``, in a process of its own as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAMS = Path(__file__).parent / "programs"
ROOT = Path(__file__).parents[2]


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rehearsal", str(PROGRAMS / program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)


def test_deploying_the_same_program_twice_gives_the_same_account() -> None:
    first, second = (_deployed("uploads", "--secret", "token=planted-secret") for _ in range(2))
    assert first == second
    assert len(first["resources"]) == 12


def _deployed(program: str, *arguments: str) -> dict[str, Any]:
    """What was made, without what differs each time: the id of a mapping, the port of the account, and the order in
    which resources were made that do not wait for one another."""
    ran = _run(program, *arguments, "--json")
    assert ran.returncode == 0, ran.stderr
    assert "planted-secret" not in ran.stdout + ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    for resource in found["resources"]:
        if "EventSourceMapping" in resource["type"]:
            resource["id"] = "random"
        resource["id"] = resource["id"].rpartition("/123456789012/")[2]
        del resource["number"], resource["state"]
    found["outputs"]["queue"] = found["outputs"]["queue"].rpartition("/")[2]
    del found["seconds"]
    return found


def test_a_report_lists_what_was_made_and_what_was_ignored() -> None:
    ran = _run("uploads")
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert lines[0].startswith("created 12 resources in ")
    assert "  aws:sqs/queue:Queue                               inbox, inbox-dead" in lines
    assert "ignored: nothing" in lines
    recorded = lines[lines.index("recorded, without effect:") + 1 :]
    assert [line for line in recorded if "ttl = " in line and line.endswith("(no item expires by itself)")]
    assert '  aws:s3/bucket:Bucket "inbox"' in ran.stderr


def test_a_refused_program_gives_its_lines_and_exit_code_1() -> None:
    ran = _run("same_urn", "--json")
    assert ran.returncode == 1
    (line,) = json.loads(ran.stdout)["refused"]
    assert line.startswith('aws:sqs/queue:Queue "jobs": its URN ')
    told = _run("same_urn")
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.splitlines()[-1] == f"refused: {line}"


def test_a_bad_option_is_named() -> None:
    ran = _run("uploads", "--config", "colour")
    assert ran.returncode == 2
    assert "'colour' is not KEY=VALUE" in ran.stderr
