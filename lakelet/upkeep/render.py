"""What became of an upkeep, as text for people, 80 columns wide, or as JSON for programs."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from dataclasses import asdict

from lakelet.cells import cut, size
from lakelet.upkeep.model import SUCCEEDED, TableUpkeep, Upkept

WIDTH = 80
_DONE = "  {:<18} {:>14} {:>20} {:>7} {:>9} {:>5}"
_TO_DO = "  {:<24} {:>8} {:>8} {:>8} {:>10} {:>8} {:>5}"


def as_json(done: Upkept) -> str:
    return json.dumps(asdict(done), ensure_ascii=False, indent=2)


def as_text(done: Upkept) -> str:
    return "\n".join(_lines(done))


def _lines(done: Upkept) -> Iterator[str]:
    if not done.state:
        yield f"upkeep of {done.place}: {done.next_step}"
        return
    touched = [table for table in done.tables if not table.is_in_order]
    yield _head(done, len(touched))
    if touched:
        yield (_TO_DO if done.is_dry else _DONE).format(*(_TO_DO_HEAD if done.is_dry else _DONE_HEAD))
    for table in touched:
        yield _to_do(table) if done.is_dry else _did(table)
        for what, why in (("in the way, and left for the next time", table.blocked), ("broken", table.broken)):
            if why:
                yield from textwrap.wrap(f"{what}: {why}", WIDTH, initial_indent="    ", subsequent_indent="      ")
    if touched and len(touched) < len(done.tables):
        yield f"  in order: {len(done.tables) - len(touched)} more"
    if done.missing and done.tables:
        yield f"  not there yet: {', '.join(done.missing)}"
    if done.state != SUCCEEDED:
        yield f"job run {done.job_run} is {done.state}: {done.reason}".rstrip(": ")
    if done.next_step:
        yield f"-> {done.next_step}"


def _head(done: Upkept, touched: int) -> str:
    nothing = "nothing would be done" if done.is_dry else "nothing was done"
    if not done.tables:
        return f"upkeep of {done.place}: it has no table yet, {nothing}" if done.missing else f"upkeep of {done.place}"
    if not touched:
        count = len(done.tables)
        return f"upkeep of {done.place}: {'all ' if count > 1 else ''}{_tables(count)} in order, {nothing}"
    would = "would be" if done.is_dry else "were" if touched > 1 else "was"
    return f"upkeep of {done.place}: {touched} of {_tables(len(done.tables))} {would} put in order"


def _tables(count: int) -> str:
    return f"{count} table{'' if count == 1 else 's'}"


_DONE_HEAD = ("table", "files", "size", "deletes", "snapshots", "stray")
_TO_DO_HEAD = ("table", "files", "to fold", "deletes", "snapshots", "to go", "stray")


def _did(table: TableUpkeep) -> str:
    before, after = table.before, table.after
    gone = (before.delete_files - after.delete_files, table.expired, table.stray)
    return _DONE.format(
        cut(table.table, 18),
        _change(f"{before.files:,}", f"{after.files:,}"),
        _change(size(before.bytes, "B"), size(after.bytes, "B")),
        *(f"{-count:,}" for count in gone),
    )


def _to_do(table: TableUpkeep) -> str:
    has = table.before
    counts = (has.files, table.folded, has.delete_files, has.snapshots, table.expired, table.stray)
    return _TO_DO.format(cut(table.table, 24), *(f"{count:,}" for count in counts))


def _change(before: str, after: str) -> str:
    return after if before == after else f"{before} -> {after}"
