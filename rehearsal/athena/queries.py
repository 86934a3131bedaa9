"""Queries: from the parse tree to one statement for DuckDB, with the tables and columns that it reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from rehearsal.athena import relations, selects
from rehearsal.athena import types as t
from rehearsal.athena.casts import coerce
from rehearsal.athena.errors import CannotRehearse, Place, QueryFailed
from rehearsal.athena.expressions import Expressions
from rehearsal.athena.operators import check_comparable
from rehearsal.athena.scopes import Env, Expr, Field, Scan, Scope, made_of
from rehearsal.athena.syntax import Source, place
from rehearsal.athena.types import Type, common


@dataclass(frozen=True)
class Query:
    """A compiled query: its columns are called c1, c2, ... in ``sql``. ``is_plain`` and ``is_one_row`` tell what a
    query that looks at the one around it may be."""

    sql: str
    columns: tuple[tuple[str | None, Type], ...]
    is_plain: bool = False
    is_one_row: bool = False

    def fields(self, alias: str) -> list[Field]:
        return [Field(label, kind, f"{alias}.c{i}") for i, (label, kind) in enumerate(self.columns, 1)]


@dataclass(frozen=True)
class Cte:
    """A query of WITH, compiled anew where it is mentioned."""

    node: Any
    env: Env


class Queries:
    """Compiles the queries of one statement. ``tables`` finds a table by its name parts and the moment asked for."""

    def __init__(self, text: str, tables: Callable[..., Any], now: str, parameters: list[Expr]) -> None:
        self.source, self.tables = Source(text), tables
        self.scans: list[Scan] = []
        self._count, self._parameters, self._marks = 0, parameters, list[Place]()
        self._outer: list[Expr] = []
        self.expressions = Expressions(self.source, now, self)

    def alias(self, stem: str) -> str:
        self._count += 1
        return f"{stem}{self._count}"

    def compile(self, node: Any) -> Query:
        self._marks = _question_marks(node)
        if len(self._marks) != len(self._parameters):
            raise QueryFailed(
                "INVALID_PARAMETER_USAGE",
                f"Incorrect number of parameters: expected {len(self._marks)} but found {len(self._parameters)}",
                    place(node))  # fmt: skip
        return self.query(node, Env(Scope(())))

    def query(self, node: Any, env: Env) -> Query:
        return self.without_with(node.queryNoWith(), self._with(node.with_(), env))

    def _with(self, node: Any, env: Env) -> Env:
        if node is None:
            return env
        if node.RECURSIVE():
            raise CannotRehearse("WITH RECURSIVE")
        for named in node.namedQuery():
            name = self.source.name(named.name).lower()
            scans = len(self.scans)
            made = relations.with_aliases(self, self.query(named.query(), env).fields("q"), name, named.columnAliases())
            del made, self.scans[scans:]
            env = env.within(ctes={**env.ctes, name: Cte(named, env)})
        return env

    def without_with(self, node: Any, env: Env) -> Query:
        limit = self._limit(node)
        term = node.queryTerm()
        specification = _specification_of(term)
        if specification is not None:
            return self._selected(specification, node.sortItem(), limit, env)
        made = self.term(term, env)
        if not node.sortItem() and not limit:
            return made
        return self._sorted(made, node.sortItem(), limit, env)

    def _selected(self, node: Any, order: list[Any], limit: str, env: Env) -> Query:
        made: Query = selects.select(self, node, order, limit, env)
        return made

    def _sorted(self, made: Query, items: list[Any], limit: str, env: Env) -> Query:
        alias = self.alias("q")
        fields = made.fields(alias)
        inner = env.within(scope=Scope(tuple(fields), env.scope))
        keys = []
        for item in items:
            position = selects.ordinal(self, item.expression(), len(fields), "ORDER BY")
            value = (
                Expr(fields[position].sql, fields[position].type)
                if position is not None
                else self.expressions.compile(item.expression(), inner)
            )
            keys.append(self.sort_key(item, value))
        order = f" ORDER BY {', '.join(keys)}" if keys else ""
        return Query(f"SELECT * FROM ({made.sql}) AS {alias}{order}{limit}", made.columns)

    def term(self, node: Any, env: Env) -> Query:
        if type(node).__name__ == "SetOperationContext":
            return self._set_operation(node, env)
        primary = node.queryPrimary()
        kind = type(primary).__name__
        if kind == "QueryPrimaryDefaultContext":
            return self._selected(primary.querySpecification(), [], "", env)
        if kind == "SubqueryContext":
            return self.without_with(primary.queryNoWith(), env)
        if kind == "InlineTableContext":
            return self._values(primary, env)
        relation = relations.table(self, primary.qualifiedName(), None, env)
        for field in relation.fields:
            selects.use(field)
        columns = tuple((field.label, field.type) for field in relation.fields)
        listed = ", ".join(f"{field.sql} AS c{i}" for i, field in enumerate(relation.fields, 1))
        return Query(f"SELECT {listed} FROM {relation.sql}", columns)

    def _set_operation(self, node: Any, env: Env) -> Query:
        left, right = self.term(node.left, env), self.term(node.right, env)
        word, where = node.operator.text.upper(), (node.operator.line, node.operator.column + 1)
        if len(left.columns) != len(right.columns):
            raise QueryFailed(
                "TYPE_MISMATCH",
                f"{word} query has different number of fields: {len(left.columns)}, {len(right.columns)}",
                where,
            )
        kinds = []
        for i, ((_, a), (_, b)) in enumerate(zip(left.columns, right.columns, strict=True), 1):
            kind = common(a, b)
            if kind is None:
                raise QueryFailed(
                    "TYPE_MISMATCH", f"column {i} in {word} query has incompatible types: {a}, {b}", where
                )
            kinds.append(kind)
        is_all = node.setQuantifier() is not None and node.setQuantifier().ALL() is not None
        for kind in kinds if not is_all else ():
            check_comparable(kind)
        sides = [self._coerced(side, kinds) for side in (left, right)]
        sql = f"({sides[0]}) {word}{' ALL' if is_all else ''} ({sides[1]})"
        return Query(sql, tuple((label, kind) for (label, _), kind in zip(left.columns, kinds, strict=True)))

    def _coerced(self, made: Query, kinds: list[Type]) -> str:
        cells = (
            coerce(f"c{i}", kind, wanted)
            for i, ((_, kind), wanted) in enumerate(zip(made.columns, kinds, strict=True), 1)
        )
        listed = ", ".join(f"{cell} AS c{i}" for i, cell in enumerate(cells, 1))
        return f"SELECT {listed} FROM ({made.sql}) AS {self.alias('q')}"

    def _values(self, node: Any, env: Env) -> Query:
        rows = [[self.expressions.compile(cell, env) for cell in _cells(row)] for row in node.expression()]
        width = len(rows[0])
        if any(len(row) != width for row in rows):
            raise QueryFailed(
                "TYPE_MISMATCH",
                f"Values rows have mismatched sizes: {width} vs {next(len(r) for r in rows if len(r) != width)}",
                place(node),
            )
        found = [common(*(row[i].type for row in rows)) for i in range(width)]
        kinds = [kind for kind in found if kind is not None]
        if len(kinds) < width:
            raise QueryFailed("TYPE_MISMATCH", "Values rows have mismatched types", place(node))
        listed = ", ".join(_tuple(row, kinds) for row in rows)
        names = ", ".join(f"c{i}" for i in range(1, width + 1))
        sql = f"SELECT * FROM (VALUES {listed}) AS {self.alias('v')}({names})"
        return Query(sql, tuple((None, kind) for kind in kinds))

    def _limit(self, node: Any) -> str:
        if node.FETCH() is not None:
            if node.TIES() is not None:
                raise CannotRehearse("FETCH ... WITH TIES")
            most = node.fetchFirst
            limit = f" LIMIT {self._row_count(most) if most is not None else 1}"
        else:
            asked = node.limit.rowCount() if node.limit is not None else None
            limit = f" LIMIT {self._row_count(asked)}" if asked is not None else ""
        return limit + (f" OFFSET {self._row_count(node.offset)}" if node.offset is not None else "")

    def _row_count(self, node: Any) -> int:
        if node.QUESTION_MARK() is None:
            return int(self.source.of(node))
        value = self.next_parameter(node)
        if not isinstance(value.constant, int):
            raise QueryFailed(
                "TYPE_MISMATCH", f"a number of rows must be a whole number, not {value.text}", place(node)
            )
        return value.constant

    def next_parameter(self, node: Any) -> Expr:
        """The value of a question mark, by where it stands."""
        return replace(self._parameters[self._marks.index(place(node))], at=place(node))

    def sort_key(self, item: Any, value: Expr) -> str:
        if not t.is_orderable(value.type):
            raise QueryFailed(
                "TYPE_MISMATCH",
                f"Type {value.type} is not orderable, and therefore cannot be used in ORDER BY: {value.text}",
                place(item),
            )
        if t.parts(value.type):
            raise CannotRehearse(f"ORDER BY {value.type}")
        direction = "DESC" if item.DESC() is not None else "ASC"
        nulls = item.nullOrdering.text.upper() if item.nullOrdering is not None else "LAST"
        return f"{value.sql} {direction} NULLS {nulls}"

    # Queries inside expressions

    def reached_out(self, value: Expr, depth: int) -> None:
        if depth > 1:
            raise CannotRehearse(f"column {value.text} of a query two levels out")
        self._outer.append(value)

    def _inner(self, node: Any, env: Env) -> tuple[Query, list[Expr]]:
        """A query inside an expression, and what it takes from the query around it."""
        before, self._outer = self._outer, []
        made = self.query(node, Env(replace(env.scope), ctes=env.ctes))
        reached, self._outer = self._outer, before
        if reached and env.names:
            raise CannotRehearse("a subquery inside a lambda")
        return made, [
            replace(value, outer=False, loose=() if value.sql in env.keys else ((value.text, value.at),))
            for value in reached
        ]

    def scalar(self, node: Any, env: Env) -> Expr:
        made, reached = self._inner(node.query(), env)
        if len(made.columns) != 1:
            raise QueryFailed(
                "NOT_SUPPORTED",
                f"Multiple columns returned by subquery are not yet supported. Found {len(made.columns)}",
                place(node),
            )
        if reached and not made.is_one_row:
            raise CannotRehearse("a subquery that looks at the query around it and is no single aggregate")
        return made_of(f"({made.sql})", made.columns[0][1], reached, place(node), self.source.of(node))

    def exists(self, node: Any, env: Env) -> Expr:
        made, reached = self._inner(node.query(), env)
        self._check_plain(made, reached)
        return made_of(f"EXISTS ({made.sql})", t.BOOLEAN, reached, place(node), self.source.of(node))

    def within(self, value: Expr, node: Any, env: Env) -> Expr:
        made, reached = self._inner(node.query(), env)
        self._check_plain(made, reached)
        if len(made.columns) != 1:
            raise QueryFailed(
                "NOT_SUPPORTED",
                f"Multiple columns returned by subquery are not yet supported. Found {len(made.columns)}",
                place(node),
            )
        given = made.columns[0][1]
        kind = common(value.type, given)
        if kind is None:
            raise QueryFailed(
                "TYPE_MISMATCH",
                f"value and result of subquery must be of the same type for IN expression: {value.type} vs {given}",
                value.at,
            )
        check_comparable(kind)
        alias = self.alias("q")
        inner = f"SELECT {coerce(f'{alias}.c1', given, kind)} FROM ({made.sql}) AS {alias}"
        sql = f"({coerce(value.sql, value.type, kind)} IN ({inner}))"
        return made_of(sql, t.BOOLEAN, (value, *reached), value.at, self.source.of(node))

    def _check_plain(self, made: Query, reached: list[Expr]) -> None:
        if reached and not made.is_plain:
            raise CannotRehearse("a subquery that looks at the query around it and does more than select rows")


def _specification_of(term: Any) -> Any:
    if (
        type(term).__name__ == "QueryTermDefaultContext"
        and type(term.queryPrimary()).__name__ == "QueryPrimaryDefaultContext"
    ):
        return term.queryPrimary().querySpecification()
    return None


def _tuple(row: list[Expr], kinds: list[Type]) -> str:
    return f"({', '.join(coerce(cell.sql, cell.type, kind) for cell, kind in zip(row, kinds, strict=True))})"


def _cells(row: Any) -> list[Any]:
    """The columns of a row of VALUES."""
    node = row
    while (
        type(node).__name__ not in ("RowConstructorContext", "ParenthesizedExpressionContext")
        and node.getChildCount() == 1
    ):
        node = node.getChild(0)
        if not hasattr(node, "getChildCount"):
            return [row]
    if type(node).__name__ == "RowConstructorContext":
        return list(node.expression())
    return [node.expression()] if type(node).__name__ == "ParenthesizedExpressionContext" else [row]


def _question_marks(node: Any) -> list[Place]:
    """Where the question marks of a statement stand, in order."""
    if hasattr(node, "symbol"):
        return [place(node)] if node.getText() == "?" else []
    return [found for position in range(node.getChildCount()) for found in _question_marks(node.getChild(position))]
