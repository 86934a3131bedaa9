"""What a name in a statement can mean: the fields in reach, and compiled expressions over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rehearsal.athena.errors import CannotRehearse, Place, QueryFailed
from rehearsal.athena.prune import Bound
from rehearsal.athena.types import UNKNOWN, Type, held


@dataclass(eq=False)
class Scan:
    """One mention of a table. ``used`` are the columns that are needed, ``bounds`` what its rows must fulfil."""

    alias: str
    table: Any
    used: dict[str, None] = field(default_factory=dict)
    bounds: list[Bound] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Field:
    """A column in reach. ``name`` is in small letters, ``label`` as it was written, None where it has no name."""

    label: str | None
    type: Type
    sql: str
    relation: tuple[str, ...] = ()
    scan: Scan | None = None
    column: str = ""
    hidden: bool = False

    @property
    def name(self) -> str | None:
        return self.label.lower() if self.label is not None else None

    def renamed(self, relation: str, label: str | None = None) -> Field:
        return replace(self, relation=(relation,), label=self.label if label is None else label)


@dataclass(frozen=True)
class Expr:
    """A part of the statement in DuckDB's SQL. ``loose`` are the columns outside of any aggregate or grouping key.

    ``text`` is how Trino words the expression; ``bound`` says what a row must fulfil for it to be true.
    """

    sql: str
    type: Type
    at: Place = (1, 1)
    text: str = ""
    loose: tuple[tuple[str, Place], ...] = ()
    aggregates: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()
    outer: bool = False
    constant: Any = None
    field: Field | None = None
    bound: Bound | None = None
    body: Any = None  # of a lambda: how to compile it once its arguments are known

    def made(self, sql: str, kind: Type, *others: Expr, **more: Any) -> Expr:
        """An expression made of this and others."""
        return made_of(sql, kind, (self, *others), at=self.at, text=self.text, **more)


def made_of(sql: str, kind: Type, parts: Sequence[Expr], at: Place, text: str, **more: Any) -> Expr:
    return Expr(
        sql,
        kind,
        at,
        text,
        loose=tuple(dict.fromkeys(name for part in parts for name in part.loose)),
        aggregates=tuple(name for part in parts for name in part.aggregates),
        windows=tuple(name for part in parts for name in part.windows),
        outer=any(part.outer for part in parts),
        **more,
    )


NULL = Expr("NULL", UNKNOWN, text="null")


@dataclass(frozen=True)
class Scope:
    """The fields of one query, inside those of the query around it."""

    fields: tuple[Field, ...]
    parent: Scope | None = None

    def find(self, names: tuple[str, ...], at: Place) -> tuple[Field, tuple[str, ...], int] | None:
        """The field that a dotted name means, what of the name is left (fields of a row), and how many queries out."""
        for length in range(len(names), 0, -1):
            qualifier, name = names[: length - 1], names[length - 1]
            matching = [f for f in self.fields if f.name == name and _ends(f.relation, qualifier)]
            if len(matching) > 1:
                raise QueryFailed("AMBIGUOUS_NAME", f"Column '{'.'.join(names[:length])}' is ambiguous", at)
            if matching:
                return matching[0], names[length:], 0
        if self.parent is not None and (found := self.parent.find(names, at)):
            return found[0], found[1], found[2] + 1
        return None

    def of_relation(self, qualifier: tuple[str, ...]) -> list[Field]:
        return [f for f in self.fields if _ends(f.relation, qualifier) and not f.hidden]


def _ends(relation: tuple[str, ...], qualifier: tuple[str, ...]) -> bool:
    return not qualifier or relation[-len(qualifier) :] == qualifier


@dataclass(frozen=True)
class Env:
    """Where an expression stands: ``keys`` are the grouping keys, ``names`` the arguments of lambdas, ``aliases`` those
    of the SELECT list where they count, ``windows`` the named windows, ``ctes`` the queries of WITH."""

    scope: Scope
    keys: frozenset[str] = frozenset()
    names: Mapping[str, Expr] = field(default_factory=dict)
    aliases: Mapping[str, Expr] = field(default_factory=dict)
    windows: Mapping[str, Any] = field(default_factory=dict)
    ctes: Mapping[str, Any] = field(default_factory=dict)

    def within(self, **changes: Any) -> Env:
        return replace(self, **changes)


def mark_used(found: Field) -> None:
    if found.scan is not None:
        held(found.type)  # refused here where it cannot be held
        found.scan.used[found.column] = None


def refuse_function(name: str) -> CannotRehearse:
    return CannotRehearse(f"function {name}() is not known to answer here as on Athena")
