"""States of CloudWatch alarms, with their history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from rehearsal.asked import Asked
from rehearsal.kept.parts import moments
from rehearsal.kept.parts.part import Part
from rehearsal.kept.store import Batch, Name, Store
from rehearsal.patches.cloudwatch import Happened

STATE = ("state_reason", "state_reason_data", "state_value")


class Alarms(Part):
    """Compared with what is kept of them: there are few, and a call in CBOR does not show which one it is about."""

    service = "cloudwatch"
    names = ("alarms",)

    def __init__(self, account_id: str, region: str) -> None:
        self._backend = cloudwatch_backends[account_id][region]
        self._kept: dict[str, tuple[Any, int]] = {}

    def touched(self, asked: Asked, _answer: bytes) -> Iterable[Name]:
        return [Name("alarms", "", "")] if asked.operation == "SetAlarmState" else ()

    def gather(self, _name: Name, batch: Batch) -> None:
        for alarm in list(self._backend.alarms.values()):
            if self._kept.get(alarm.name) != (state := _state(alarm)):
                batch.put(Name("alarm", "", alarm.name), _told(alarm))
                self._kept[alarm.name] = state

    def restore(self, store: Store, _cut_off: bool) -> None:
        for _, name, told in store.rows("alarm"):
            alarm = self._backend.alarms.get(name)
            if alarm is None or name in self._kept:
                continue
            for each in STATE:
                setattr(alarm, each, told[each])
            alarm.state_updated_timestamp = moments.read(told["updated"])
            alarm.history = [
                Happened(kind, moments.read(moment), summary, data) for kind, moment, summary, data in told["history"]
            ]
            self._kept[name] = _state(alarm)


def _state(alarm: Any) -> tuple[Any, int]:
    """What differs whenever something has happened to an alarm."""
    return alarm.state_updated_timestamp, len(alarm.history)


def _told(alarm: Any) -> dict[str, Any]:
    history = [[each.kind, moments.written(each.moment), each.summary, each.data] for each in alarm.history]
    state = {name: getattr(alarm, name) for name in STATE}
    return {**state, "updated": moments.written(alarm.state_updated_timestamp), "history": history}
