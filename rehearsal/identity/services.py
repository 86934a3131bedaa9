"""What the services of AWS do by themselves: judged by the policies of resources and roles, and put on record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rehearsal.calls import Call, CallRecord, Decision
from rehearsal.iam import Request, message
from rehearsal.identity.facts import AWS_OWN, AccountFacts
from rehearsal.identity.home import Home
from rehearsal.identity.judge import Judge
from rehearsal.identity.principals import Principals
from rehearsal.needs import Need

# What a service does to a resource that it hands something on to.
HANDS_ON = {"sqs": "sqs:SendMessage", "sns": "sns:Publish", "lambda": "lambda:InvokeFunction"}

# The services that are documented to say for whom they take a role: a condition on that holds for no other.
SAY_FOR_WHOM = frozenset({"scheduler.amazonaws.com", "events.amazonaws.com"})

# Whoever sends to a resource under a customer's key needs a data key, and reads it back.
KEY_ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt")


class Services:
    """``may`` for a service in its own name, ``may_as`` for one that takes a role. Each asking is on record."""

    def __init__(
        self, home: Home, judge: Judge, principals: Principals, record: CallRecord, now: Callable[[], float]
    ) -> None:
        self._home, self._judge, self._principals, self._record, self._now = home, judge, principals, record, now
        self._facts = AccountFacts(home)

    def may(self, service: str, action: str, resource_arn: str, source_arn: str | None) -> str | None:
        """Why a service such as ``s3.amazonaws.com`` may not do that on behalf of ``source_arn``; None when it may."""
        if refusal := self._refusal_of_its_own(service, resource_arn):
            return refusal
        requests: list[Request] = []
        for need in self._needs(action, resource_arn):
            request, judgement = self._judge.may_service(service, need, source_arn)
            requests.append(request)
            if not judgement.is_allowed:
                reason = _in_words(source_arn, message(request, judgement))
                return self._noted(service, service, need, Decision("denied", reason, tuple(requests), request))
        return self._noted(service, service, Need(action, resource_arn), Decision("allowed", "", tuple(requests)))

    def may_as(self, role_arn: str, service: str, session: str, need: Need) -> str | None:
        """Why a service may not do that as a session of a role; None when it may."""
        principal = self._principals.as_service(role_arn, service, session)
        return self._noted(principal.name, principal.arn, need, self._judge.all_of(principal, (need,)))

    def would(self, role_arn: str, service: str, need: Need) -> bool:
        """Whether a service could do that as a role, off the record: what AWS tries when a resource is made."""
        principal = self._principals.as_service(role_arn, service, service.split(".")[0])
        return self._judge.all_of(principal, (need,)).kind == "allowed"

    def assume_refusal(self, role_arn: str, service: str, source_arn: str | None, is_noted: bool = True) -> str | None:
        """Why a role's trust policy does not let a service take it; None when it does."""
        need, says = Need("sts:AssumeRole", role_arn), service in SAY_FOR_WHOM
        request, judgement = self._judge.may_service(service, need, source_arn if says else None, says)
        if judgement.is_allowed:
            decision = Decision("allowed", "", (request,))
        else:
            decision = Decision("denied", judgement.reason, (request,), request)
        return self._noted(service, service, need, decision) if is_noted else decision.reason or None

    def _needs(self, action: str, arn: str) -> list[Need]:
        key, via = self._key_of(arn), f"{arn.split(':')[2]}.{self._home.region}.amazonaws.com"
        keyed = [Need(each, key, {"kms:ViaService": via}, via=via) for each in KEY_ACTIONS] if key else []
        return [Need(action, arn), *keyed]

    def _key_of(self, arn: str) -> str | None:
        if arn.split(":")[2] == "sqs":
            return self._facts.queue_key(arn.split(":")[-1])
        return self._facts.topic_key(arn) if arn.split(":")[2] == "sns" else None

    def _refusal_of_its_own(self, service: str, arn: str) -> str | None:
        """What no policy mends: there is no such resource, or it lies under a key that AWS keeps for its own calls."""
        if arn.count(":") < 5:
            return f"{arn!r} is no ARN; give the one of a queue, a topic or a function"
        found = _FINDERS.get(arn.split(":")[2])
        held = found[1](self._home, arn) if found else None
        if found and held is None:
            return f"there is no {found[0]} {arn}; make it, or do not name it"
        key = str(getattr(held, "kms_master_key_id", None) or "")
        if not found or not key.rsplit(":", 1)[-1].startswith(AWS_OWN):
            return None
        name = arn.split(":")[-1]
        return f"{found[0]} {name} is encrypted with {key}, which {service} cannot use; give it a key of yours"

    def _noted(self, name: str, arn: str, need: Need, decision: Decision) -> str | None:
        service, _, operation = need.action.partition(":")
        status = 200 if decision.kind == "allowed" else 403
        told = need.resource.split(":", 5)[-1].removeprefix("function:")
        self._record.append(
            Call(name, service, operation, told, status, 0, 0, decision, self._now(), principal_arn=arn)
        )
        return decision.reason or None


def _function(home: Home, arn: str) -> Any:
    held = home.backend("lambda", arn.split(":")[3])._lambdas._functions.get(":".join(arn.split(":")[6:7]))
    return held["latest"] if held else None


_FINDERS: dict[str, tuple[str, Callable[[Home, str], Any]]] = {
    "sqs": ("queue", lambda home, arn: home.backend("sqs", arn.split(":")[3]).queues.get(arn.split(":")[-1])),
    "sns": ("topic", lambda home, arn: home.backend("sns", arn.split(":")[3]).topics.get(arn)),
    "lambda": ("function", _function),
}


def _in_words(source_arn: str | None, sentence: str) -> str:
    return f"{sentence} (for {source_arn})" if source_arn else sentence
