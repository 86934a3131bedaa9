"""The embedded metric format: metric values inside a JSON log line, as CloudWatch Logs takes them out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rehearsal.errors import RehearsalError

MOST_METRICS = 100  # in one directive
MOST_VALUES = 100  # of one metric
MOST_DIMENSIONS = 30  # in one set
OLDEST_MS = 14 * 86_400_000
NEWEST_MS = 2 * 3_600_000


class NotMetered(RehearsalError):
    """A log line says that it holds metrics, and CloudWatch would make none of it."""


@dataclass(frozen=True)
class Datum:
    """Values of one metric under one set of dimensions. ``moment`` is in epoch seconds."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    values: tuple[float, ...]
    unit: str | None
    moment: float


def metrics_in(line: str, now_ms: float) -> list[Datum]:
    """The metrics of a log line, none where it does not speak of any. What stands before the JSON does not matter.

    Raises NotMetered, naming the first thing that is not as the format wants it: then the whole line makes no metric.
    """
    start = line.find("{")
    if start < 0 or '"_aws"' not in line or '"CloudWatchMetrics"' not in line:
        return []
    try:
        document = json.loads(line[start:], parse_constant=_no_number)
    except ValueError as error:
        raise NotMetered(f"the line is not JSON: {error}; print one JSON object on a line of its own") from error
    if not isinstance(document, dict) or not isinstance(document.get("_aws"), dict):
        raise NotMetered("_aws must be an object at the top of the document")
    moment_ms = _timestamp(document["_aws"], now_ms)
    directives = _list(document["_aws"], "CloudWatchMetrics", "_aws")
    return [datum for directive in directives for datum in _data(directive, document, moment_ms / 1000)]


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no JSON number")


def _timestamp(metadata: Mapping[str, Any], now_ms: float) -> float:
    moment = metadata.get("Timestamp")
    if isinstance(moment, bool) or not isinstance(moment, int):
        raise NotMetered(f"_aws.Timestamp must be whole milliseconds since 1970, got {moment!r}")
    if not now_ms - OLDEST_MS <= moment <= now_ms + NEWEST_MS:
        raise NotMetered(f"_aws.Timestamp {moment} is over two weeks old or over two hours ahead")
    return moment


def _data(directive: Any, document: Mapping[str, Any], moment: float) -> Iterator[Datum]:
    if not isinstance(directive, dict):
        raise NotMetered(f"a directive of _aws.CloudWatchMetrics must be an object, got {directive!r}")
    namespace = _text(directive, "Namespace", "the directive")
    metrics = _list(directive, "Metrics", namespace)
    if len(metrics) > MOST_METRICS:
        raise NotMetered(f"a directive has {len(metrics)} metrics; at most {MOST_METRICS} are taken")
    sets = [_dimensions(names, document) for names in _list(directive, "Dimensions", namespace)]
    for metric in metrics:
        name = _text(metric, "Name", "a metric") if isinstance(metric, dict) else ""
        if not name:
            raise NotMetered(f"a metric must be an object with a Name, got {metric!r}")
        _check_resolution(metric)
        values = _values(name, document)
        for dimensions in sets:
            yield Datum(namespace, name, dimensions, values, metric.get("Unit"), moment)


def _dimensions(names: Any, document: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    if not isinstance(names, list) or len(names) > MOST_DIMENSIONS:
        raise NotMetered(f"a set of dimensions must be a list of at most {MOST_DIMENSIONS} names, got {names!r}")
    for name in names:
        if not isinstance(name, str) or not isinstance(document.get(name), str) or not document[name]:
            found = document.get(name) if isinstance(name, str) else None
            raise NotMetered(f"dimension {name!r} must be a text at the top of the document, got {found!r}")
    return tuple(sorted((name, document[name]) for name in names))


def _values(name: str, document: Mapping[str, Any]) -> tuple[float, ...]:
    found = document.get(name)
    values: Sequence[Any] = found if isinstance(found, list) else [found]
    is_number = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    if not values or not is_number or len(values) > MOST_VALUES:
        raise NotMetered(f"metric {name!r} must be a number, or up to {MOST_VALUES} of them, got {found!r}")
    return tuple(float(value) for value in values)


def _check_resolution(metric: Mapping[str, Any]) -> None:
    if metric.get("StorageResolution", 60) not in (1, 60):
        raise NotMetered(f"StorageResolution must be 1 or 60, got {metric['StorageResolution']!r}")


def _list(holder: Mapping[str, Any], name: str, where: str) -> list[Any]:
    found = holder.get(name)
    if not isinstance(found, list) or not found:
        raise NotMetered(f"{name} of {where} must be a list that is not empty, got {found!r}")
    return found


def _text(holder: Mapping[str, Any], name: str, where: str) -> str:
    found = holder.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= 255:
        raise NotMetered(f"{name} of {where} must be a text of 1 to 255 characters, got {found!r}")
    return found
