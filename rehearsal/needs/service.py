"""What has to be said of a service, so that the general rule can tell what its calls need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from rehearsal.needs.ask import Ask, Context
from rehearsal.needs.need import Need

Rule = Callable[[Ask], Iterable[Need]]


def no_context(_: Ask) -> Context:
    return {}


@dataclass(frozen=True)
class Service:
    """``actions`` gives the action of an operation that has not its name.

    ``places`` says which members of a call fill the ARN of a type of resource, one path for each place in it, or one
    path for a whole ARN; "CreateCrawler:job" is a type in one operation alone. ``rules`` say of an operation all that
    it is about, instead of the general rule, ``rule`` of every operation. ``more`` are further needs of any call,
    ``context`` its keys.
    """

    model: str
    actions: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    rule: Rule | None = None
    more: tuple[Rule, ...] = ()
    context: Callable[[Ask], Context] = no_context
