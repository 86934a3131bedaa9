"""What a command found, as text for people or as JSON for programs. Nothing here does any work."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from lakelet.outcome import RunOutcome
from sources.runs import COUNTS

TOP = 10


def as_json(outcomes: Iterable[RunOutcome]) -> str:
    return json.dumps([asdict(outcome) for outcome in outcomes], ensure_ascii=False, indent=2)


def as_text(outcomes: Iterable[RunOutcome]) -> str:
    return "\n\n".join(_outcome(outcome) for outcome in outcomes)


def _outcome(outcome: RunOutcome) -> str:
    lines = [f"run {outcome.run} is {outcome.state}" + (f": {outcome.reason}" if outcome.reason else "")]
    lines += [f"note     {note}" for note in outcome.notes]
    lines += [f"log      {outcome.log}"] if outcome.log else []
    lines += [f"next     {outcome.next_step}"] if outcome.next_step else []
    lines += [_conservation(outcome.counts)] if outcome.counts else []
    lines += [_seconds(outcome.seconds)] if outcome.seconds else []  # one that was over took no time
    tables = [_rows_by(title, rows) for title, rows in outcome.rows_by.items() if rows and outcome.counts]
    return "\n\n".join([*tables, "\n".join(lines)])


def _rows_by(title: str, rows: Mapping[str, int]) -> str:
    shown = list(rows.items())[:TOP]
    rest = list(rows.values())[TOP:]
    lines = [(name, count) for name, count in shown]
    if rest:
        lines.append((f"... and {len(rest)} more", sum(rest)))
    lines.append(("all", sum(rows.values())))
    width = max(len(title), *(len(name) for name, _ in lines))
    body = [f"  {name:<{width}}  {count:>10,}" for name, count in lines]
    return "\n".join([f"{title:<{width + 2}}  {'rows':>10}", *body])


def _conservation(counts: Mapping[str, int]) -> str:
    of = {name: counts.get(name, 0) for name in COUNTS}
    if not of["rows_in"]:
        return "rows in  0: there was nothing to read, and the tables are as they were"
    return (
        "rows in  {rows_in:,} = merged {merged:,} + duplicates {duplicates:,} + set aside {set_aside:,}\n"
        "merged   {merged:,} = inserted {inserted:,} + updated {updated:,} + unchanged {unchanged:,}; "
        "deleted {deleted:,}"
    ).format(**of)


def _seconds(seconds: Mapping[str, float]) -> str:
    steps = " · ".join(f"{name} {value:.1f}" for name, value in seconds.items())
    return f"seconds  {steps} · all {sum(seconds.values()):.1f}"
