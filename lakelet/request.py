"""What a user asks of `lakelet run`, checked before anything is started."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lakelet.errors import UsageError
from rehearsal.spark.settings import SMALL, Size
from sources import SOURCES
from sources.model import Source
from stand_ins import DEFAULT_KEY

KEY_VARIABLE = "LAKELET_API_KEY"


@dataclass(frozen=True)
class Request:
    """What the user asked for."""

    sources: tuple[str, ...] = ()
    api: str | None = None
    at: str | None = None
    days: int = 1
    stand_in: dict[str, Any] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    driver: Size = SMALL
    key: str = DEFAULT_KEY

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> Request:
        return cls(
            sources=tuple(arguments.sources),
            api=arguments.api,
            at=arguments.at,
            days=arguments.days,
            stand_in=dict(_option(text) for text in arguments.stand_in),
            faults=tuple(arguments.fault),
            key=os.environ.get(KEY_VARIABLE, DEFAULT_KEY) if arguments.api else DEFAULT_KEY,
            driver=Size(memory=arguments.driver_memory, full_compiler=arguments.large),
        )

    def chosen(self) -> tuple[Source, ...]:
        unknown = [name for name in self.sources if name not in SOURCES]
        if unknown:
            raise UsageError(f"no source {unknown[0]!r}; there are: {', '.join(sorted(SOURCES))}")
        self._check_time()
        if self.api and len(self.sources) != 1:
            raise UsageError(f"--api {self.api} is the server of one source; name it: lakelet run SOURCE --api URL")
        return tuple(SOURCES[name] for name in self.sources or sorted(SOURCES))

    def _check_time(self) -> None:
        if self.at is None:
            return
        try:
            moment = datetime.fromisoformat(self.at)
        except ValueError as error:
            raise UsageError(f"--at {self.at!r} is no time; write it as 2026-03-02T06:00:00+01:00") from error
        if moment.tzinfo is None:
            raise UsageError(f"--at {self.at!r} has no zone; add one, such as {self.at}+01:00")


def _option(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"--stand-in {text!r} has no value; write NAME=VALUE, such as athletes=1000")
    if name in ("key", "port", "faults", "on_request", "source"):
        raise UsageError(f"--stand-in {text!r}: {name} is not for the command line to choose")
    return name.replace("-", "_"), value
