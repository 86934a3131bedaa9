"""Reads from the notes of a lake at home what its newest runs have shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lakelet import program
from lakelet.errors import LakeletError, UsageError
from lakelet.place import NoLake, home
from lakelet.rehearsed.notes import DEPLOYED, NEWEST, RAN, Notes
from rehearsal.honesty.executed import Numbers, added
from rehearsal.honesty.limits import Limit, limits_of


class NothingRan(LakeletError):
    """No run of this lake has left a word of what ran."""


@dataclass(frozen=True)
class Shown:
    """What some runs have shown. ``recorded``, ``ignored`` and ``advised_against`` are of the last deployment."""

    title: str
    runs: Mapping[str, Numbers]
    versions: Mapping[str, str]
    resources: Mapping[str, int]
    recorded: Sequence[Mapping[str, Any]]
    ignored: Sequence[Mapping[str, Any]]
    undelivered: Sequence[Mapping[str, Any]] = ()
    advised_against: Sequence[Mapping[str, Any]] = ()

    @property
    def executed(self) -> Numbers:
        return added(*self.runs.values())

    @property
    def limits(self) -> list[Limit]:
        return list(limits_of(self.resources))


def look(live: bool, run_or_source: str | None) -> Shown:
    """The lake at home as it is now, whoever works on it."""
    from rehearsal.kept import Kept

    folder, again = home(live), f"lakelet run{' --live' if live else ''}{program.option()}"
    if not (folder / "lake.db").exists():
        raise NoLake(f"there is no lake in {folder} yet; make one first: {again}")
    kept = Kept.look(folder)
    try:
        return shown(f"the lake in {folder}", kept, run_or_source, again)
    finally:
        kept.close()


def shown(title: str, kept: Notes, run_or_source: str | None, again: str) -> Shown:
    ran, deployed = kept.notes(RAN), kept.notes(DEPLOYED).get(NEWEST)
    if not ran or deployed is None:
        raise NothingRan(f"no run in {title} has left word of what ran; run it again: {again}")
    chosen = choose(list(ran), run_or_source)
    return Shown(
        title,
        runs={name: ran[name]["executed"] for name in chosen},
        versions=ran[chosen[-1]]["versions"],
        resources=deployed["resources"],
        recorded=deployed["recorded"],
        ignored=deployed["ignored"],
        undelivered=[lost for name in chosen for lost in ran[name].get("undelivered", ())],
        advised_against=deployed.get("advised_against", ()),
    )


def choose(names: Sequence[str], run_or_source: str | None) -> list[str]:
    """The run that is named, or the newest of each stream: of a source, or of all."""
    if run_or_source is not None and run_or_source in names:
        return [run_or_source]
    newest: dict[str, str] = {}
    for name in sorted(names):
        if run_or_source in (None, name.split("/")[0]):
            newest[name.rpartition("/")[0]] = name
    if not newest:
        raise UsageError(f"no run or source {run_or_source!r} has left word; there are: {', '.join(sorted(names))}")
    return sorted(newest.values())
