"""The general rule: an operation needs the action of its name, on each kind of resource that the reference requires."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from string import Template

from rehearsal.needs import reference
from rehearsal.needs.ask import ANYTHING, Ask
from rehearsal.needs.need import Need
from rehearsal.needs.reference import Action, ResourceType
from rehearsal.needs.service import Service

# Members that hold the ARN of the resource which the call is about, whatever its kind.
BY_ARN = "ResourceArn|ResourceARN|resourceArn|Resource|TopicArn|PolicyArn|StreamArn|BackupArn|ExportArn|PolicySourceArn"


def generally(ask: Ask, service: Service) -> list[Need]:
    """Raises NotMapped for an operation without an action, and for a resource that nothing in the call names."""
    action = action_of(ask, service)
    context = service.context(ask)
    return [ask.need(action.name, arn, context) for arn in resources(ask, service, action)]


def action_of(ask: Ask, service: Service) -> Action:
    name = f"{ask.prefix}:{service.actions.get(ask.operation, ask.operation)}"
    if not reference.action_exists(name):
        raise ask.refusal(f"has no action of its name ({name})")
    return reference.action(name)


def resources(ask: Ask, service: Service, action: Action) -> list[str]:
    """The ARNs that the action must be allowed on, all of them; "*" for an action that works on nothing in particular.

    Where the call gives the ARN, that is all. Of kinds that are not required, the first that the call names.
    """
    kinds = action.resource_types
    if not kinds:
        return [ANYTHING]
    if found := _given(ask, kinds):
        return found
    if required := [kind for kind in kinds if kind.is_required]:
        return [arn for kind in required for arn in _named(ask, service, kind)]
    for kind in kinds:
        if found := _filled(ask, service, kind):
            return found
    raise ask.refusal(f"names none of its resources ({', '.join(kind.name for kind in kinds)})")


def _given(ask: Ask, kinds: tuple[ResourceType, ...]) -> list[str]:
    """The resource where the call has its ARN. An ARN of no kind that the action knows is none of its resources."""
    arns = [arn.removesuffix(":*") for arn in ask.every(BY_ARN) if arn.startswith("arn:")]
    return [arn for arn in arns if any(kind.matches(arn) for kind in kinds)]


def _named(ask: Ask, service: Service, kind: ResourceType) -> list[str]:
    found = _filled(ask, service, kind)
    if not found:
        raise ask.refusal(f"names no {kind.name}")
    return found


def _filled(ask: Ask, service: Service, kind: ResourceType) -> list[str]:
    """All ARNs of a kind that the members of the call make."""
    paths = service.places.get(f"{ask.operation}:{kind.name}", service.places.get(kind.name))
    if paths is None:
        return [] if kind.places else [_arn(ask, kind, {})]
    values = [ask.every(path) for path in paths]
    if whole := [value for value in values[-1] if value.startswith("arn:")]:
        return whole if all(kind.matches(arn) for arn in whole) else []
    return [_arn(ask, kind, dict(zip(kind.places, each, strict=True))) for each in product(*values)]


def _arn(ask: Ask, kind: ResourceType, named: Mapping[str, str]) -> str:
    shared = {"Partition": ask.facts.partition, "Region": ask.facts.region, "Account": ask.facts.account_id}
    return Template(kind.arn).substitute(shared, **named)
