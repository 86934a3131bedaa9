"""A source as a stack has chosen it to be: its options put in, its schedules moved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sources.model import Option, Schedule, Source, Stream
from sources.options import SCHEDULES, OptionRefused
from sources.schedules import WEEKDAYS, Daily, Weekly

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def configured(source: Source, given: Mapping[str, Any]) -> Source:
    """The source with what was given for its options, and the defaults for the rest.

    OptionRefused names what was given and what is possible.
    """
    known = {option.name: option for option in source.options}
    for name in given:
        if name not in known and name != SCHEDULES:
            raise OptionRefused(f"{name} is no option of {source.name}; there are: {', '.join((*known, SCHEDULES))}")
    values = {name: _checked(option, given.get(name, option.default)) for name, option in known.items()}
    times = _times(source, given.get(SCHEDULES, {}))
    streams = tuple(_with(stream, values, times.get(stream.name, {})) for stream in source.streams)
    return replace(source, streams=streams)


def _checked(option: Option, given: Any) -> tuple[str, ...]:
    """The values of an option, one or more, as texts."""
    if isinstance(given, (list, tuple)) != option.is_list:
        kind = "a list" if option.is_list else "one value"
        raise OptionRefused(f"{option.name} is {given!r}, but it must be {kind}, such as {_example(option)}")
    values = tuple(str(value) for value in (given if option.is_list else (given,)))
    if not values:
        raise OptionRefused(f"{option.name} is [], but it needs one value at least, such as {_example(option)}")
    for value in values:
        if not option.fits(value):
            raise OptionRefused(f"{option.name} has {value!r}, but must match {option.pattern} ({option.text})")
    return tuple(dict.fromkeys(values))


def _example(option: Option) -> str:
    return str(list(option.default)) if isinstance(option.default, tuple) else repr(option.default)


def _times(source: Source, given: Any) -> Mapping[str, Mapping[str, str]]:
    streams = [stream.name for stream in source.streams]
    if not isinstance(given, Mapping) or not all(isinstance(each, Mapping) for each in given.values()):
        raise OptionRefused(
            f"{SCHEDULES} is {given!r}, but it has times by stream, such as {{{streams[0]}: {{at: ...}}}}"
        )
    for name in given:
        if name not in streams:
            raise OptionRefused(f"{SCHEDULES} has {name!r}, but the streams of {source.name} are: {', '.join(streams)}")
    return given


def _with(stream: Stream, values: Mapping[str, tuple[str, ...]], time: Mapping[str, str]) -> Stream:
    single = {name: each[0] for name, each in values.items() if name != stream.over} | {"part": "{part}"}
    return replace(
        stream,
        path=stream.path.format_map(single),
        params={name: text.format_map(single) for name, text in stream.params.items()},
        parts=values[stream.over] if stream.over else (),
        schedule=_moved(stream, time),
    )


def _moved(stream: Stream, time: Mapping[str, str]) -> Schedule:
    """A schedule with another time, zone or, where it is weekly, day."""
    usual = stream.schedule
    known = ("on", "at", "zone") if isinstance(usual, Weekly) else ("at", "zone")
    for name in time:
        if name not in known:
            raise OptionRefused(f"{SCHEDULES} of {stream.name} has {name!r}, but may have only: {', '.join(known)}")
    at, zone = str(time.get("at", usual.at)), str(time.get("zone", usual.zone))
    if not _TIME.fullmatch(at):
        raise OptionRefused(f"{SCHEDULES} of {stream.name} has at {at!r}, but must match HH:MM, such as {usual.at}")
    if not _is_zone(zone):
        raise OptionRefused(
            f"{SCHEDULES} of {stream.name} has zone {zone!r}, but IANA knows none, such as {usual.zone}"
        )
    if isinstance(usual, Daily):
        return Daily(at, zone)
    if (on := str(time.get("on", usual.on))) not in WEEKDAYS:
        raise OptionRefused(f"{SCHEDULES} of {stream.name} has on {on!r}, but must be one of {', '.join(WEEKDAYS)}")
    return Weekly(on, at, zone)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
