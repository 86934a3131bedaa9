"""EventBridge: an event that a rule lets through is handed to the hook, once for each target, whatever its kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.core.utils import unix_time
from moto.events.models import events_backends
from moto.moto_api._internal import mock_random

from rehearsal.hooks import Hooks, RuleMatch
from rehearsal.patches.seams import after_call, hooks

ENVELOPE = ("version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail")


def match_rule(original: Callable[..., None]) -> Callable[..., None]:
    """Rule.send_to_targets: moto itself goes on filling archives; every other target is the hook's."""

    def send_to_targets(rule: Any, event: dict[str, Any], transform_input: bool = True) -> None:
        here = hooks()
        if _fills_archive(rule):
            original(rule, event, transform_input)
        elif here and _lets_through(rule, event):
            for target in rule.targets:
                _tell(here, RuleMatch(rule.name, rule.arn, dict(target), _envelope(event)))

    return send_to_targets


def put_service_event(account_id: str, region: str, event: dict[str, Any]) -> None:
    """An AWS service puts an event on the account's default bus."""
    send_to_bus(events_backends[account_id][region], event)


def send_to_bus(backend: Any, event: dict[str, Any], bus: str = "default") -> None:
    whole = {
        "version": "0",
        "id": str(mock_random.uuid4()),
        "account": backend.account_id,
        "time": unix_time(),
        "ingestion-time": unix_time(),
        "region": backend.region_name,
        "resources": [],
        **event,
    }
    for rule in list(backend.describe_event_bus(bus).rules.values()):
        rule.send_to_targets(whole)


def _tell(here: Hooks, match: RuleMatch) -> None:
    after_call(lambda: here.rule_matched(match))


def _lets_through(rule: Any, event: dict[str, Any]) -> bool:
    """Moto forgets that a rule may be disabled, and lets a rule that only has a schedule match everything."""
    has_pattern = bool(rule.event_pattern.get_pattern())
    return rule.state == "ENABLED" and has_pattern and bool(rule.event_pattern.matches_event(event))


def _fills_archive(rule: Any) -> bool:
    return any(target["Arn"].split(":")[2:3] == ["events"] and target["Arn"].endswith(":::") for target in rule.targets)


def _envelope(event: dict[str, Any]) -> dict[str, Any]:
    """The event as targets get it: the time is a string to the second, and moto's own additions are left out."""
    whole = {name: event[name] for name in ENVELOPE if name in event}
    if not isinstance(whole.get("time"), str):
        whole["time"] = datetime.fromtimestamp(float(whole["time"]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return whole
