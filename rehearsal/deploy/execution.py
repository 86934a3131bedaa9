"""One run of a Pulumi program under our monitor. Pulumi keeps global state: one run per process."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import runpy
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import resource, set_all_config, set_mocks, settings
from pulumi.runtime.proto import source_pb2
from pulumi.runtime.stack import run_pulumi_func

from rehearsal.deploy.constructors import report_to, watch_constructors
from rehearsal.deploy.faults import fault_line
from rehearsal.deploy.invokes import Invokes
from rehearsal.deploy.ledger import Ledger
from rehearsal.deploy.maker import Maker
from rehearsal.deploy.model import SECRET, Deployment
from rehearsal.deploy.monitor import Monitor, RefusedError
from rehearsal.deploy.order import Cloud

Say = Callable[[str, Any], None]

watch_constructors()  # Here, as it must be before any provider is imported.
resource._get_stack_trace = source_pb2.StackTrace  # Where in the program each resource is made: nobody here asks.


def execute(task: Mapping[str, Any], say: Say) -> None:
    """Run the task's program; say ``created`` for each resource, then ``deployment`` or ``refused`` (lines)."""
    started = time.monotonic()
    ledger = Ledger(lambda made: say("created", asdict(made)))
    run = _Run(task, ledger)
    outputs = run.outputs()
    if ledger.failed:
        say("refused", ledger.problems)
        return
    made = sorted(ledger.created, key=lambda resource: resource.urn)
    ignored, recorded = (
        sorted(items, key=lambda item: (item.resource, item.property)) for items in (ledger.ignored, ledger.recorded)
    )
    seconds = round(time.monotonic() - started, 3)
    finished = Deployment(made, outputs, ignored, seconds, run.region, task["project"], task["stack"], recorded)
    say("deployment", finished.to_json())


class _Run:
    def __init__(self, task: Mapping[str, Any], ledger: Ledger) -> None:
        self._task, self._ledger = task, ledger
        self._config: dict[str, str] = dict(task["config"])
        self.region: str = self._config.get("aws:region") or os.environ["AWS_DEFAULT_REGION"]
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)  # Before set_mocks, which else waits for ever.

    def outputs(self) -> dict[str, Any]:
        """The exports of the program; a fault is a line in the ledger."""
        self._prepare()
        try:
            self._loop.run_until_complete(run_pulumi_func(self._program))
            return self._loop.run_until_complete(_exports())
        except Exception as error:
            # A value that depends on a refused resource fails as a consequence: the cause is noted already.
            if not self._ledger.failed:
                self._note(error)
            return {}

    def _prepare(self) -> None:
        report_to(self._ledger.problem)
        cloud = Cloud(self.region)
        default_tags = json.loads(self._config.get("aws:defaultTags", "{}")).get("tags", {})
        maker = Maker(cloud, self._ledger, default_tags)
        monitor = Monitor(self._task["project"], self._task["stack"], maker, Invokes(cloud), self._ledger)
        set_all_config(self._config, list(self._task["secret_keys"]))
        set_mocks(
            monitor.mocks, project=self._task["project"], stack=self._task["stack"], preview=False, monitor=monitor,
            logger=_program_log(),
        )  # fmt: skip

    async def _program(self) -> None:
        entry = Path(self._task["entry"])
        os.chdir(entry.parent)
        sys.path[:0] = [str(entry.parent), *self._task["path"]]
        sys.argv = [str(entry)]
        try:
            runpy.run_path(str(entry), run_name="__main__")
            await _async_entry()
        except RefusedError:
            raise
        except BaseException as error:
            self._note(error)
            raise RefusedError from error

    def _note(self, error: BaseException) -> None:
        if isinstance(error, RefusedError) or isinstance(error.__cause__, RefusedError):
            return
        if self._task["verbose"]:
            traceback.print_exception(error)
        self._ledger.problem(fault_line(error, Path(self._task["folder"])))


async def _async_entry() -> None:
    """A program may leave an asynchronous entry point with ``pulumi.run``."""
    root = settings.get_root_resource()
    take = getattr(root, "_take_async_program", None)
    program = take() if take else None
    if root is not None and program is not None:
        root._add_program_outputs(await program())  # type: ignore[attr-defined]


async def _exports() -> dict[str, Any]:
    root = settings.get_root_resource()
    found = {}
    for name, value in (getattr(root, "outputs", None) or {}).items():
        output = pulumi.Output.from_input(value)
        resolved = await output.future()
        found[name] = SECRET if await output.is_secret() else resolved
    return found


def _program_log() -> logging.Logger:
    """``pulumi.log`` of the program, on standard error."""
    logger = logging.getLogger("rehearsal.program")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(logging.StreamHandler(sys.stderr))
    return logger
