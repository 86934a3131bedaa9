"""What an alarm does when its state changes: a message to a topic, a call of a function, an event on the bus."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.account import Account
from rehearsal.errors import RehearsalError
from rehearsal.events.targets import check_let_in
from rehearsal.metrics import notices
from rehearsal.metrics.evaluation import State
from rehearsal.patches.cloudwatch import Happened

CLOUDWATCH = "cloudwatch.amazonaws.com"
ALARMS = "lambda.alarms.cloudwatch.amazonaws.com"


def actions_of(alarm: Any) -> list[str]:
    """The ARNs that the alarm's present state is told to."""
    if not alarm.actions_enabled:
        return []
    return list({"ALARM": alarm.alarm_actions, "OK": alarm.ok_actions}.get(
        alarm.state_value, alarm.insufficient_data_actions) or [])  # fmt: skip


class Action:
    """One change of state, on its way. What is refused is lost, and stands in the alarm's history."""

    def __init__(self, account: Account, alarm: Any, old: Mapping[str, Any], moment: float) -> None:
        region, account_id = account.region, account.account_id
        self._account, self._alarm, self._moment = account, alarm, moment
        self._before: State = old["value"]
        self._subject = notices.subject(alarm, region)
        # Written now: by the time it is sent, the alarm may have changed again.
        self._message = json.dumps(notices.message(alarm, account_id, region, self._before, moment))
        self._call = json.dumps(notices.function_event(alarm, account_id, region, old, moment))
        self._event = notices.bus_event(alarm, old, moment)

    def put_event(self) -> None:
        self._account.hooks.event_put(self._event)

    def deliver(self, arn: str) -> None:
        try:
            self._send(arn)
            done = f"Successfully executed action {arn}"
        except (ClientError, RehearsalError) as error:
            done = f"Failed to execute action {arn}. {error}"
            self._account.hooks.lost(self._alarm.name, arn, str(error))
        moment = datetime.fromtimestamp(self._moment, UTC).replace(tzinfo=None)
        self._alarm.history.append(Happened("Action", moment, done))
        self._account.hooks.changed(("alarms", "", ""))

    def _send(self, arn: str) -> None:
        source, is_topic = self._alarm.alarm_arn, arn.split(":")[2] == "sns"
        check_let_in(self._account, CLOUDWATCH if is_topic else ALARMS, arn, source)
        if is_topic:
            self._account.client("sns").publish(TopicArn=arn, Subject=self._subject, Message=self._message)
            return
        self._account.client("lambda").invoke(FunctionName=arn, InvocationType="Event", Payload=self._call.encode())
