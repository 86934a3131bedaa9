"""Policies that grant a little less, each part taken away in turn, and what that would have changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rehearsal.proof.decisions import Decide, allows
from rehearsal.proof.grants import Grant
from rehearsal.proof.held import Held, Place
from rehearsal.proof.parts import Kind, is_grant, lessened, said
from rehearsal.proof.record import Recorded


@dataclass(frozen=True)
class Mutant:
    """A part of a statement that is taken away. Without ``missed`` it survives: nothing would have been different."""

    place: Place
    kind: Kind
    part: str
    missed: tuple[Recorded, ...] = field(default=(), repr=False)

    @property
    def survives(self) -> bool:
        return not self.missed

    def of(self, held: Held) -> Held:
        """What is held without the part."""
        parts = lessened(dict(held.statements())[self.place])
        return held.with_statement(self.place, next(left for kind, part, left in parts if self._is(kind, part)))

    def _is(self, kind: Kind, part: str) -> bool:
        return (kind, part) == (self.kind, self.part)

    def __str__(self) -> str:
        statement = f"statement {self.place.index + 1}"
        return statement if self.kind == "statement" else f"{self.kind} {self.part} of {statement}"


def mutants(granted: Sequence[Grant], held: Held, decide: Decide) -> Iterator[Mutant]:
    """All of them, with the requests that would have been decided otherwise. Guards are no grants, and stay.

    To take from a statement can only change what it lets through, so only that is decided again.
    """
    let_through = _let_through(granted)
    for place, statement in held.statements():
        if not is_grant(statement):
            continue
        for kind, part, left in lessened(statement):
            less = held.with_statement(place, left)
            missed = tuple(one for one in let_through.get(place, ()) if not allows(one, less, decide))
            yield Mutant(place, kind, part, missed)


def _let_through(granted: Sequence[Grant]) -> Mapping[Place, Sequence[Recorded]]:
    found: dict[Place, dict[int, Recorded]] = {}
    for grant in granted:
        found.setdefault(grant.place, {}).update((id(one), one) for one in grant.needed_by)
    return {place: list(ones.values()) for place, ones in found.items()}


@dataclass(frozen=True)
class Guard:
    """A statement that denies: it is meant to meet nobody, and is not counted."""

    place: Place
    actions: tuple[str, ...]


def guards(held: Held) -> list[Guard]:
    return [
        Guard(place, tuple(said(statement, "Action")))
        for place, statement in held.statements()
        if not is_grant(statement)
    ]
