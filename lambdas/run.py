"""A run as its item in the ledger tells it, and a page of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from lambdas.errors import one_line
from sources.layout import RunName
from sources.runs import MAX_ATTEMPTS, State

MOST_NOTES = 20
NOTE_LENGTH = 300
AND_MORE = "and more: the log of the extract function has them"


@dataclass(frozen=True)
class Run:
    """One run of one stream. What is None is not in the item (yet, or any more)."""

    name: RunName
    state: State
    scheduled_at: str = ""
    version: int = 0  # counts the leases taken: the number that fences a holder who comes back too late
    lease_owner: str | None = None
    lease_until: int | None = None
    page: int = 1  # the next page to read
    cursor: str | None = None  # where it is, as a bookmark; the first page has none, and after the end there is none
    ended: str | None = None
    rows: int = 0
    bytes: int = 0
    notes: tuple[str, ...] = ()  # what is worth knowing of it, and is no failure
    manifest: str | None = None  # its key, once it is known to be stored: from then on the run is the job's
    reason: str | None = None
    resume_at: int | None = None
    attempts: int = 0
    unparked: int = 0  # how often a person had it tried again
    nudged_at: int | None = None  # when reconcile last had it taken up
    batch: str | None = None
    claimed_at: int | None = None
    job_name: str | None = None
    job_run_id: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict, hash=False)  # of rows, once it is curated
    seconds: Mapping[str, float] = field(default_factory=dict, hash=False)  # that the job took, part by part
    updated_at: str = ""

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Run:
        known = {each.name: item[each.name] for each in fields(cls) if each.name in item}
        name = RunName.parse(f"{item['stream']}/{item['run']}")
        notes = tuple(item.get("notes", ()))
        return cls(**known | {"name": name, "state": State(item["state"]), "notes": notes})

    @property
    def is_worn_out(self) -> bool:
        """Whether it broke as often as a run may."""
        return self.attempts >= MAX_ATTEMPTS


def noted(notes: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    """Notes with more of them: each once, short, and not too many."""
    texts = tuple(dict.fromkeys((*notes, *(one_line(text, NOTE_LENGTH) for text in more))))
    return texts if len(texts) <= MOST_NOTES else (*texts[: MOST_NOTES - 1], AND_MORE)


@dataclass(frozen=True)
class PageEntry:
    """A stored page: as the table ``pages`` keeps it, and (without the digest) as the manifest lists it."""

    page: int
    key: str
    rows: int
    bytes: int
    sha256: str  # of the stored object
    digest: str  # of the records, however they were written: by it a repeated page is known
    part: str = ""  # of the stream, where it has parts

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> PageEntry:
        return cls(**{each.name: item[each.name] for each in fields(cls) if each.name in item})
