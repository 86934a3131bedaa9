"""A rehearsal as a whole: it is put together, comes to rest, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from rehearsal.events.crew import WorkFailed
from rehearsal.events.loop import Stuck
from rehearsal.hooks import RuleMatch
from rehearsal.session import Rehearsal
from tests.rehearsal.processes import is_running

SLEEPER = """
import io, json, sys, zipfile
from rehearsal.session import Rehearsal

with Rehearsal() as r:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = r.account.client("iam").create_role(RoleName="fr", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("app.py", "import os, time\\ndef handler(e, c):\\n    print(os.getpid(), file=open(e['pid'], 'w'), flush=True)\\n    time.sleep(600)")
    r.account.client("lambda").create_function(
        FunctionName="f", Runtime="python3.13", Handler="app.handler", Role=role, Code={"ZipFile": file.getvalue()}, Timeout=900)
    r.account.client("lambda").invoke(FunctionName="f", InvocationType="Event", Payload=json.dumps({"pid": sys.argv[1]}).encode())
    print(r.account.endpoint.rsplit(":", 1)[1], flush=True)
    r.settle()
"""  # noqa: E501


def port_is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def ends(claim) -> bool:
    """Whether the claim stops being true soon."""
    deadline = time.monotonic() + 20
    while claim() and time.monotonic() < deadline:
        time.sleep(0.02)
    return not claim()


class PretendJobs:
    """A job that runs until it is told to end, and then says so on the event bus."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.rehearsal = rehearsal
        self.runs = ["jr_1"]

    def running(self) -> list[str]:
        return list(self.runs)

    def end(self) -> None:
        self.rehearsal.account.hooks.event_put({"source": "aws.glue", "detail-type": "ended", "detail": {}})
        self.runs.clear()

    def close(self) -> None:
        self.runs.clear()


def test_a_rehearsal_that_has_nothing_to_do_settles_at_once_and_closes_its_port():
    with Rehearsal() as rehearsal:
        port = int(rehearsal.account.endpoint.rsplit(":", 1)[1])
        rehearsal.settle()
        assert port_is_open(port)
    assert not port_is_open(port)


def test_settle_waits_for_a_job_and_for_what_its_end_brings():
    with Rehearsal() as rehearsal:
        jobs = PretendJobs(rehearsal)
        rehearsal._jobs = jobs  # type: ignore[assignment]
        brought: list[RuleMatch] = []
        events = rehearsal.account.client("events")
        events.put_rule(Name="r", EventPattern=json.dumps({"source": ["aws.glue"]}))
        events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": "arn:aws:sqs:eu-north-1:123456789012:q"}])
        rehearsal.account.hooks.rule_matched = brought.append
        threading.Timer(0.2, jobs.end).start()
        rehearsal.settle()
        assert len(brought) == 1
        assert jobs.running() == []


def test_a_job_that_does_not_end_is_named():
    with Rehearsal() as rehearsal:
        rehearsal._jobs = PretendJobs(rehearsal)  # type: ignore[assignment]
        with pytest.raises(Stuck, match="no rest in time: job jr_1 runs"):
            rehearsal.settle(most_seconds=0.2)


def test_the_clock_is_real_again_afterwards():
    before = time.time()
    with Rehearsal() as rehearsal:
        rehearsal.advance(1_000_000)
        assert time.time() - before > 999_999
    assert time.time() - before < 1_000


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_however_it_ends(tmp_path, how):
    """A function sleeps while its rehearsal is stopped: its process and the port go too."""
    pid_file = tmp_path / "pid"
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    child = subprocess.Popen(
        [sys.executable, "-c", SLEEPER, str(pid_file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment,
    )  # fmt: skip
    try:
        assert child.stdout
        port = int(child.stdout.readline())
        assert ends(lambda: not (pid_file.exists() and pid_file.read_text().strip()))
        function = int(pid_file.read_text())
        assert is_running(function)
        child.send_signal(how)
        child.communicate(timeout=30)
        assert child.returncode == {signal.SIGTERM: 143, signal.SIGINT: -2, signal.SIGKILL: -9}[how]
        assert ends(lambda: is_running(function))
        assert not port_is_open(port)
    finally:
        child.kill()
        child.wait()


def test_an_event_may_be_lost_doubled_or_delayed():
    with Rehearsal() as rehearsal:
        ran: list[str] = []
        fates = {"lost": [], "doubled": [0, 0], "delayed": [100], "usual": [0]}
        rehearsal.agenda.arrange = lambda entry: [replace(entry, due=entry.due + wait) for wait in fates[entry.label]]
        now = rehearsal.account.clock.now()
        for name in fates:
            rehearsal.agenda.add(now, name, lambda name=name: ran.append(name))
        rehearsal.settle()
        assert (sorted(ran[:3]), ran[3:]) == (["doubled", "doubled", "usual"], ["delayed"])


def test_what_breaks_down_by_itself_is_raised():
    with Rehearsal() as rehearsal:
        rehearsal.agenda.add(0, "work", lambda: 1 / 0)
        with pytest.raises(WorkFailed, match="ZeroDivisionError: division by zero"):
            rehearsal.settle()
