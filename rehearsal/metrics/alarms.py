"""The alarms of an account: evaluated as its clock passes, with all that a change of state brings."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

from rehearsal.account import Account
from rehearsal.events.crew import Agenda
from rehearsal.hooks import Notification
from rehearsal.metrics import notices
from rehearsal.metrics.actions import Action, actions_of
from rehearsal.metrics.changes import first_change
from rehearsal.metrics.composite import read
from rehearsal.metrics.definition import Definition, definition_of
from rehearsal.metrics.evaluation import State
from rehearsal.metrics.queues import SPARSE
from rehearsal.metrics.services import Services
from rehearsal.metrics.store import Foreseen, Series, backend_of
from rehearsal.patches.cloudwatch import set_state
from rehearsal.progress import Listener, tell


@dataclass(frozen=True)
class Change:
    """An alarm's change of state at a mark of the clock."""

    mark: float
    alarm: Any
    state: State
    reason: str
    reason_data: str


class Alarms:
    """``mails`` holds what topics have sent out of the account: by mail, by text message, to addresses.

    Marks are looked at in their order, each once, even those that have passed while functions and jobs ran: an alarm
    that came and went within a step of the clock has come and gone.
    """

    def __init__(self, account: Account, services: Services, agenda: Agenda, on_event: Listener) -> None:
        self.mails: list[Notification] = []
        self._account, self._services, self._agenda, self._on_event = account, services, agenda, on_event
        self._lock = threading.RLock()
        self._looked_until = 0.0
        self._known: dict[str, tuple[Any, Definition]] = {}
        self._series: Series | None = None

    def start(self) -> None:
        """Marks from now on are looked at."""
        self._looked_until = self._account.clock.now()
        self._services.start(self._looked_until)

    def states(self) -> dict[str, State]:
        return {name: cast(State, alarm.state_value) for name, alarm in self._alarms().items()}

    def unevaluated(self) -> dict[str, str]:
        """The alarms whose metric the rehearsal never makes, with the reason: their state says nothing."""
        found = {name: self._definition(alarm).unmade for name, alarm in self._alarms().items() if alarm.rule is None}
        return {name: reason for name, reason in found.items() if reason}

    def evaluate(self) -> bool:
        """Look at every mark up to now. Whether something is to be delivered: settle carries it out."""
        with self._lock:
            now = self._account.clock.now()
            self._services.collect()
            self._services.measure_queues(now, self._closely_watched())
            changes = 0
            while (change := self._first(self._read(), now)) is not None:
                self._apply(change)
                changes += 1
            self._looked_until = max(self._looked_until, now)
            return bool(changes)

    def next_change(self, until: float) -> float | None:
        """The first mark, up to a moment to come, at which an alarm changes if only time passes."""
        with self._lock:
            self._services.collect()
            coming = self._services.foresee_queues(until, self._closely_watched())
            series = Foreseen(self._read(), coming)
            change = self._first(series, until)
            return change.mark if change else None

    def before_move(self, moment: float) -> None:
        """The clock is about to be moved: until then, only time touches what is in the queues."""
        self._services.measure_queues(moment, self._closely_watched())

    def was_set(self, name: str, old: str) -> None:
        """Somebody put an alarm into a state by hand."""
        alarm = self._alarms()[name]
        self._bring_about(alarm, {"value": old}, notices.epoch(alarm.state_updated_timestamp))

    def _first(self, series: Series, until: float) -> Change | None:
        """The first change of all; a composite alarm follows the alarms in its rule at the same mark."""
        alarms = self._alarms()
        for alarm in alarms.values():
            if alarm.rule is not None and (change := self._composite(alarm)):
                return change
        found = [self._of_metric(alarm, series, until) for alarm in alarms.values() if alarm.rule is None]
        return min((change for change in found if change), key=lambda change: change.mark, default=None)

    def _of_metric(self, alarm: Any, series: Series, until: float) -> Change | None:
        definition = self._definition(alarm)
        if definition.unmade:
            return None
        after = max(self._looked_until, notices.epoch(alarm.configuration_updated_timestamp))
        found = first_change(definition, alarm.state_value, series, after, until)
        if found is None:
            return None
        mark, verdict = found
        data = notices.reason_data(verdict, definition.rule, definition.period, alarm.statistic, mark)
        return Change(mark, alarm, verdict.state, notices.reason(verdict, definition.rule), data)

    def _composite(self, alarm: Any) -> Change | None:
        rule, states = read(alarm.rule), self.states()
        asked = [states.get(name) for name in rule.names]
        state: State = "ALARM" if rule.holds(states) else "OK"
        if state == "OK" and asked and all(each == "INSUFFICIENT_DATA" for each in asked):
            state = "INSUFFICIENT_DATA"
        if state == alarm.state_value:
            return None
        reason = f"{alarm.alarm_arn} transitioned to {state}: " + ", ".join(
            f"{name} is {states.get(name)}" for name in sorted(rule.names)
        )
        alarms = self._alarms()
        others = [alarms[name].state_updated_timestamp for name in rule.names if name in alarms]
        mark = max(notices.epoch(moment) for moment in [alarm.configuration_updated_timestamp, *others])
        return Change(mark, alarm, state, reason, "{}")

    def _apply(self, change: Change) -> None:
        alarm, old = change.alarm, notices.state_of(change.alarm, notices.epoch(change.alarm.state_updated_timestamp))
        moment = datetime.fromtimestamp(change.mark, UTC).replace(tzinfo=None)
        set_state(alarm, change.state, change.reason, change.reason_data, moment)
        self._account.hooks.changed(("alarms", "", ""))
        self._looked_until = max(self._looked_until, change.mark - 0.001)  # others may change at the same mark
        self._bring_about(alarm, old, change.mark)

    def _bring_about(self, alarm: Any, old: dict[str, Any], moment: float) -> None:
        tell(self._on_event, "alarm-changed", alarm.name, state=alarm.state_value, before=old["value"],
             reason=alarm.state_reason, at=notices.stamp(moment))  # fmt: skip
        action = Action(self._account, alarm, old, moment)
        action.put_event()
        for arn in actions_of(alarm):
            work = partial(action.deliver, arn)
            self._agenda.add(self._account.clock.now(), f"alarm {alarm.name}", work)

    def _definition(self, alarm: Any) -> Definition:
        """Read once; an alarm that is put again is another object."""
        known = self._known.get(alarm.name)
        if known is None or known[0] is not alarm:
            known = self._known[alarm.name] = (alarm, definition_of(alarm))
        return known[1]

    def _closely_watched(self) -> frozenset[str]:
        """The queues that an alarm looks at more often than they are measured when nothing happens."""
        definitions: Sequence[Definition] = [
            self._definition(each) for each in self._alarms().values() if each.rule is None
        ]
        return frozenset(
            dict(metric.key[2]).get("QueueName", "")
            for definition in definitions if definition.period < SPARSE
            for metric in definition.metrics if metric.key[0] == "AWS/SQS"
        )  # fmt: skip

    def _read(self) -> Series:
        if self._series is None:
            self._series = Series(backend_of(self._account.account_id, self._account.region))
        self._series.follow()
        return self._series

    def _alarms(self) -> dict[str, Any]:
        return dict(backend_of(self._account.account_id, self._account.region).alarms)
