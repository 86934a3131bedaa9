"""Which page is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from sources.model import Stream


@dataclass(frozen=True)
class Asked:
    """A page of a run, counted through all parts of the stream. ``is_first``: of its part, or of a stream without."""

    source: str
    stream: Stream
    page: int
    part: str = ""
    is_first: bool = True

    def __str__(self) -> str:
        return f"page {self.page} of {self.source}/{self.stream.name}" + (f" ({self.part})" if self.part else "")

    @property
    def path(self) -> str:
        return self.stream.path.replace("{part}", quote(self.part, safe=""))

    @property
    def params(self) -> dict[str, str]:
        return {name: text.replace("{part}", self.part) for name, text in self.stream.params.items()}

    @property
    def declared(self) -> str:
        """Where the stream is declared, for messages."""
        return f"stream {self.stream.name} in sources/{self.source}.py"

    @property
    def chosen(self) -> str:
        """Where a stack chooses the parts, for messages."""
        return f"{self.stream.over} in lakelet:{self.source}"
