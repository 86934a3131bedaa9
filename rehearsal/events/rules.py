"""EventBridge rules: what a rule let through is delivered to its targets."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.account import Account
from rehearsal.errors import RehearsalError
from rehearsal.events.crew import Agenda
from rehearsal.events.inputs import target_input
from rehearsal.events.permission import function_lets_in
from rehearsal.events.targets import send
from rehearsal.hooks import RuleMatch
from rehearsal.progress import Listener, tell
from rehearsal.runtime.spec import NotRehearsed
from rehearsal.standing import function_name

EVENTS = "events.amazonaws.com"


class DeliveryRefused(RehearsalError):
    """A target does not let EventBridge in."""


class Rules:
    """Deliveries go over the agenda, so that whoever put the event is not kept waiting."""

    def __init__(self, account: Account, agenda: Agenda, on_event: Listener) -> None:
        self._account, self._agenda, self._on_event = account, agenda, on_event

    def matched(self, match: RuleMatch) -> None:
        self._agenda.add(self._account.clock.now(), f"rule {match.rule_name}", lambda: self._deliver(match))

    def _deliver(self, match: RuleMatch) -> None:
        """A target that is missing or closed gets no second try: as on AWS, the event goes to the dead letters."""
        target, body = match.target, target_input(match.target, match.event, match.rule_arn, match.rule_name)
        tell(self._on_event, "rule-matched", match.rule_name, target=target["Arn"])
        group = (target.get("SqsParameters") or {}).get("MessageGroupId")
        self._count(match, "Invocations")
        try:
            self._check_permission(match)
            send(self._account, lambda service: self._client(target, service), target["Arn"], body, group_id=group)
        except NotRehearsed:
            raise
        except (ClientError, RehearsalError) as error:
            self._give_up(match, body, str(error))

    def _check_permission(self, match: RuleMatch) -> None:
        """Functions are asked for their policy; queues and topics are not yet."""
        arn = match.target["Arn"]
        if arn.split(":")[2] == "lambda" and not function_lets_in(
            self._account, function_name(arn), EVENTS, match.rule_arn
        ):
            raise DeliveryRefused(
                f"function {function_name(arn)} does not let {EVENTS} invoke it for {match.rule_arn}; "
                "add a permission to it"
            )

    def _client(self, target: dict[str, Any], service: str) -> Any:
        role = target.get("RoleArn")
        return self._account.sessions.client(role, EVENTS, service) if role else self._account.client(service)

    def _count(self, match: RuleMatch, metric: str) -> None:
        self._account.hooks.counted("AWS/Events", metric, ("RuleName", match.rule_name))

    def _give_up(self, match: RuleMatch, body: str, reason: str) -> None:
        tell(self._on_event, "undelivered", match.rule_name, target=match.target["Arn"], reason=reason)
        self._count(match, "FailedInvocations")
        letters = (match.target.get("DeadLetterConfig") or {}).get("Arn")
        if letters:
            told = {"RULE_ARN": match.rule_arn, "TARGET_ARN": match.target["Arn"], "ERROR_MESSAGE": reason}
            send(self._account, self._account.client, letters, body, told)
