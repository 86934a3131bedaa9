"""`lakelet run`: plays the schedules of sources, and says what came of each run."""

from __future__ import annotations

from lakelet.lake import open_lake
from lakelet.outcome import RunOutcome
from lakelet.progress import Progress
from lakelet.request import Request


def run(request: Request) -> list[RunOutcome]:
    """Plays the schedules of the chosen sources, and says what came of each run."""
    sources = request.chosen()
    with Progress() as progress, open_lake(request, sources, progress) as lake:
        return [outcome for day in range(request.days) for source in sources for outcome in lake.play_day(source, day)]
