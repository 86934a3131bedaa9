"""Conditions: whether what a request holds under a key meets what a policy wants of it.

The answer has three values: None where nobody can tell. A statement that allows then does not apply, one that denies
does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rehearsal.iam.operators import NEGATED, READERS, Test, Unreadable
from rehearsal.iam.variables import Lookup, NoVariable

Held = Mapping[str, tuple[str, ...]]
Quantifier = Literal["forallvalues", "foranyvalue", ""]

_IF_EXISTS = "ifexists"


class NoCondition(ValueError):
    """An operator that does not exist, or a value that is not of its kind."""


@dataclass(frozen=True)
class Condition:
    """One operator on one key, with all values that the policy names."""

    key: str
    operator: str
    quantifier: Quantifier
    if_exists: bool
    is_negated: bool
    tests: tuple[Test, ...] = field(compare=False, repr=False)

    def holds(self, held: Held, lookup: Lookup) -> bool | None:
        found = held.get(self.key, ())
        if self.operator == "null":
            return any_of(test(str(is_null(found)), lookup) for test in self.tests)
        if not found:
            return self._of_nothing()
        if self.quantifier and is_null(found):
            return self.quantifier == "forallvalues"
        each = [self._of_one(value, lookup) for value in found]
        if self.quantifier:
            return all_of(each) if self.quantifier == "forallvalues" else any_of(each)
        every, some = all_of(each), any_of(each)
        return every if every == some else None

    def _of_nothing(self) -> bool:
        """The key is absent."""
        if self.if_exists or self.quantifier == "forallvalues":
            return True
        return self.is_negated and not self.quantifier

    def _of_one(self, value: str, lookup: Lookup) -> bool | None:
        found = any_of(test(value, lookup) for test in self.tests)
        return found if found is None or not self.is_negated else not found

    @property
    def pins(self) -> bool:
        """Whether it can hold only where the key has one of the values."""
        return not self.is_negated and self.operator != "null"


def condition(operator: str, key: str, wanted: Iterable[str], has_variables: bool) -> Condition:
    """Raises NoCondition. Operators and keys may be written in any case."""
    quantifier, rest = _quantifier(operator.lower())
    if_exists = rest.endswith(_IF_EXISTS)
    name = rest.removesuffix(_IF_EXISTS)
    if name == "null" and (quantifier or if_exists):
        raise NoCondition("Null alone, without ForAllValues, ForAnyValue or IfExists")
    reader = READERS["bool"] if name == "null" else READERS.get(NEGATED.get(name, name))
    if reader is None:
        raise NoCondition("an operator of IAM such as StringEquals")
    takes_variables = has_variables and name.startswith(("string", "arn", "bool"))
    try:
        tests = tuple(reader(value, takes_variables) for value in wanted)
    except Unreadable as unreadable:
        raise NoCondition(str(unreadable)) from unreadable
    except NoVariable as unknown:
        raise NoCondition("a variable such as ${aws:username} behind each ${") from unknown
    return Condition(key.lower(), name, quantifier, if_exists, name in NEGATED, tests)


def _quantifier(operator: str) -> tuple[Any, str]:
    before, colon, rest = operator.partition(":")
    return (before, rest) if colon and before in ("forallvalues", "foranyvalue") else ("", operator)


def is_null(held: tuple[str, ...]) -> bool:
    """A key without a value, or with an empty one."""
    return held in ((), ("",))


def any_of(found: Iterable[bool | None]) -> bool | None:
    every = list(found)
    return True if True in every else None if None in every else False


def all_of(found: Iterable[bool | None]) -> bool | None:
    every = list(found)
    return False if False in every else None if None in every else True
