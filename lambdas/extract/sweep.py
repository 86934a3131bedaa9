"""The way through a stream's pages: read one, store it, move the cursor behind it; in the end write the manifest.

Stopping between any two of these steps is harmless: whoever goes on finds the same cursor, and where the object is
stored already, that object is the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from lambdas.clock import Clock
from lambdas.extract import envelope, raw
from lambdas.extract.envelope import End, Page
from lambdas.extract.errors import Broken, Waits
from lambdas.extract.raw import Shelf
from lambdas.ledger import Ledger
from lambdas.logs import Log
from lambdas.run import PageEntry, Run
from sources.layout import page_key
from sources.metrics import PAGES, ROWS
from sources.model import Stream


class Reads(Protocol):
    def read(self, page: int, cursor: str) -> Page | End: ...


@dataclass(frozen=True)
class Sweep:
    """``left`` says how much time there is for another page: at zero the sweep stops, and goes on in another call."""

    stream: Stream
    ledger: Ledger
    reader: Reads
    shelf: Shelf
    left: Callable[[], float]
    clock: Clock
    log: Log

    def finish(self, run: Run) -> Run:
        """Read from where the run is to the end of its pages. Raises Waits, Broken, or Lost to another holder."""
        entries = self.ledger.pages(run.name) if run.page > 1 else []
        while run.ended is None:
            self._check_may_go_on(run)
            run = self._turn(run, entries)
        manifest = self.shelf.keep_manifest(run, entries)
        log = self.log.of(page=run.page, pages=len(entries), rows=run.rows, bytes=run.bytes)
        log.info("sweep ended", why=run.ended)
        return self.ledger.extracted(run, manifest)

    def _check_may_go_on(self, run: Run) -> None:
        if self.left() <= 0:
            raise Waits(f"the time of this call is up before page {run.page}; goes on by itself", self.clock.now())
        if run.page > self.stream.paging.max_pages:
            most = self.stream.paging.max_pages
            raise Broken(f"{run.name} has no end after {most} pages; check the paging of the stream in sources/")

    def _turn(self, run: Run, entries: list[PageEntry]) -> Run:
        cursor = run.cursor if run.cursor is not None else self.stream.paging.first()
        found = self.reader.read(run.page, cursor)
        if isinstance(found, End):
            return self.ledger.end_sweep(run, found.why)
        repeated = _page_with(entries, raw.digest(found.records))
        if repeated is not None:
            return self.ledger.end_sweep(run, f"page {run.page} repeats page {repeated}")
        found, entry = self._store(run, found)
        after = self.stream.paging.after(cursor, found.answer)
        run = self.ledger.turn_page(run, entry, after, f"page {run.page} says that it is the last")
        entries.append(entry)
        measured = {PAGES: 1, ROWS: entry.rows}
        self.log.info("page stored", measured, page=entry.page, rows=entry.rows, bytes=entry.bytes)
        return run

    def _store(self, run: Run, found: Page) -> tuple[Page, PageEntry]:
        """Store a page. Where an earlier try has stored it, what that one saw is the page."""
        key, packed = page_key(run.name, run.page), raw.pack(found.answer)
        stored = self.shelf.keep_page(key, packed)
        if stored != packed:
            earlier = envelope.check(self.stream, run.page, raw.unpack(stored))
            if isinstance(earlier, End):
                raise Broken(f"the object {key} holds no records, and is not from here; remove it")
            found = earlier
        return found, raw.entry(run.page, key, found.records, stored)


def _page_with(entries: list[PageEntry], digest: str) -> int | None:
    return next((entry.page for entry in entries if entry.digest == digest), None)
