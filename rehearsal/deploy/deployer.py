"""Deploys a Pulumi program folder into an account, by a child process of its own."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rehearsal.deploy.model import Deployed, DeployError, Deployment
from rehearsal.deploy.processes import OWN_PATH, learn, start
from rehearsal.deploy.program import Program, read_program

TIMEOUT_SECONDS = 120.0


def deploy(
    program: Path,
    stack: str,
    environment: Mapping[str, str],
    config: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    *,
    path: Sequence[Path] = (),
    on_created: Callable[[Deployed], None] = lambda _: None,
    verbose: bool = False,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> Deployment:
    """Make every resource of the program in the account that ``environment`` (AWS_* variables) leads to.

    Raises ``DeployError`` with a line for each problem. In ``path`` the program finds modules, after those in its own
    folder. ``verbose`` shows the traceback of a program that raises.
    """
    if not environment.get("AWS_ENDPOINT_URL"):
        raise DeployError(["AWS_ENDPOINT_URL is not in the environment; without it the real AWS would be reached"])
    task = _task(read_program(Path(program), stack, config or {}, secrets or {}), path, verbose)
    finished: dict[str, Any] = {}
    for event in _events(task, _child_environment(environment), timeout_seconds):
        if "created" in event:
            on_created(Deployed(**event["created"]))
        finished |= event
    if "refused" in finished:
        raise DeployError(finished["refused"])
    if "deployment" not in finished:
        raise DeployError([f"{program}: the process that deploys ended before its time; its output says more"])
    return Deployment.from_json(finished["deployment"])


def _task(program: Program, path: Sequence[Path], verbose: bool) -> dict[str, Any]:
    return {**asdict(program), "path": list(map(str, path)), "verbose": verbose, "own_path": str(OWN_PATH)}


def _child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Ours without anything that leads to another account. Our own folder is first on the path; see ``child``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
    path = os.pathsep.join([str(OWN_PATH), *filter(None, [kept.get("PYTHONPATH")])])
    region = environment.get("AWS_DEFAULT_REGION") or environment.get("AWS_REGION") or "us-east-1"
    return {**kept, **environment, "AWS_DEFAULT_REGION": region, "PYTHONPATH": path}


def _events(task: Mapping[str, Any], environment: dict[str, str], timeout_seconds: float) -> Iterator[dict[str, Any]]:
    child = start(environment)
    overdue = threading.Event()

    def stop() -> None:
        overdue.set()
        child.kill()

    timer = threading.Timer(timeout_seconds, stop)
    timer.daemon = True  # Ctrl-C may come at any line: nothing here may keep the process from ending.
    try:
        timer.start()
        child.tasks.write(json.dumps({**task, "environment": environment}, default=str) + "\n")
        child.tasks.flush()  # The child ends when its input does: it is held open until then.
        for line in child.events:
            event = json.loads(line)
            learn(event.pop("loaded", {}))
            yield event
    finally:
        timer.cancel()
        child.end()
    if overdue.is_set():
        raise DeployError([f"{task['entry']}: not deployed after {timeout_seconds:g} s; stopped"])
