"""The way through a stream's pages: read one, store it, move the cursor behind it; in the end write the manifest.

Stopping between any two of these steps is harmless: whoever goes on finds the same cursor, and where the object is
stored already, that object is the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from lambdas.clock import Clock
from lambdas.extract import envelope, notes, raw
from lambdas.extract.asked import Asked
from lambdas.extract.bookmark import Bookmark, to_next_part
from lambdas.extract.drift import shortened
from lambdas.extract.envelope import End, Page
from lambdas.extract.errors import Broken, Waits
from lambdas.extract.onward import cursor_after, leads_nowhere, says_more, step_after
from lambdas.extract.raw import Shelf
from lambdas.extract.reader import Unreadable
from lambdas.ledger import Ledger
from lambdas.logs import Log
from lambdas.run import PageEntry, Run
from sources.layout import page_key
from sources.metrics import PAGES, ROWS
from sources.model import Stream


class Reads(Protocol):
    def read(self, asked: Asked, cursor: str) -> Page | End | Unreadable: ...


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
            mark = Bookmark.of(run.cursor, self.stream)
            asked = Asked(run.name.source, self.stream, run.page, mark.part, run.page == mark.since)
            self._check_may_go_on(asked, mark)
            run = self._turn(run, asked, mark, entries)
        manifest = self.shelf.keep_manifest(run, entries)
        log = self.log.of(page=run.page, pages=len(entries), rows=run.rows, bytes=run.bytes)
        log.info("sweep ended", why=run.ended)
        return self.ledger.extracted(run, manifest)

    def _check_may_go_on(self, asked: Asked, mark: Bookmark) -> None:
        if self.left() <= 0:
            raise Waits(f"the time of this call is up before page {asked.page}; goes on by itself", self.clock.now())
        most = self.stream.paging.max_pages
        if asked.page - mark.since >= most:
            raise Broken(f"{asked} has no end after {most} pages; check the paging of {asked.declared}")

    def _turn(self, run: Run, asked: Asked, mark: Bookmark, entries: list[PageEntry]) -> Run:
        found = self.reader.read(asked, mark.at)
        if isinstance(found, Unreadable):
            return self._leave_out(run, asked, mark, found.status)
        if isinstance(found, End):
            said = notes.of_end(asked, found, says_more(mark, asked, found))
            return self._end_part(run, asked, mark, found.why, said)
        repeated = _page_with(entries, asked.part, raw.digest(found.records))
        if repeated is not None:
            return self._repeats(run, asked, mark, repeated)
        cursor_after(mark, asked, found)  # where that cannot be said, the page is not stored
        found, entry = self._store(run, asked, found)
        after = cursor_after(mark, asked, found)
        step = step_after(mark, asked, after)
        said = self._say(asked, notes.of_page(asked, found, after is None, run.notes))
        run = self.ledger.turn_page(run, entry, step.cursor, step.ended, said)
        entries.append(entry)
        measured, about = {PAGES: 1, ROWS: entry.rows}, {"part": entry.part} if entry.part else {}
        self.log.info("page stored", measured, page=entry.page, rows=entry.rows, bytes=entry.bytes, **about)
        return run

    def _store(self, run: Run, asked: Asked, found: Page) -> tuple[Page, PageEntry]:
        """Store a page. Where an earlier try has stored it, what that one saw is the page."""
        key, packed = page_key(run.name, asked.page), raw.pack(found.answer)
        stored = self.shelf.keep_page(key, packed, asked.part)
        if stored != packed:
            earlier = envelope.check(asked, raw.unpack(stored))
            if isinstance(earlier, End):
                raise Broken(f"the object {key} holds no records, and is not from here; remove it")
            found = earlier
        return found, raw.entry(asked.page, key, found.records, stored, asked.part)

    def _repeats(self, run: Run, asked: Asked, mark: Bookmark, page: int) -> Run:
        """A page that was there before is the end where no page says that it is the last, and a loop elsewhere."""
        why = f"page {asked.page} repeats page {page}"
        if not self.stream.paging.ends_by_repeating:
            raise leads_nowhere(asked, why)
        return self._end_part(run, asked, mark, why, [])

    def _leave_out(self, run: Run, asked: Asked, mark: Bookmark, status: int) -> Run:
        """Go on with the next part. Where none could be read, the next try begins again: the choice may be mended."""
        note = notes.left_out(asked, status)
        if not asked.is_first:
            return self._end_part(run, asked, mark, note, [note])
        mark = mark.part_left_out(status)
        if mark.has_none:
            self.ledger.start_over(run)
            raise Broken(f"none of the {asked.chosen} can be read: {shortened(mark.left_out)}; check them")
        step = to_next_part(mark, self.stream, asked.page, note)
        return self.ledger.end_part(run, step.cursor, step.ended, self._say(asked, [note]))

    def _end_part(self, run: Run, asked: Asked, mark: Bookmark, why: str, more: list[str]) -> Run:
        step = to_next_part(mark.part_read(), self.stream, asked.page, why)
        return self.ledger.end_part(run, step.cursor, step.ended, self._say(asked, more))

    def _say(self, asked: Asked, more: list[str]) -> list[str]:
        """Notes go into the log as well, and no key into either."""
        for note in more:
            self.log.warning("noted", page=asked.page, note=note)
        return [self.log.mask(note) for note in more]


def _page_with(entries: list[PageEntry], part: str, digest: str) -> int | None:
    return next((entry.page for entry in entries if (entry.part, entry.digest) == (part, digest)), None)
