"""What all parts are able to do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from rehearsal.asked import Asked
from rehearsal.kept.store import Batch, Name, Store


class Part(ABC):
    """``names`` are the first members of the names that it is asked to gather."""

    service: str
    names: tuple[str, ...]

    @abstractmethod
    def __init__(self, account_id: str, region: str, /) -> None: ...

    @abstractmethod
    def touched(self, asked: Asked, answer: bytes, /) -> Iterable[Name]:
        """The names of what a call that was carried out may have changed; none for one that only reads."""

    @abstractmethod
    def gather(self, name: Name, batch: Batch, /) -> None:
        """Put into the batch what the account now has under a name, or that it has nothing."""

    @abstractmethod
    def restore(self, store: Store, cut_off: bool, /) -> None:
        """Put back what is kept of the containers that are there and have not been filled yet.

        ``cut_off``: whatever was going on when it was written goes on no longer.
        """

    def to_write(self) -> list[Name]:
        """After all has been put back: what is not as it was written."""
        return []
