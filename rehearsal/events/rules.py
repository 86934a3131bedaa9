"""EventBridge rules: what a rule let through is delivered to its targets."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from rehearsal.account import Account
from rehearsal.errors import RehearsalError
from rehearsal.events.crew import Agenda
from rehearsal.events.inputs import target_input
from rehearsal.events.targets import DeliveryRefused, check_let_in, send
from rehearsal.hooks import RuleMatch
from rehearsal.progress import Listener, tell
from rehearsal.runtime.spec import NotRehearsed

EVENTS = "events.amazonaws.com"


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
            if not target.get("RoleArn"):
                check_let_in(self._account, EVENTS, target["Arn"], match.rule_arn)
            send(self._account, lambda service: self._client(match, service), target["Arn"], body, group_id=group)
        except NotRehearsed:
            raise
        except (ClientError, RehearsalError) as error:
            self._give_up(match, body, str(error))

    def _client(self, match: RuleMatch, service: str) -> Any:
        role = match.target.get("RoleArn")
        if role is None:
            return self._account.client(service)
        return self._account.sessions.client(role, EVENTS, service, match.rule_arn)

    def _count(self, match: RuleMatch, metric: str) -> None:
        self._account.hooks.counted("AWS/Events", metric, ("RuleName", match.rule_name))

    def _give_up(self, match: RuleMatch, body: str, reason: str) -> None:
        self._account.hooks.lost(match.rule_name, match.target["Arn"], reason)
        self._count(match, "FailedInvocations")
        letters = (match.target.get("DeadLetterConfig") or {}).get("Arn")
        if not letters:
            return
        told = {"RULE_ARN": match.rule_arn, "TARGET_ARN": match.target["Arn"], "ERROR_MESSAGE": reason}
        try:
            check_let_in(self._account, EVENTS, letters, match.rule_arn)
            send(self._account, self._account.client, letters, body, told)
        except (ClientError, DeliveryRefused) as refusal:
            self._account.hooks.lost(match.rule_name, letters, str(refusal))
