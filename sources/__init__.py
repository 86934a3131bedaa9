"""What each source of the lake is. Adding one: a module here, and its name in SOURCES."""

from __future__ import annotations

from sources.model import Source
from sources.olympics import OLYMPICS
from sources.spotify import SPOTIFY

SOURCES: dict[str, Source] = {source.name: source for source in (OLYMPICS, SPOTIFY)}


def find_source(name: str) -> Source:
    if name not in SOURCES:
        raise KeyError(f"no source {name!r}; there are: {', '.join(sorted(SOURCES))}")
    return SOURCES[name]
