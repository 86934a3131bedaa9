"""A lake of its own for each module: the program deployed into an embedded account, with a small stand-in behind it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from lakelet.lake import Lake, open_lake
from lakelet.outcome import RunOutcome
from lakelet.progress import Progress
from lakelet.request import Request
from lakelet.tables import open_table
from sources import find_source
from sources.layout import RunName
from sources.model import MINUTE, run_id
from stand_ins import StandIn
from stand_ins.faults import Faults
from stand_ins.olympics import Olympics

FIRST_DAY = "2026-03-02T06:00:00+01:00"
OLYMPICS = find_source("olympics")
ATHLETES = OLYMPICS.stream("athletes")


class Played:
    """A lake with hands for tests: what is served, a run, and what is there after it."""

    def __init__(self, lake: Lake) -> None:
        self.lake, self.account = lake, lake.rehearsal.account
        self.api: StandIn = lake.apis["olympics"]
        self.first_day = datetime.fromisoformat(FIRST_DAY)

    def serve(self, *faults: str, **options: Any) -> None:
        """From here on the stand-in serves this, in few sports: each has files of its own in the table."""
        self.api.api, self.api.faults = Olympics(**{"sports": 8, **options}), Faults(faults)

    def run(self, day: int) -> RunOutcome:
        """The run that the schedule starts on a day."""
        self.account.clock.advance(MINUTE)  # so that no quota of calls per minute is met
        return self.lake.play(OLYMPICS, ATHLETES, self.moment_of(day).timestamp())

    def extract(self, day: int) -> None:
        """Only the first step of a day's run."""
        self.account.clock.advance(MINUTE)
        event = {"source": "olympics", "stream": "athletes", "scheduled_at": self.moment_of(day).isoformat()}
        self.lake.rehearsal.invoke(self.lake.outputs["extract_functions"]["olympics"], json.dumps(event).encode())

    def state_of_day(self, day: int) -> str:
        return self.lake.entry(RunName("olympics", "athletes", run_id(self.moment_of(day).isoformat())))["state"]

    def moment_of(self, day: int) -> datetime:
        return self.first_day + timedelta(days=day)

    def table(self, name: str = "athletes") -> Any:
        return open_table(self.lake.catalog(), self.lake.outputs["database"], name)

    def rows(self, name: str = "athletes") -> list[dict[str, Any]]:
        table = self.table(name)
        return table.scan().to_arrow().to_pylist() if table else []

    def athletes(self) -> list[tuple[Any, ...]]:
        """As the stand-in's truth has them."""
        found = [(row["id"], row["name"], row["country"], row["sport"]) for row in self.rows()]
        return sorted(found, key=lambda row: (row[0], row[3]))

    def snapshots(self) -> list[int]:
        table = self.table()
        return [snapshot.snapshot_id for snapshot in table.snapshots()] if table else []

    def files(self) -> dict[str, set[str]]:
        """The data files of each sport."""
        found: dict[str, set[str]] = {}
        for file in self.table().inspect.files().to_pylist():
            found.setdefault(file["partition"]["sport"], set()).add(file["file_path"])
        return found


@contextmanager
def played(**wanted: Any) -> Iterator[Played]:
    request = Request(sources=("olympics",), at=FIRST_DAY, **wanted)
    with Progress(io.StringIO()) as progress, open_lake(request, request.chosen(), progress) as lake:
        yield Played(lake)


@pytest.fixture(scope="module")
def module_played() -> Callable[..., Any]:
    """``with module_played() as lake``, for a module that wants to prepare its lake."""
    return played


@pytest.fixture(scope="module")
def lake() -> Iterator[Played]:
    with played() as found:
        yield found


@pytest.fixture
def story(lake: Played) -> Callable[..., RunOutcome]:
    """``story(day, "down", athletes=40)``: what is served that day, and the run of that day."""

    def tell(day: int, /, *faults: str, **options: Any) -> RunOutcome:
        lake.serve(*faults, **options)
        return lake.run(day)

    return tell
