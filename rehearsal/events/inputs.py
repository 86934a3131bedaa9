"""What a rule's target is given of an event: all of it, a part, a constant, or a text made of parts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

PLACEHOLDER = re.compile(r"<([A-Za-z0-9_.-]+)>")
STEP = re.compile(r"\.([A-Za-z0-9_-]+)|\[(\d+)\]|\['([^']+)'\]")
MISSING = object()


def target_input(target: Mapping[str, Any], event: Mapping[str, Any], rule_arn: str, rule_name: str) -> str:
    """The text that is delivered. A part that the event does not have is null in a path, nothing in a template."""
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        found = at_path(event, target["InputPath"])
        return dump(None if found is MISSING else found)
    if "InputTransformer" in target:
        transformer = target["InputTransformer"]
        values: dict[str, Any] = {
            "aws.events.rule-arn": rule_arn,
            "aws.events.rule-name": rule_name,
            "aws.events.event.ingestion-time": event.get("time"),
            "aws.events.event": {name: value for name, value in event.items() if name != "detail"},
            "aws.events.event.json": dict(event),
        }
        values |= {name: at_path(event, path) for name, path in (transformer.get("InputPathsMap") or {}).items()}
        return fill(transformer["InputTemplate"], values)
    return dump(event)


def at_path(event: Mapping[str, Any], path: str) -> Any:
    """What is at ``$.detail.items[0]``; MISSING where there is nothing."""
    found: Any = event
    for name, index, quoted in STEP.findall(path.removeprefix("$")):
        try:
            found = found[int(index)] if index else found[name or quoted]
        except (KeyError, IndexError, TypeError):
            return MISSING
    return found


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Put values for ``<name>``: as they are inside a JSON string, as JSON elsewhere, as text in a plain template."""
    in_string = False
    filled, end = "", 0
    is_json = template.lstrip().startswith("{")
    for found in PLACEHOLDER.finditer(template):
        if found[1] not in values:
            continue
        before = template[end : found.start()]
        in_string ^= len(re.findall(r'(?<!\\)"', before)) % 2 == 1
        filled += before + _put(values[found[1]], in_string, is_json)
        end = found.end()
    return filled + template[end:]


def _put(value: Any, in_string: bool, is_json: bool) -> str:
    if value is MISSING:
        return '""' if is_json and not in_string else ""
    if in_string or not is_json:
        text = value if isinstance(value, str) else dump(value)
        return dump(text)[1:-1] if in_string and isinstance(value, str) else text
    return dump(value)


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
