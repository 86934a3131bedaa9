"""What a user asks of `lakelet run`, checked before anything is started."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import stand_ins
from lakelet import program
from lakelet.errors import UsageError
from lakelet.key import KEY_VARIABLE, own_key
from rehearsal.spark.settings import SMALL, Size
from sources import SOURCES
from sources.configured import configured
from sources.model import Source
from sources.options import OptionRefused
from stand_ins import DEFAULT_KEY, START


@dataclass(frozen=True)
class Request:
    """What the user asked for. ``api`` is the server to read instead of the stand-in, or live instead of the real.

    ``key`` is the user's own key of that server, where he gave one. ``choices`` are for the options of sources.
    """

    sources: tuple[str, ...] = ()
    api: str | None = None
    live: bool = False
    at: str | None = None
    days: int = 1
    choices: dict[str, dict[str, Any]] = field(default_factory=dict)
    stand_in: dict[str, Any] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    driver: Size = SMALL
    cold: bool = False
    key: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> Request:
        """Raises UsageError for what does not exist or does not fit together."""
        request = cls.unchecked(arguments)
        request.chosen()
        return request

    @classmethod
    def unchecked(cls, arguments: argparse.Namespace) -> Request:
        """For a command that knows its sources only once it has looked at the lake."""
        return cls(
            sources=tuple(arguments.sources),
            api=arguments.api,
            live=arguments.live,
            at=arguments.at,
            days=arguments.days,
            choices=choices(arguments.set),
            stand_in=dict(option(text) for text in arguments.stand_in),
            faults=tuple(arguments.fault),
            driver=Size(memory=arguments.driver_memory, full_compiler=arguments.large),
            cold=arguments.cold,
            key=os.environ.get(KEY_VARIABLE) if arguments.api else None,
        )

    def with_own_key(self) -> Request:
        """With the user's own key where the real API is read; asked for last, when all else is right."""
        if not self.live:
            return self
        source = SOURCES[self.sources[0]]
        return replace(self, key=own_key(source.name, form=source.api.auth.form))

    @property
    def is_stood_in(self) -> bool:
        return self.api is None and not self.live

    def is_elsewhere(self, source: str) -> bool:
        """Whether another server than the stand-in is read for a source."""
        return self.live or (self.api is not None and source in self.sources)

    def key_of(self, source: str) -> str:
        """The user's own, where another server is read and he gave one; else the one that the stand-in asks for."""
        own = self.key if self.live or source in self.sources else None
        return own or (START[source].default_key if source in START else DEFAULT_KEY)

    def command(self, source: str) -> str:
        """The command that goes on with a run of a source."""
        server = [*(["--live"] if self.live else []), *(["--api", self.api] if self.api else [])]
        return " ".join(["lakelet run", source, *server]) + program.option()

    def chosen(self) -> tuple[Source, ...]:
        unknown = [name for name in self.sources if name not in SOURCES]
        if unknown:
            raise UsageError(f"no source {unknown[0]!r}; there are: {', '.join(sorted(SOURCES))}")
        if not SOURCES:
            raise UsageError(f"{program.folder()} declares no source; docs/add-a-source.md says how one is declared")
        self._check_time()
        self._check_server()
        self._check_stand_in()
        return tuple(SOURCES[name] for name in self.sources or sorted(SOURCES))

    def _check_server(self) -> None:
        if self.api and len(self.sources) != 1:
            raise UsageError(f"--api {self.api} is the server of one source; name it: lakelet run SOURCE --api URL")
        if self.live and len(self.sources) != 1:
            raise UsageError(
                "--live reads the API of one source, with your key of it; name it: lakelet run SOURCE --live"
            )
        if self.live and self.days > 1:
            raise UsageError(
                f"--days {self.days} plays days that the real API does not have yet; leave out one of the two"
            )
        if not self.is_stood_in and (self.stand_in or self.faults):
            option = "--fault" if self.faults else "--stand-in"
            raise UsageError(f"{option} is for the stand-in, which {'--live' if self.live else '--api'} does not read")

    def _check_stand_in(self) -> None:
        sources = self.sources or sorted(SOURCES)
        for source in sources:
            if self.is_stood_in and source not in START:
                raise UsageError(
                    f"source {source!r} has no stand-in: write stand_ins/{source}.py, or read it with --live or --api"
                )
        known = {name for source in sources if source in START for name in stand_ins.options(source)}
        for name in self.stand_in:
            if name not in known:
                raise UsageError(
                    f"no stand-in of {', '.join(sources)} has an option {name!r}; there are: {', '.join(sorted(known))}"
                )

    def _check_time(self) -> None:
        if self.at is None:
            return
        try:
            moment = datetime.fromisoformat(self.at)
        except ValueError as error:
            raise UsageError(f"--at {self.at!r} is no time; write it as 2026-03-02T06:00:00+01:00") from error
        if moment.tzinfo is None:
            raise UsageError(f"--at {self.at!r} has no zone; add one, such as {self.at}+01:00")


def option(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"--stand-in {text!r} has no value; write NAME=VALUE, such as athletes=1000")
    if name in ("key", "port", "faults", "on_request", "source"):
        raise UsageError(f"--stand-in {text!r}: {name} is not for the command line to choose")
    return name.replace("-", "_"), value


def choices(texts: Iterable[str]) -> dict[str, dict[str, Any]]:
    """``spotify.playlists=A,B`` and its like, by source; each fits what the source declares."""
    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        place, equals, value = text.partition("=")
        source, dot, name = place.partition(".")
        if not (equals and dot):
            raise UsageError(f"--set {text!r} says too little; write SOURCE.OPTION=VALUE, with commas in a list")
        if source not in SOURCES:
            raise UsageError(f"--set {text!r}: no source {source!r}; there are: {', '.join(sorted(SOURCES))}")
        is_list = any(option.name == name and option.is_list for option in SOURCES[source].options)
        found.setdefault(source, {})[name] = value.split(",") if is_list else value
        try:
            configured(SOURCES[source], found[source])
        except OptionRefused as refused:
            raise UsageError(f"--set {text!r}: {refused}") from refused
    return found
