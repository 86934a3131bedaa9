"""A policy that was read: its statements, ready to be asked whether they apply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from rehearsal.errors import RehearsalError
from rehearsal.iam.callers import Caller
from rehearsal.iam.conditions import Condition, Held, all_of
from rehearsal.iam.principals import Grant, Principals
from rehearsal.iam.variables import Lookup

Kind = Literal["identity", "resource", "trust", "scp", "boundary", "session"]
Effect = Literal["Allow", "Deny"]


class Malformed(RehearsalError):
    """A policy is not as IAM wants it. The message is one line: which element, what it says, what was expected."""


@dataclass(frozen=True)
class Question:
    """A request, made ready. ``action`` is in lower case, as are the keys of ``held``."""

    caller: Caller
    action: str
    resource: str
    held: Held
    has_boundary: bool = False

    def lookup(self, key: str) -> str | None:
        """The value of a variable. A key with several values has none that could stand for it."""
        found = self.held.get(key, ())
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Patterns:
    """What an Action, NotAction, Resource or NotResource names."""

    texts: tuple[str, ...]
    is_negated: bool
    tests: tuple[Callable[[str, Lookup], bool], ...] = field(compare=False, repr=False)

    def meet(self, text: str, lookup: Lookup) -> bool:
        return any(test(text, lookup) for test in self.tests) is not self.is_negated


@dataclass(frozen=True)
class Statement:
    """``resources`` is None where the policy means the resource that it is attached to."""

    effect: Effect
    actions: Patterns
    resources: Patterns | None
    conditions: tuple[Condition, ...] = ()
    principals: Principals | None = None
    sid: str = ""

    def allows(self, question: Question) -> bool:
        """Whether it allows, whoever asks. In doubt it does not."""
        return self.effect == "Allow" and self._is_about(question) is True

    def denies(self, question: Question) -> bool:
        """In doubt it does."""
        if self.effect != "Deny" or self._is_about(question) is False:
            return False
        return self.principals is None or self.principals.are_denied(question.caller, question.has_boundary)

    def grant(self, question: Question) -> Grant | None:
        """How it lets the caller in, if it does. Whom a condition on aws:PrincipalArn names is let in directly."""
        grant = self.principals.grant(question.caller) if self.principals else None
        if grant is None or not self.allows(question):
            return None
        is_named = any(each.key == "aws:principalarn" and each.pins for each in self.conditions)
        return Grant.DIRECT if grant is Grant.EVERYBODY and is_named and self._knows_caller(question) else grant

    def _knows_caller(self, question: Question) -> bool:
        return bool(question.held.get("aws:principalarn"))

    def _is_about(self, question: Question) -> bool | None:
        if not self.actions.meet(question.action, question.lookup):
            return False
        if self.resources is not None and not self.resources.meet(question.resource, question.lookup):
            return False
        return all_of(condition.holds(question.held, question.lookup) for condition in self.conditions)


@dataclass(frozen=True)
class Document:
    kind: Kind
    version: str
    statements: tuple[Statement, ...]

    def allows(self, question: Question) -> bool:
        return any(statement.allows(question) for statement in self.statements)

    def denies(self, question: Question) -> bool:
        return any(statement.denies(question) for statement in self.statements)

    def grants(self, question: Question) -> frozenset[Grant]:
        """The ways in which its statements let the caller in."""
        found = (statement.grant(question) for statement in self.statements)
        return frozenset(grant for grant in found if grant is not None)
