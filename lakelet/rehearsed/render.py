"""What was shown and what was not, as text for people or as JSON for programs. Nothing here does any work."""

from __future__ import annotations

import json
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from lakelet.rehearsed.gather import Shown
from rehearsal.honesty.executed import Numbers
from rehearsal.honesty.limits import Limit

WIDTH = 120
GAP = "  "
MANY = 4
LINK = re.compile(r" \(\[[^\]]*\]\([^)]*\)\)")
POSITION = re.compile(r"\[\d+\]")


def as_json(told: Shown) -> str:
    limits = [{name: value for name, value in asdict(limit).items() if name != "types"} for limit in told.limits]
    found = {
        "place": told.title,
        "resources": told.resources,
        "runs": [{"run": run, "executed": numbers} for run, numbers in told.runs.items()],
        "executed": told.executed,
        "undelivered": told.undelivered,
        "advised_against": told.advised_against,
        "versions": told.versions,
        "stood_in_for": [limit for limit in limits if limit["kind"] == "stood in for"],
        "recorded": told.recorded,
        "ignored": told.ignored,
        "not_rehearsed": [limit for limit in limits if limit["kind"] == "not rehearsed"],
    }
    return json.dumps(found, ensure_ascii=False, indent=2)


def as_text(told: Shown) -> str:
    count, kinds = sum(told.resources.values()), len(told.resources)
    head = f"{told.title}: {count} resources of {kinds} types\n" + "\n".join(f"run {run}" for run in told.runs)
    versions = ", ".join(f"{name} {version}" for name, version in told.versions.items())
    return "\n\n".join([
        head,
        part("executed", _executed(told.executed)),
        part("not delivered", [(lost["name"], lost["target"], lost["reason"]) for lost in told.undelivered]),
        part("advised against", [(each["resource"], each["advice"]) for each in told.advised_against]),
        part(f"stood in for, by {versions}", _limits(told.limits, "stood in for")),
        part("recorded, without effect", _properties(told.recorded)),
        part("ignored", _properties(told.ignored)),
        part("not rehearsed", _limits(told.limits, "not rehearsed")),
    ])  # fmt: skip


def part(title: str, rows: Sequence[Sequence[str]]) -> str:
    """A title with its rows; the last column is wrapped under itself."""
    if not rows:
        return f"{title}\n{GAP}nothing"
    *columns, _ = zip(*rows, strict=True)
    widths = [max(map(len, column)) for column in columns]
    lines = []
    for *cells, last in rows:
        start = GAP + "".join(f"{cell:<{width}}{GAP}" for cell, width in zip(cells, widths, strict=True))
        room = max(WIDTH - len(start), 20)
        lines.append(start + f"\n{' ' * len(start)}".join(textwrap.wrap(last, room) or [""]))
    return "\n".join([title, *(line.rstrip() for line in lines)])


def _executed(numbers: Numbers) -> list[tuple[str, str, str]]:
    return [(kind, name, deeds) for kind, names in numbers.items() for name, deeds in _together(kind, names)]


def _together(kind: str, names: Mapping[str, Mapping[str, int]]) -> list[tuple[str, str]]:
    """Names to which the same happened share a row, where there are many of them."""
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for name, deeds in names.items():
        alike[", ".join(f"{count:,} {deed}" for deed, count in deeds.items())].append(name)
    rows = []
    for deeds_told, found in alike.items():
        is_many = len(found) >= MANY
        rows += [(f"{len(found)} {kind}", f"each {deeds_told}")] if is_many else [(name, deeds_told) for name in found]
    return sorted(rows)


def _limits(limits: Iterable[Limit], kind: str) -> list[tuple[str, str]]:
    return [(limit.on_aws, LINK.sub("", limit.here)) for limit in limits if limit.kind == kind]


def _properties(items: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """One row for each reason, with the properties and how many resources set each."""
    reasons: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for item in items:
        name = f"{item['resource'].split()[0]} {POSITION.sub('', item['property'])}"
        reasons[item["why"] or "nobody reads it"][name].add(item["resource"])
    return [
        (why, ", ".join(f"{name} ({len(found)})" for name, found in sorted(names.items())))
        for why, names in sorted(reasons.items())
    ]
