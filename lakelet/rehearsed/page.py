"""``python -m lakelet.rehearsed.page --write``: puts into docs/limits.md what the code says of its own limits."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence

from lakelet.program import OWN
from lakelet.rehearsed.limits import LIMITS as OF_THE_LAKE
from rehearsal.honesty.effect import Recorded
from rehearsal.honesty.limits import LIMITS, Limit
from rehearsal.honesty.properties import OF_ALL, SERVICES, effects_by_type

PAGE = OWN / "docs" / "limits.md"
BEGIN, END = "<!-- {}: made by `python -m lakelet.rehearsed.page --write` -->", "<!-- end -->"


def tables() -> dict[str, str]:
    """The tables of the page, by their titles in it."""
    limits = [*OF_THE_LAKE, *LIMITS]
    return {
        "stood in for": _limits(limit for limit in limits if limit.kind == "stood in for"),
        "not rehearsed": _limits(limit for limit in limits if limit.kind == "not rehearsed"),
        "recorded": table(("resource", "properties", "why they have no effect"), recorded_rows()),
    }


def with_tables(page: str) -> str:
    """The page with each table as the code has it now; all else is as it was."""
    for title, text in tables().items():
        begin = BEGIN.format(title)
        page = re.sub(
            f"{re.escape(begin)}.*?{re.escape(END)}",
            lambda _, begin=begin, text=text: f"{begin}\n{text}\n{END}",  # type: ignore[misc]
            page,
            flags=re.DOTALL,
        )
    return page


def recorded_rows() -> list[tuple[str, str, str]]:
    """The properties that are read and have no effect: those with one reason in one row."""
    rows = [_row("any", ["any"], OF_ALL)]
    for service in SERVICES:
        by_table: defaultdict[str, list[str]] = defaultdict(list)
        for kind, effects in effects_by_type(service).items():
            by_table[repr(effects)].append(kind)
        rows += [_row(service, kinds, effects_by_type(service).get(kinds[0], {})) for kinds in by_table.values()]
    return [row for many in rows for row in many]


def _row(service: str, kinds: Sequence[str], effects: object) -> list[tuple[str, str, str]]:
    assert isinstance(effects, dict)
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for name, effect in effects.items():
        if isinstance(effect, Recorded):
            reasons[_reason(effect)].append(f"`{name}`")
    label = kinds[0] if kinds[0] == service else f"{service} " + ", ".join(kind.rpartition(":")[2] for kind in kinds)
    return [(label, ", ".join(names), why) for why, names in reasons.items()]


def _reason(effect: Recorded) -> str:
    return effect.why if effect.as_if is None else f"{effect.why} (as if it were `{effect.as_if}`)"


def _limits(limits: Iterable[Limit]) -> str:
    return table(("on AWS", "in the rehearsal"), [(limit.on_aws, limit.here) for limit in limits])


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(heads)} |", "|---" * len(heads) + "|", *lines])


def main(arguments: Sequence[str]) -> int:
    """0 when the page is what the code says, 1 when not and nobody asked to write it."""
    old = PAGE.read_text(encoding="utf-8")
    new = with_tables(old)
    if "--write" in arguments:
        PAGE.write_text(new, encoding="utf-8")
    elif new != old:
        print(f"{PAGE} is not what the code says; run: python -m lakelet.rehearsed.page --write", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
