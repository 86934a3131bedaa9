"""What a lake must hold that has read the athletes: worked out here in plain Python, from what is served."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

NO_SPORT = "Unknown"
NOT_AN_OBJECT, NO_ID, NO_NAME = "not an object", "no id", "no name"


class Row(NamedTuple):
    """A row of the table ``athletes``."""

    id: str
    name: str
    country: str | None
    sport: str


@dataclass
class Truth:
    """``rows_in = merged + duplicates + set_aside``, and ``merged`` rows are in the table.

    ``rows`` is None where only counts were asked for; ``bad`` counts the rows set aside by reason, and ``by_sport``
    the rows in the table.
    """

    rows_in: int = 0
    merged: int = 0
    duplicates: int = 0
    set_aside: int = 0
    bad: dict[str, int] = field(default_factory=dict)
    by_sport: dict[str, int] = field(default_factory=dict)
    rows: list[Row] | None = None


def work_out(records: Iterable[Any], keep_rows: bool) -> Truth:
    """The truth about records in the order in which they were served: of those with one key the last one holds.

    An athlete stands under ``Unknown`` only where no good record of the athlete names a sport.
    """
    truth, bad = Truth(), Counter[str]()
    held: dict[tuple[str, str], Row | None] = {}
    sportless: dict[str, tuple[int, Row | None]] = {}
    for record in records:
        truth.rows_in += 1
        reason = _fault_of(record)
        if reason:
            bad[reason] += 1
            continue
        row = _row(record)
        kept = row if keep_rows else None
        if row.sport == NO_SPORT:
            sportless[row.id] = (sportless.get(row.id, (0, None))[0] + 1, kept)
        else:
            truth.duplicates += (row.id, row.sport) in held
            held[row.id, row.sport] = kept
    with_sport = {athlete for athlete, _sport in held} if sportless else set()
    for athlete, (times, kept) in sportless.items():
        truth.duplicates += times - (athlete not in with_sport)
        if athlete not in with_sport:
            held[athlete, NO_SPORT] = kept
    truth.merged, truth.set_aside, truth.bad = len(held), bad.total(), dict(sorted(bad.items()))
    truth.by_sport = dict(sorted(Counter(sport for _athlete, sport in held).items()))
    if keep_rows:
        truth.rows = sorted((row for row in held.values() if row), key=lambda row: (row.id, row.sport))
    return truth


def _fault_of(record: Any) -> str | None:
    if not isinstance(record, dict):
        return NOT_AN_OBJECT
    if _trimmed(record.get("id")) is None:
        return NO_ID
    return NO_NAME if _trimmed(record.get("name")) is None else None


def _row(record: dict[str, Any]) -> Row:
    country = _trimmed(record.get("country"))
    return Row(
        id=record["id"].strip(" "),
        name=record["name"].strip(" "),
        country=country.upper() if country else None,
        sport=_trimmed(record.get("sport")) or NO_SPORT,
    )


def _trimmed(value: str | None) -> str | None:
    """A value without the blanks around it, or None where nothing else is there."""
    return (value or "").strip(" ") or None
