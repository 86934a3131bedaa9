"""The lake in the embedded account, from the deployment to the end."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import stand_ins
from lakelet import program
from lakelet.errors import UsageError
from lakelet.follow import Follower
from lakelet.hands import Lake
from lakelet.progress import Progress
from lakelet.rehearsed.notes import keep_deployment
from lakelet.request import Request
from rehearsal.honesty.executed import Heard
from rehearsal.identity.held import EVERYTHING
from rehearsal.kept import KeptBusy
from rehearsal.session import Rehearsal
from sources import SOURCES
from sources.model import Source
from stand_ins import StandIn, StandInError

__all__ = ["Lake", "open_lake"]

STACK = "dev"
BUSY_SECONDS = 0.5  # how often it is looked whether another command has ended


@contextmanager
def open_lake(
    request: Request,
    sources: tuple[Source, ...],
    progress: Progress,
    keep: Path | None = None,
    deployer_policy: str = EVERYTHING,
    alone: bool = False,
) -> Iterator[Lake]:
    """The lake, deployed and ready. All that it started is gone when the block ends, however it ends.

    ``keep`` is the folder that it goes on from and stays in; without one it is gone too. While another command has
    that folder, this one waits. It is deployed under ``deployer_policy``. A live lake holds the chosen ``sources``
    only, and so does one that is to have them ``alone``.
    """
    gc.enable()
    with ExitStack() as stack:
        follower = Follower(progress)
        heard = Heard(follower.on_event)
        deployed = sources if request.live or alone else _all(sources)
        apis = {
            source.name: _stand_in(source, request, sources)
            for source in deployed
            if not request.is_elsewhere(source.name)
        }
        urls = {name: str(stack.enter_context(api).url) for name, api in apis.items()}
        if request.api:
            urls[sources[0].name] = request.api
        rehearsal = _enter(stack, lambda: _rehearsal(heard, request, keep, deployer_policy), progress)
        progress.step("deploy", "starting the embedded account")
        deployment = rehearsal.deploy(
            program.folder(),
            stack=STACK,
            config={
                "lakelet:sources": json.dumps([source.name for source in deployed]),
                "lakelet:apiUrls": json.dumps(urls),
                **{f"lakelet:{source}": json.dumps(chosen) for source, chosen in _choices(apis, request).items()},
            },
            secrets={f"lakelet:{source.name}ApiKey": request.key_of(source.name) for source in deployed},
            path=(program.OWN,),  # where another program finds the components
        )
        progress.done("deploy", f"{len(deployment.resources)} resources in the embedded account")
        if rehearsal.kept is not None:
            keep_deployment(rehearsal.kept, deployment, rehearsal.account.gate.strict.warnings)
        rehearsal.settle()  # before the clock is moved: the new queue has got S3's test message
        if "extract_functions" not in deployment.outputs:
            raise UsageError(f"{program.folder()} is not a lake: it must export what infra/exports.py has")
        follower.knows(deployment.outputs)
        lake = Lake(rehearsal, deployment, follower, request, apis, heard)
        lake.set_free(deployed)
        yield lake


def _all(chosen: tuple[Source, ...]) -> tuple[Source, ...]:
    """All sources of the lake, but those that nothing could answer for: they would be read at their real API."""
    return tuple(source for source in SOURCES.values() if source in chosen or source.name in stand_ins.START)


def _choices(apis: Mapping[str, StandIn], request: Request) -> dict[str, dict[str, Any]]:
    """What is chosen for each source: as its stand-in asks for, and as the user says."""
    asked_for = {source: api.api.choices() for source, api in apis.items()}
    return {source: asked_for.get(source, {}) | request.choices.get(source, {}) for source in SOURCES}


def _rehearsal(heard: Heard, request: Request, keep: Path | None, policy: str) -> Rehearsal:
    return Rehearsal(heard, driver=request.driver, keep=keep, deployer_policy=policy, warm_drivers=not request.cold)


def _enter(stack: ExitStack, make: Callable[[], Rehearsal], progress: Progress) -> Rehearsal:
    """Wait, and say so, while another command has the lake."""
    while True:
        try:
            entered = stack.enter_context(make())
        except KeptBusy as busy:
            if not progress.is_under_way("wait"):
                progress.note(f"waiting: {busy}")
            progress.step("wait", "another command has the lake")
            time.sleep(BUSY_SECONDS)
        else:
            if progress.is_under_way("wait"):
                progress.done("wait", "the other command has ended")
            return entered


def _stand_in(source: Source, request: Request, chosen: tuple[Source, ...]) -> StandIn:
    """The stand-in of a source. The faults are for those that were chosen, and so are the options that it has."""
    is_chosen, known = source in chosen, stand_ins.options(source.name)
    options = {name: value for name, value in request.stand_in.items() if is_chosen and name in known}
    try:
        return stand_ins.serve(source.name, faults=request.faults if is_chosen else (), **options)
    except StandInError as error:
        raise UsageError(str(error)) from error
