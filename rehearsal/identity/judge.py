"""Decides every call: what it needs, asked of the policies that have a say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rehearsal.answers import Answer, denied
from rehearsal.asked import Asked
from rehearsal.calls import NOT_DECIDED, Decision
from rehearsal.iam import Judgement, Policies, Request, decide, message
from rehearsal.identity import contexts
from rehearsal.identity.facts import AccountFacts
from rehearsal.identity.held import EVERYTHING, held_by
from rehearsal.identity.home import Home
from rehearsal.identity.principals import Principal, Principals
from rehearsal.identity.resource_policies import resource_policy
from rehearsal.needs import Need, NotMapped, needs

# A caller who may not list a bucket is not told which objects are missing.
TELLS_OF_OBJECTS = frozenset({"GetObject", "HeadObject", "GetObjectAttributes"})

# What a service calls in the name of its own caller carries its name: the keys are the caller's.
VIA_HEADER = "x-rehearsal-via"


class Judge:
    """``deployer_policy`` is what the deployer may do.

    The rehearsal's own calls are not decided: it is the machine, and no principal of the account.
    """

    def __init__(
        self, home: Home, principals: Principals, now: Callable[[], float], deployer_policy: str = EVERYTHING
    ) -> None:
        self.deployer_policy = deployer_policy
        self._home, self._principals, self._now = home, principals, now
        self._facts = AccountFacts(home)

    def decide(self, asked: Asked) -> Decision:
        """All needs of a call must be allowed. What nobody has mapped is denied by its name."""
        principal = self._principals.of(asked.access_key)
        if principal.kind == "rehearsal":
            return NOT_DECIDED
        if principal.kind == "unknown":
            return Decision("denied", "The security token included in the request is invalid.", is_stranger=True)
        try:
            wanted = needs(asked, self._facts)
        except NotMapped as unknown:
            return Decision("denied", str(unknown))
        return self.all_of(principal, wanted, asked)

    def all_of(self, principal: Principal, wanted: tuple[Need, ...], asked: Asked | None = None) -> Decision:
        """The first need that is not allowed is the reason of the denial."""
        who = {**contexts.of_principal(self._home, principal), **contexts.of_moment(self._now())}
        requests = tuple(self._request(principal, need, who, asked) for need in wanted)
        for request in requests:
            judgement = decide(request, self.policies(principal, request))
            if not judgement.is_allowed:
                return Decision("denied", message(request, judgement), requests, request)
        return Decision("allowed", "", requests)

    def may_service(
        self, service: str, need: Need, source_arn: str | None, says_account: bool = True
    ) -> tuple[Request, Judgement]:
        """Whether a service that acts for itself is let in by the policy of a resource."""
        keys = {**contexts.of_service(self._home, service), **contexts.of_moment(self._now())}
        keys |= contexts.of_source(self._home, source_arn) if says_account else {}
        if need.action.lower().startswith("sns:"):
            keys["aws:SourceOwner"] = self._home.account_id  # what the policy that a topic is made with looks at
        request = Request(service, need.action, need.resource, self._home.account_id, {**keys, **need.context})
        resource = resource_policy(self._home, need.action, need.resource)
        return request, decide(request, Policies(resource=resource))

    def policies(self, principal: Principal, request: Request) -> Policies:
        held = held_by(self._home, principal, self.deployer_policy)
        return Policies(
            identity=tuple(held.identity.values()),
            resource=resource_policy(self._home, request.action, request.resource),
            boundary=held.boundary,
            session=principal.policies,
        )

    def conceal(self, asked: Asked, decision: Decision, answer: Answer) -> tuple[Decision, Answer]:
        """An object that is missing looks forbidden to whoever may not list the bucket. The asking is on record."""
        if decision.kind != "allowed" or answer.code != 404 or asked.service != "s3":
            return decision, answer
        bucket = str(asked.parameters.get("Bucket", ""))
        if asked.operation not in TELLS_OF_OBJECTS or self._home.global_backend("s3").buckets.get(bucket) is None:
            return decision, answer
        principal = self._principals.of(asked.access_key)
        need = Need("s3:ListBucket", f"arn:{self._home.partition}:s3:::{bucket}")
        probe = self.all_of(principal, (need,), asked)
        seen = replace(decision, probes=probe.requests)
        return seen, (denied(asked.protocol, probe.reason, "s3") if probe.kind == "denied" else answer)

    def _request(self, principal: Principal, need: Need, who: contexts.Keys, asked: Asked | None) -> Request:
        owner = need.owner or self._home.account_id
        call = contexts.of_call(self._home, asked, need.via or (asked.headers.get(VIA_HEADER, "") if asked else ""))
        context = {**who, **call, "aws:ResourceAccount": owner, **need.context}
        return Request(principal.arn, need.action, need.resource, owner, context)
