"""What became of an upkeep. The field names are the keys of ``lakelet upkeep --json``: they stay, new ones may come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SUCCEEDED = "SUCCEEDED"


@dataclass(frozen=True)
class TableSize:
    """``bytes`` are those of files and delete files."""

    files: int = 0
    delete_files: int = 0
    bytes: int = 0
    snapshots: int = 0


@dataclass(frozen=True)
class TableUpkeep:
    """One table. In a dry run the counts are what would be done, and ``after`` is ``before``.

    ``folded``: data files written anew; ``expired``: snapshots that went, ``removed``: files that only those had;
    ``stray``: files of no snapshot that went. ``blocked``: what merges stood in the way of; ``broken``: what failed.
    """

    table: str
    before: TableSize = TableSize()
    after: TableSize = TableSize()
    folded: int = 0
    expired: int = 0
    removed: int = 0
    stray: int = 0
    blocked: str = ""
    broken: str = ""

    @classmethod
    def of(cls, table: str, told: Mapping[str, Any]) -> TableUpkeep:
        sizes = {when: TableSize(**told[when]) for when in ("before", "after")}
        return cls(table, **{**told, **sizes})

    @property
    def is_in_order(self) -> bool:
        return not any((self.folded, self.expired, self.stray, self.blocked, self.broken))


@dataclass(frozen=True)
class Upkept:
    """``state`` and ``reason`` are those of the job run; ``missing`` are tables that no run has made yet."""

    place: str
    is_dry: bool
    job_run: str = ""
    state: str = ""
    reason: str = ""
    tables: tuple[TableUpkeep, ...] = ()
    missing: tuple[str, ...] = ()
    seconds: float = 0.0
    next_step: str = ""

    @property
    def exit_code(self) -> int:
        """0 when the job did what it could, or was not wanted."""
        return 0 if self.state in (SUCCEEDED, "") else 1


def read_result(told: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that the job's own result has to tell."""
    done = told["tables"]
    return {
        "tables": tuple(TableUpkeep.of(table, each) for table, each in done.items() if each),
        "missing": tuple(table for table, each in done.items() if not each),
        "seconds": float(told["seconds"]),
    }
