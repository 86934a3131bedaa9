"""Plays the schedules of sources, day by day."""

from __future__ import annotations

from lakelet.lake import open_lake
from lakelet.outcome import RunOutcome
from lakelet.place import home
from lakelet.progress import Progress
from lakelet.request import Request


def play(request: Request) -> list[RunOutcome]:
    """Plays the schedules of the chosen sources, and says what came of each run."""
    sources, request = request.chosen(), request.with_own_key()
    with Progress() as progress, open_lake(request, sources, progress, keep=home(request.live)) as lake:
        return [outcome for day in range(request.days) for source in sources for outcome in lake.play_day(source, day)]
