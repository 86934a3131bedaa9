"""The sources that a stack chooses, what it chooses about each of them, and where they are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from infra.errors import SettingsError
from infra.naming import PROJECT
from infra.values import Values
from sources import SOURCES
from sources.configured import configured
from sources.model import Source
from sources.options import SCHEDULES, OptionRefused

MOST_BYTES = 3_000  # of the options: Lambda lets the environment of a function have 4 KB, and it holds more than these

Options = Mapping[str, Mapping[str, Any]]


def configured_sources(values: Values) -> tuple[tuple[Source, ...], Options]:
    """The sources as the stack has them, and by source what it said about them."""
    chosen = values.names("sources", SOURCES, SOURCES)
    if not chosen:
        raise SettingsError(f"{PROJECT}:sources is [], and a lake needs one at least; there are: {', '.join(SOURCES)}")
    for name in SOURCES:
        if name not in chosen and values.structure(name, {}):
            raise SettingsError(
                f"{PROJECT}:{name} is set, but {PROJECT}:sources has only {', '.join(chosen)}; change one"
            )
    options = {name: _options(values, SOURCES[name]) for name in chosen}
    return tuple(_configured(SOURCES[name], options[name]) for name in chosen), options


def api_urls(values: Values, sources: tuple[Source, ...]) -> dict[str, str]:
    """The sources that are read elsewhere than they declare."""
    known = [source.name for source in sources]
    said = values.structure("apiUrls", {})
    if not isinstance(said, dict):
        raise SettingsError(f"{PROJECT}:apiUrls is {said!r}; it has a URL for each source, as in {{SOURCE: URL}}")
    for source, url in said.items():
        if source not in known:
            raise SettingsError(
                f"{PROJECT}:apiUrls has {source!r}, but {PROJECT}:sources has only {', '.join(known)}; change one"
            )
        if urlsplit(str(url)).scheme not in ("http", "https") or not urlsplit(str(url)).hostname:
            raise SettingsError(f"{PROJECT}:apiUrls has {source}: {url!r}; give a URL with http or https")
    return said


def _configured(source: Source, given: Mapping[str, Any]) -> Source:
    try:
        return configured(source, given)
    except OptionRefused as refused:
        raise SettingsError(f"{PROJECT}:{source.name}: {refused}") from refused


def _options(values: Values, source: Source) -> Mapping[str, Any]:
    said = values.structure(source.name, {})
    if not isinstance(said, dict):
        known = ", ".join((*(option.name for option in source.options), SCHEDULES))
        raise SettingsError(f"{PROJECT}:{source.name} is {said!r}; it is an object that may have: {known}")
    size = len(json.dumps(said))
    if size > MOST_BYTES:
        raise SettingsError(
            f"{PROJECT}:{source.name} has {size:,} bytes, but its function can be told {MOST_BYTES:,}; choose less"
        )
    return said
