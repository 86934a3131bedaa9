"""Which scheduled time a command's run stands for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sources.model import DAY, scheduled_at
from sources.runs import UNFINISHED

NextTime = Callable[[float], float]  # when the schedule is due next after a moment


def next_moment(runs: Sequence[dict[str, Any]], next_time: NextTime, now: float, every: float = DAY) -> float:
    """The oldest run that is unfinished; else the time after the newest run; else the last time that was due.

    ``runs`` are the stream's, oldest first.
    """
    for run in runs:
        if run["state"] in UNFINISHED:
            return moment_of(run)
    return next_time(moment_of(runs[-1])) if runs else last_due(next_time, now, every)


def last_due(next_time: NextTime, now: float, every: float = DAY) -> float:
    """The last time that was due by now, of what is due ``every`` so many seconds; the next one where there is none."""
    moment = next_time(now - every)
    while (following := next_time(moment)) <= now:
        moment = following
    return moment


def moment_of(run: dict[str, Any]) -> float:
    return datetime.fromisoformat(scheduled_at(run["run"])).timestamp()


def day_of(runs: Sequence[dict[str, Any]], moment: float) -> int:
    """How many days a moment is after the first of the runs: the day of the stand-in's data."""
    return max(0, round((moment - moment_of(runs[0])) / DAY)) if runs else 0
