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


class Follower:
    """Turns events into progress. Steps are named for what they do in the lake: extract, start, curate, record."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self._steps: dict[str, str] = {}
        self._pages = "asking for the first page"

    def knows(self, outputs: Mapping[str, Any]) -> None:
        """From here on, functions and jobs are shown as the steps they are."""
        self._steps = {
            **dict.fromkeys(outputs["extract_functions"].values(), "extract"),
            **dict.fromkeys(outputs["curate_jobs"].values(), "curate"),
            outputs["start_function"]: "start",
            outputs["record_function"]: "record",
            outputs["reconcile_function"]: "reconcile",
        }

    def on_event(self, event: Event) -> None:
        step = self._steps.get(event.name)
        if step is None:
            return
        if event.kind in ("function-started", "job-started"):
            self.progress.step(step, self._pages if step == "extract" else STARTED[step])
        elif event.kind in ("function-ended", "job-ended"):
            self.progress.done(step, self._pages if step == "extract" else _ended(event))

    @contextmanager
    def following(self, name: RunName, look: Callable[[], Mapping[str, Any] | None]) -> Iterator[None]:
        """While the block runs, the pages and rows that the ledger has of a run are shown."""
        stop = threading.Event()
        self.progress.note(f"run {name}")
        thread = threading.Thread(target=self._watch, args=(look, stop), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _watch(self, look: Callable[[], Mapping[str, Any] | None], stop: threading.Event) -> None:
        while not stop.wait(LOOK_SECONDS):
            entry = look()
            if entry:
                self._pages = f"{max(entry.get('page', 1) - 1, 0):,} pages, {entry.get('rows', 0):,} rows"
                self.progress.update("extract", self._pages)


STARTED = {
    "start": "claims the manifests, starts the job",
    "curate": "Spark reads, checks, dedupes and merges",
    "record": "writes the outcome to the ledger",
    "reconcile": "looks for what stopped",
}


def _ended(event: Event) -> str:
    return str(event.detail.get("state") or event.detail.get("error") or "done").lower()
