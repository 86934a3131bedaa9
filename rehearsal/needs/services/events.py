"""EventBridge and its Scheduler."""

from __future__ import annotations

import json
from collections.abc import Iterable

from rehearsal.needs.ask import Ask, Context
from rehearsal.needs.general import action_of, generally
from rehearsal.needs.need import Need
from rehearsal.needs.service import Service

DEFAULT = "default"
ENTRIES = "Entries"


def rule(ask: Ask) -> list[Need]:
    """A rule's ARN names its bus, unless that is the default one."""
    action = action_of(ask, SERVICE)
    is_of_rule = "rule-on-default-event-bus" in {kind.name for kind in action.resource_types}
    if not is_of_rule or ask.one("ResourceARN"):
        return generally(ask, SERVICE)
    bus, name = _bus(ask.one("EventBusName")), ask.needed("Rule|Name")
    arn = ask.arn(f"rule/{name}" if bus == DEFAULT else f"rule/{bus}/{name}")
    return [ask.need(action.name, arn, _rule_context(ask))]


def put_events(ask: Ask) -> list[Need]:
    """Each event is judged by itself: what it says it is, and the bus that it goes to."""
    entries = ask.members.get(ENTRIES)
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise ask.refusal("puts no events")
    said = {(str(e.get("Source", "")), str(e.get("DetailType", "")), _bus(e.get("EventBusName"))) for e in entries}
    return [
        ask.need("events:PutEvents", ask.arn(f"event-bus/{bus}"), {"events:source": source, "events:detail-type": kind})
        for source, kind, bus in sorted(said)
    ]


def of_group(ask: Ask) -> Iterable[Need]:
    """A group takes its schedules with it."""
    if ask.operation == "DeleteScheduleGroup":
        return [ask.need("scheduler:DeleteSchedule", ask.arn(f"schedule/{ask.needed('Name')}/*"))]
    return []


def _bus(given: object) -> str:
    """The name of a bus, from its name or its ARN."""
    return str(given).rpartition("event-bus/")[2] if given else DEFAULT


def _rule_context(ask: Ask) -> Context:
    found: dict[str, str | list[str]] = {"events:creatorAccount": ask.facts.account_id}
    if targets := ask.every("Targets.Arn"):
        found["events:TargetArn"] = targets
    try:
        pattern = json.loads(ask.one("EventPattern") or "{}")
    except ValueError:
        pattern = {}
    for key in ("source", "detail-type"):
        if isinstance(pattern, dict) and isinstance(pattern.get(key), list):
            found[f"events:{key}"] = [value for value in pattern[key] if isinstance(value, str)]
    return found


SERVICE = Service(
    model="events",
    places={
        "event-bus": ("Name|EventBusName",),
        "DescribeEventBus:event-bus": (f"Name|={DEFAULT}",),
        "CreateArchive:event-bus": ("EventSourceArn",),
        "StartReplay:event-bus": ("Destination.Arn",),
        "StartReplay:archive": ("EventSourceArn",),
        "archive": ("ArchiveName",),
        "replay": ("ReplayName",),
        "connection": ("Name",),
        "CreateApiDestination:connection": ("ConnectionArn",),
        "api-destination": ("Name",),
        "endpoint": ("Name",),
        "event-source": ("Name|EventSourceName",),
    },
    rules={"PutEvents": put_events},
    rule=rule,
)

SCHEDULER = Service(
    model="scheduler",
    places={"schedule": (f"GroupName|groupName|={DEFAULT}", "Name"), "schedule-group": ("Name",)},
    more=(of_group,),
)
