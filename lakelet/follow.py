"""Follows a run: what the rehearsal tells and what the ledger says become steps on the screen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lakelet.progress import Progress
from rehearsal.progress import Event
from sources.layout import RunName

LOOK_SECONDS = 0.3
Look = Callable[[], Mapping[str, Any]]  # what the ledger says of the run that is followed


class Follower:
    """Turns events into progress. Steps are named for what they do in the lake: extract, start, curate, record."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self._steps: dict[str, str] = {}
        self._look: Look = dict

    def knows(self, outputs: Mapping[str, Any]) -> None:
        """From here on, functions and jobs are shown as the steps they are."""
        self._steps = {
            **dict.fromkeys(outputs["extract_functions"].values(), "extract"),
            **dict.fromkeys(outputs["curate_jobs"].values(), "curate"),
            outputs["start_function"]: "start",
            outputs["record_function"]: "record",
            outputs["reconcile_function"]: "reconcile",
            outputs["upkeep_job"]: "upkeep",
        }

    def on_event(self, event: Event) -> None:
        step = self._steps.get(event.name)
        if step is None:
            return
        if event.kind in ("function-started", "job-started"):
            self.progress.step(step, STARTED[step])
        elif event.kind in ("function-ended", "job-ended"):
            self.progress.done(step, pages_of(self._look()) if step == "extract" else _ended(event))

    @contextmanager
    def following(self, name: RunName, look: Look) -> Iterator[None]:
        """While the block runs, the pages and rows that the ledger has of a run are shown."""
        self._look, stop = look, threading.Event()
        self.progress.note(f"run {name}")
        thread = threading.Thread(target=self._watch, args=(stop,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _watch(self, stop: threading.Event) -> None:
        while not stop.wait(LOOK_SECONDS):
            self.progress.update("extract", pages_of(self._look()))


def pages_of(entry: Mapping[str, Any]) -> str:
    pages = max(entry.get("page", 1) - 1, 0)
    return f"{pages:,} page{'' if pages == 1 else 's'}, {entry.get('rows', 0):,} rows"


STARTED = {
    "extract": "asks for the first page",
    "start": "claims the manifests, starts the job",
    "curate": "Spark reads, checks, dedupes and merges",
    "record": "writes the outcome to the ledger",
    "reconcile": "looks for what stopped",
    "upkeep": "Spark folds small files together, drops old snapshots and strays",
}


def _ended(event: Event) -> str:
    return str(event.detail.get("state") or event.detail.get("error") or "done").lower()
