"""What a run that broke has written, as a file beside the lake at home: log groups are gone when the command ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from lambdas.extract.secret import masked
from sources.layout import RunName

FOLDER = "logs"
MOST_FILES = 20
SHORTEST_SECRET = 4  # a shorter value would be found by chance


class Line(NamedTuple):
    at: float
    group: str
    text: str


def lines_since(logs: Any, moment: float) -> list[Line]:
    """Of all log groups, in the order of time. ``logs`` is a client."""
    groups = logs.get_paginator("describe_log_groups").paginate()
    names = [group["logGroupName"] for page in groups for group in page["logGroups"]]
    return sorted((line for name in names for line in _of_group(logs, name, moment)), key=lambda line: line.at)


def _of_group(logs: Any, name: str, moment: float) -> Iterator[Line]:
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=name, startTime=int(moment * 1000))
    for page in pages:
        for event in page["events"]:
            yield Line(event["timestamp"] / 1000, name, event["message"])


def keep_log(lake: Path, run: RunName, lines: Iterable[Line], secrets: Iterable[str]) -> str:
    """Where the lines are now; "" if there are none, or the disk does not take them. The newest files stay."""
    text = masked("".join(_told(lines)), (secret for secret in secrets if len(secret) >= SHORTEST_SECRET))
    if not text:
        return ""
    path = lake / FOLDER / f"{run.source}-{run.stream}-{run.run}.log"
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        for old in sorted(path.parent.iterdir(), key=lambda each: each.stat().st_mtime)[:-MOST_FILES]:
            old.unlink()
        return str(path)
    return ""


def _told(lines: Iterable[Line]) -> Iterator[str]:
    """A heading wherever another group goes on."""
    group = ""
    for line in lines:
        if line.group != group:
            group = line.group
            yield f"--- {datetime.fromtimestamp(line.at, UTC):%Y-%m-%dT%H:%M:%SZ} {group}\n"
        yield f"{line.text.rstrip()}\n"
