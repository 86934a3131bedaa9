"""The README's table of sources names all that the sources declare, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from sources import SOURCES

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def names_in(cell: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", cell))


def test_the_table_of_sources_is_what_they_declare() -> None:
    table = README.split("## The sources")[1].split("##")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| `")]
    told = {min(names_in(source)): (names_in(streams), names_in(tables)) for source, streams, tables in rows}
    assert told == {
        name: ({stream.name for stream in source.streams}, {table.name for table in source.tables})
        for name, source in SOURCES.items()
    }
