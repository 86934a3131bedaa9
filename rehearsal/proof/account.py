"""What an embedded account can be asked for the proof: its record, and the policies held in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from rehearsal.account import Account
from rehearsal.calls import Call
from rehearsal.identity.held import roles
from rehearsal.identity.home import Home
from rehearsal.identity.resource_policies import resource_policy
from rehearsal.proof.held import Held, statements_of
from rehearsal.proof.record import Seen

DEPLOYER = "user/deployer"

# What AWS itself writes into a policy that nobody has given: the owner's own account may do things.
OF_AWS = frozenset({"__default_statement_ID", "Enable IAM User Permissions"})


def seen_in(calls: Iterable[Call], during: Callable[[int], str] = lambda _: "") -> Iterator[Seen]:
    """The requests of decided calls; ``during`` tells by its place in the record what a call belongs to."""
    for place, call in enumerate(calls):
        decision, what = call.decision, during(place)
        for request in decision.requests:
            yield Seen(request, request is not decision.refused, what)
        for request in decision.probes:
            yield Seen(request, True, what, is_probe=True)


def held_in(account: Account, calls: Iterable[Call] = ()) -> Held:
    """The policies as they are now. Trust policies are among them where ``calls`` have asked them.

    The deployer's are given: it is who runs the program, and no part of what the program makes.
    """
    every = roles(account.home)
    asked = {request.resource for call in calls for request in call.decision.requests
             if request.action.lower().startswith("sts:")}  # fmt: skip
    resources = dict(_resource_policies(account.home)) | {role.arn: role.trust for role in every if role.arn in asked}
    defaults = {arn for arn, text in resources.items() if _is_of_aws(text)}
    return Held(
        identities={f"role/{role.name}": role.held.identity for role in every}
        | {DEPLOYER: {"deployer": account.judge.deployer_policy}},
        resources=resources,
        boundaries={f"role/{role.name}": role.held.boundary for role in every if role.held.boundary},
        given=frozenset({DEPLOYER, *defaults}),
    )


def _resource_policies(home: Home) -> Iterator[tuple[str, str]]:
    for arn in _with_policies(home):
        text = resource_policy(home, f"{arn.split(':')[2]}:", arn)
        if text:
            yield arn, text


def _with_policies(home: Home) -> Iterator[str]:
    """All resources of the account that could have a policy."""
    yield from (f"arn:{home.partition}:s3:::{name}" for name in list(home.global_backend("s3").buckets))
    for service, kind, names in (
        ("sqs", "", home.backend("sqs").queues),
        ("kms", "key/", home.backend("kms").keys),
        ("lambda", "function:", home.backend("lambda")._lambdas._functions),
        ("events", "event-bus/", home.backend("events").event_buses),
        ("dynamodb", "table/", home.backend("dynamodb").tables),
    ):
        yield from (home.arn(service, f"{kind}{name}", home.region) for name in list(names))
    yield from list(home.backend("sns").topics)
    yield from (secret.arn for secret in list(home.backend("secretsmanager").secrets.values()))


def _is_of_aws(text: str) -> bool:
    return all(statement.get("Sid") in OF_AWS for statement in statements_of(text))
