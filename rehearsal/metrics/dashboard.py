"""The body of a dashboard: whether CloudWatch would show it, and which metrics and alarms it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Metric = tuple[str, str, tuple[tuple[str, str], ...]]

KINDS = ("metric", "text", "log", "alarm", "explorer")
WIDTH = 24
_PLACE = {"x": (0, WIDTH - 1), "y": (0, None), "width": (1, WIDTH), "height": (1, 1000)}


def faults(body: Any) -> list[str]:
    """What is wrong with a body, each with its place; nothing where CloudWatch would show it all."""
    if not isinstance(body, Mapping) or not isinstance(body.get("widgets"), list):
        return ["the body must be an object with a list of widgets"]
    return [fault for number, widget in enumerate(body["widgets"]) for fault in _of_widget(widget, f"widget {number}")]


def metrics_of(body: Mapping[str, Any]) -> list[Metric]:
    """The metrics that the widgets show, with "." and "..." written out; expressions are not metrics."""
    rows = [_properties(widget).get("metrics", []) for widget in body["widgets"] if widget.get("type") == "metric"]
    return [metric for given in rows for metric in _written_out(given)]


def alarms_of(body: Mapping[str, Any]) -> list[str]:
    """The ARNs of the alarms that widgets show."""
    found = []
    for widget in body["widgets"]:
        properties = _properties(widget)
        found += properties.get("alarms", []) + (properties.get("annotations") or {}).get("alarms", [])
    return found


def _of_widget(widget: Any, where: str) -> Iterator[str]:
    if not isinstance(widget, Mapping):
        yield f"{where} must be an object"
        return
    kind = widget.get("type")
    if kind not in KINDS:
        yield f"{where} is of type {kind!r}; known are {', '.join(KINDS)}"
    for name, (least, most) in _PLACE.items():
        given = widget.get(name)
        is_whole = isinstance(given, int) and not isinstance(given, bool)
        if given is not None and not (is_whole and given >= least and (most is None or given <= most)):
            yield f"{where}: {name} must be a whole number from {least} to {most or 'any'}, got {given!r}"
    if not isinstance(widget.get("properties"), Mapping):
        yield f"{where} needs properties"
    elif kind in _CHECKS:
        yield from _CHECKS[kind](_properties(widget), where)


def _of_metrics(properties: Mapping[str, Any], where: str) -> Iterator[str]:
    rows = properties.get("metrics")
    if rows is None and (properties.get("annotations") or {}).get("alarms"):
        return
    if not isinstance(rows, list) or not rows:
        yield f"{where} needs a list of metrics, got {rows!r}"
        return
    if not properties.get("region"):
        yield f"{where} needs a region"
    try:
        _written_out(rows)
    except ValueError as error:
        yield f"{where}: {error}"


def _of_text(properties: Mapping[str, Any], where: str) -> Iterator[str]:
    if not isinstance(properties.get("markdown"), str):
        yield f"{where} needs a markdown text"


def _of_log(properties: Mapping[str, Any], where: str) -> Iterator[str]:
    query = properties.get("query")
    if not isinstance(query, str) or "SOURCE" not in query or not properties.get("region"):
        yield f"{where} needs a region and a query that names its SOURCE, got {query!r}"


def _of_alarms(properties: Mapping[str, Any], where: str) -> Iterator[str]:
    alarms = properties.get("alarms")
    if not isinstance(alarms, list) or not all(isinstance(each, str) and ":alarm:" in each for each in alarms):
        yield f"{where} needs a list of ARNs of alarms, got {alarms!r}"


_CHECKS = {"metric": _of_metrics, "text": _of_text, "log": _of_log, "alarm": _of_alarms}


def _written_out(rows: Sequence[Any]) -> list[Metric]:
    """A row is [namespace, name, dimension, value, ..., options]; dots stand for what the row above has there."""
    found: list[Metric] = []
    above: list[str] = []
    for row in rows:
        if not isinstance(row, list) or not row:
            raise ValueError(f"a metric must be a list, got {row!r}")
        texts = row[:-1] if isinstance(row[-1], Mapping) else row
        if not texts:
            if "expression" not in row[-1]:
                raise ValueError(f"a metric without a name needs an expression, got {row!r}")
            continue
        above = _filled_in(texts, above)
        pairs = zip(above[2::2], above[3::2], strict=True)
        found.append((above[0], above[1], tuple(sorted(pairs))))
    return found


def _filled_in(texts: Sequence[Any], above: Sequence[str]) -> list[str]:
    if texts[0] == "...":
        texts = [*above[: len(above) - len(texts) + 1], *texts[1:]]
    filled = [above[place] if text == "." and place < len(above) else text for place, text in enumerate(texts)]
    if len(filled) < 2 or len(filled) % 2 or not all(isinstance(text, str) and text != "." for text in filled):
        raise ValueError(f"a metric needs a namespace, a name and pairs of dimensions, got {list(texts)!r}")
    return filled


def _properties(widget: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = widget.get("properties") or {}
    return found
