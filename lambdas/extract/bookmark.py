"""Where a run is in its stream: in which part, and where in that. The ledger keeps it as text between two pages."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from lambdas.extract.errors import Broken
from sources.model import Stream


@dataclass(frozen=True)
class Bookmark:
    """``at`` is the cursor in the part, of which page ``since`` was the first. A stream without parts is one part.

    The parts are those that were chosen when the run began: it keeps to them, whatever is chosen meanwhile.
    """

    part: str
    at: str
    since: int = 1
    to_read: tuple[str, ...] = ()
    read: int = 0  # parts
    left_out: tuple[str, ...] = ()  # each with the status that it was refused with

    @classmethod
    def of(cls, text: str | None, stream: Stream) -> Bookmark:
        """The bookmark that the ledger has, or the first one."""
        if text is None:
            first, *others = stream.parts or ("",)
            return cls(first, stream.paging.first(), to_read=tuple(others))
        if not stream.over:
            return cls("", text)
        try:
            kept = json.loads(text)
            return cls(**kept | {name: tuple(kept[name]) for name in ("to_read", "left_out")})
        except (ValueError, TypeError, KeyError) as error:
            raise Broken(f"the cursor {text[:100]!r} is no bookmark of {stream.name}; start a new run") from error

    @property
    def text(self) -> str:
        """As the ledger keeps it. Without parts it is the cursor alone."""
        if not self.part:
            return self.at
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    def part_read(self) -> Bookmark:
        return replace(self, read=self.read + 1)

    def part_left_out(self, status: int) -> Bookmark:
        return replace(self, left_out=(*self.left_out, f"{self.part} ({status})"))

    @property
    def has_none(self) -> bool:
        """Whether no part could be read, and there is none left to try."""
        return not self.read and not self.to_read


@dataclass(frozen=True)
class Step:
    """Where a run goes on, as a cursor; or None, and why it has ``ended``."""

    cursor: str | None
    ended: str | None = None


def within_part(mark: Bookmark, at: str) -> Step:
    return Step(replace(mark, at=at).text)


def to_next_part(mark: Bookmark, stream: Stream, page: int, why: str) -> Step:
    """From behind a part to the next, whose first page will be this page of the run; or to the end."""
    if not mark.to_read:
        parts = mark.read + len(mark.left_out)
        return Step(None, f"{mark.read} of {parts} {stream.over} are read" if stream.over else why)
    part, *others = mark.to_read
    return Step(replace(mark, part=part, at=stream.paging.first(), since=page, to_read=tuple(others)).text)
