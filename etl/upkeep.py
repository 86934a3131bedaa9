"""Upkeep of a table: deletes and small files are folded together, old snapshots go, and so do files of no snapshot.

It is safe beside a merge. What a fold has read is compared with the table when it commits: if a merge has changed any
of it meanwhile, Iceberg refuses the later of the two, which then does its work again on the table as it is. Snapshots
that are young, or among the last few, stay; so do files that are too young for their merge to have ended.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pyspark.sql import SparkSession

from etl.errors import EtlError
from etl.fit import fit
from etl.merge import is_conflict
from etl.tables import load

DAY = 86_400
RETAIN_LAST = 5  # snapshots that stay, however old they are
STRAY_DAYS = 3  # a job is cut off after an hour; what it left behind is nobody's by then
TRIES = 4
PAUSE_SECONDS = 5.0

# A file with any deletes is written anew without them, and a partition with five small files is made one. So a table in
# order is left alone, whatever its size.
FOLD = {"delete-file-threshold": "1", "min-input-files": "5"}

Step = Callable[[SparkSession, str, "Rules"], dict[str, int]]


class UpkeepBroken(EtlError):
    """Something else than a merge stood in the way of a table's upkeep."""


@dataclass(frozen=True)
class Rules:
    """``now`` and ``clock`` are epoch seconds: what time it is for snapshots, and by the clock that files have."""

    now: float
    clock: float
    keep_days: int
    is_dry: bool = False

    @property
    def expire_before(self) -> float:
        return self.now - self.keep_days * DAY

    @property
    def stray_before(self) -> float:
        """Never younger than the clock says: a time that was made up must not cost a running merge its files."""
        return min(self.now, self.clock) - STRAY_DAYS * DAY


@dataclass(frozen=True)
class Size:
    """A table by its newest snapshot. ``bytes`` are those of files and delete files."""

    files: int = 0
    delete_files: int = 0
    bytes: int = 0
    snapshots: int = 0


@dataclass(frozen=True)
class Upkeep:
    """What was done to a table, or would be. ``folded``: data files written anew; ``removed``: files that only the
    expired snapshots had; ``stray``: files of no snapshot. ``blocked`` says what a merge stood in the way of, again
    and again; ``broken`` what failed."""

    before: Size = Size()
    after: Size = Size()
    folded: int = 0
    expired: int = 0
    removed: int = 0
    stray: int = 0
    blocked: str = ""
    broken: str = ""

    @property
    def is_in_order(self) -> bool:
        return not any((self.folded, self.expired, self.stray, self.blocked, self.broken))


def keep_up(spark: SparkSession, name: str, rules: Rules, pause: Callable[[float], None] = time.sleep) -> Upkeep | None:
    """Does what a table needs; None where there is no such table. Raises nothing: the next table has its turn."""
    try:
        return _steps(spark, name, rules, pause) if spark.catalog.tableExists(name) else None
    except Exception as error:
        return Upkeep(broken=_line(error))


def _steps(spark: SparkSession, name: str, rules: Rules, pause: Callable[[float], None]) -> Upkeep:
    """No step hinders the next."""
    table = load(spark, name)
    fit(spark, *_totals(table, "records"))
    before = size_of(table)
    did: dict[str, int] = {}
    blocked: list[str] = []
    broken: list[str] = []
    for what, step in (("fold", fold), ("expire", expire), ("remove strays", remove_strays)):
        try:
            did |= _tried(spark, name, rules, step, pause)
        except Exception as error:
            (blocked if is_conflict(error) else broken).append(f"{what}: {_line(error)}")
    return Upkeep(before, size_of(load(spark, name)), **did, blocked="; ".join(blocked), broken="; ".join(broken))


def _tried(spark: SparkSession, name: str, rules: Rules, step: Step, pause: Callable[[float], None]) -> dict[str, int]:
    """What the step did. One that a merge came in between of is done again, on the table as it is then."""
    for number in range(1, TRIES):
        try:
            return step(spark, name, rules)
        except Exception as error:
            if not is_conflict(error):
                raise
        pause(PAUSE_SECONDS * number)
        spark.catalog.refreshTable(name)
    return step(spark, name, rules)


def fold(spark: SparkSession, name: str, rules: Rules) -> dict[str, int]:
    """Delete files say nothing any more once all files with deletes are written anew: they go in a second commit."""
    folded = _to_fold(spark, load(spark, name))
    if folded and not rules.is_dry:
        _call(spark, name, "rewrite_data_files", f"options => {_map(FOLD)}")
    if size_of(load(spark, name)).delete_files and not rules.is_dry:
        _call(spark, name, "rewrite_position_delete_files", "options => map('rewrite-all', 'true')")
    return {"folded": folded}


def _to_fold(spark: SparkSession, table: Any) -> int:
    """How many data files a fold would write anew: as Iceberg itself plans it."""
    if table.currentSnapshot() is None:
        return 0
    planner = _java(spark).org.apache.iceberg.actions.BinPackRewriteFilePlanner(table)
    planner.init(FOLD)
    return sum(group.inputFileNum() for group in planner.plan().groups().iterator())


def expire(spark: SparkSession, name: str, rules: Rules) -> dict[str, int]:
    planned = load(spark, name).expireSnapshots().expireOlderThan(int(rules.expire_before * 1000))
    expired = len(planned.retainLast(RETAIN_LAST).apply())
    if not expired or rules.is_dry:
        return {"expired": expired}
    before = f"older_than => {_timestamp(rules.expire_before)}, retain_last => {RETAIN_LAST}"
    done = _call(spark, name, "expire_snapshots", before)[0].asDict()
    return {"expired": expired, "removed": sum(int(count or 0) for count in done.values())}


def remove_strays(spark: SparkSession, name: str, rules: Rules) -> dict[str, int]:
    """The table's folder ends with a slash here: a listing is by prefix, and the next table's name may begin alike."""
    spark.catalog.refreshTable(name)
    folder = f"{load(spark, name).location().rstrip('/')}/"
    found = _call(
        spark, name, "remove_orphan_files",
        f"older_than => {_timestamp(rules.stray_before)}, location => '{folder}', prefix_listing => true,"
        f" dry_run => {str(rules.is_dry).lower()}",
    )  # fmt: skip
    return {"stray": len(found)}


def _call(spark: SparkSession, name: str, procedure: str, arguments: str) -> list[Any]:
    catalog, _, table = name.partition(".")
    rows: list[Any] = spark.sql(f"CALL {catalog}.system.{procedure}(table => '{table}', {arguments})").collect()
    return rows


def _java(spark: SparkSession) -> Any:
    return spark._jvm


def size_of(table: Any) -> Size:
    files, delete_files, size = _totals(table, "data-files", "delete-files", "files-size")
    return Size(files, delete_files, size, snapshots=sum(1 for _ in table.snapshots()))


def _totals(table: Any, *names: str) -> list[int]:
    """As the newest snapshot has them."""
    current = table.currentSnapshot()
    totals = current.summary() if current else {}
    return [int(totals.get(f"total-{name}") or 0) for name in names]


def _map(options: Mapping[str, str]) -> str:
    texts = ", ".join(f"'{text}'" for option in options.items() for text in option)
    return f"map({texts})"


def _timestamp(moment: float) -> str:
    return f"TIMESTAMP '{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S.%f} UTC'"


def _line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:500]
