"""Puts together what a call needs: of the operation itself, of tags, roles and keys in it, and of its service."""

from __future__ import annotations

from rehearsal.asked import Asked
from rehearsal.needs.ask import Ask
from rehearsal.needs.general import generally
from rehearsal.needs.keys import chosen
from rehearsal.needs.need import Facts, Need
from rehearsal.needs.passing import passed
from rehearsal.needs.service import Service
from rehearsal.needs.services import SERVICES
from rehearsal.needs.tagging import tagged


def needs_of(asked: Asked, facts: Facts) -> tuple[Need, ...]:
    ask = Ask(asked, facts)
    service = SERVICES.get(asked.service)
    if service is None:
        raise ask.refusal("is of a service that is not mapped")
    main = _main(ask, service)
    if not main:
        raise ask.refusal("is about nothing")
    more = [need for rule in service.more for need in rule(ask)]
    return (*main, *tagged(ask, main), *passed(ask), *chosen(ask), *more)


def _main(ask: Ask, service: Service) -> list[Need]:
    rule = service.rules.get(ask.operation, service.rule)
    return generally(ask, service) if rule is None else list(rule(ask))
