"""Has a parked run tried again: at home to its end, on a stack by its own reconcile function."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from typing import Any

from lakelet.errors import LakeletError, UsageError
from lakelet.lake import open_lake
from lakelet.ledger import find_run, runs_of
from lakelet.outcome import RunOutcome
from lakelet.place import Place, home, open_place
from lakelet.progress import Progress
from lakelet.request import Request
from lakelet.status.next_steps import run_step
from lakelet.sure import agrees
from lambdas.clock import Clock, iso
from lambdas.errors import Lost
from lambdas.ledger import Ledger
from sources import SOURCES
from sources.layout import RunName
from sources.runs import State

_NEAR = 100  # among how many of the newest runs of each stream a mistyped one is looked for


class NotRetried(LakeletError):
    """A run was not taken up; the message says what stood in the way."""


def retry(stack: str | None, request: Request, text: str, is_sure: bool = False) -> RunOutcome:
    """What came of the run. One that is not parked is left as it is, and its outcome says what it is.

    Raises UsageError for a run that there is not. ``request`` is what a lake at home is deployed with.
    """
    with open_place(stack, request.live) as place:
        name, entry = find(place, text)
        if entry["state"] != State.PARKED:
            return _as_it_is(place, name, entry)
        if not place.is_home:
            return _on_a_stack(place, name, entry, is_sure)
    return _at_home(request, name)


def find(place: Place, text: str) -> tuple[RunName, dict[str, Any]]:
    """The run that is meant, and what the ledger says of it. Raises UsageError, with runs of a like name."""
    try:
        name = RunName.parse(text.strip())
    except ValueError as error:
        raise UsageError(f"{error}{_near(place, text)}") from error
    entry = find_run(place.client("dynamodb"), place.outputs["runs_table"], name)
    if entry is None:
        raise UsageError(f"there is no run {name} in {place.title}{_near(place, str(name))}")
    return name, entry


def unpark(dynamodb: Any, table: str, name: RunName) -> None:
    """Raises NotRetried where it is not parked any more."""
    try:
        Ledger(dynamodb, table, clock=Clock()).unpark(name)
    except Lost as lost:
        raise NotRetried(f"run {name} is not parked any more: somebody else took it up; see: lakelet status") from lost


def _at_home(request: Request, name: RunName) -> RunOutcome:
    source = SOURCES[name.source]
    request = request.with_own_key()
    with Progress() as progress, open_lake(request, (source,), progress, keep=home(request.live)) as lake:
        unpark(lake.rehearsal.account.client("dynamodb"), lake.outputs["runs_table"], name)
        return lake.resume(source, source.stream(name.stream), name)


def _on_a_stack(place: Place, name: RunName, entry: Mapping[str, Any], is_sure: bool) -> RunOutcome:
    """A second call of reconcile does each thing once, so a lost answer is harmless."""
    function = place.outputs["reconcile_function"]
    if not agrees(f"un-park {name} in {place.title}, and call {function}", is_sure):
        return _as_it_is(place, name, entry, "nothing was changed")
    unpark(place.client("dynamodb"), place.outputs["runs_table"], name)
    payload = json.dumps({"scheduled_at": iso(place.now())}).encode()
    answer = place.client("lambda").invoke(FunctionName=function, Payload=payload)
    said = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        why = said.get("errorMessage", said) if isinstance(said, dict) else said
        raise NotRetried(f"run {name} is un-parked, but {function} failed: {why}; it is called again within 15 minutes")
    did = said.get(str(name)) if isinstance(said, dict) else None
    follow = f"follow it with: lakelet status {name.source}{place.option}"
    return _as_it_is(place, name, find(place, str(name))[1], f"{did or 'un-parked'}; {follow}")


def _as_it_is(place: Place, name: RunName, entry: Mapping[str, Any], next_step: str = "") -> RunOutcome:
    return RunOutcome.of(name, entry, next_step=next_step or run_step(entry, place))


def _near(place: Place, text: str) -> str:
    """What to say of the runs whose names come close, with a place to see all."""
    dynamodb, table = place.client("dynamodb"), place.outputs["runs_table"]
    streams = [(source.name, stream.name) for source in SOURCES.values() for stream in source.streams]
    runs = [f"{entry['stream']}/{entry['run']}" for stream in streams
            for entry in runs_of(dynamodb, table, *stream, limit=_NEAR)]  # fmt: skip
    near = difflib.get_close_matches(text, runs, n=3, cutoff=0.5) or [run for run in runs if text and text in run][:3]
    see = f"`lakelet status{place.option}` shows them"
    return f"; did you mean {' or '.join(near)}?" if near else f"; {see}" if runs else "; it has no runs yet"
