"""What stands in FROM: tables, queries, UNNEST, and their joins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rehearsal.athena import types as t
from rehearsal.athena.casts import coerce
from rehearsal.athena.errors import CannotRehearse, QueryFailed
from rehearsal.athena.operators import check_comparable
from rehearsal.athena.prune import give_out
from rehearsal.athena.scopes import Env, Expr, Field, Scan, Scope, mark_used
from rehearsal.athena.syntax import place
from rehearsal.athena.types import common, quoted


@dataclass(frozen=True)
class Relation:
    """Rows in DuckDB's SQL. A condition on the whole may be used to read less of the ``prunable`` tables."""

    sql: str
    fields: tuple[Field, ...]
    prunable: frozenset[Scan] = frozenset()


def from_clause(compiler: Any, nodes: list[Any], env: Env) -> Relation:
    """The relations of FROM, separated by commas: each with each."""
    made = relation(compiler, nodes[0], env, ())
    for node in nodes[1:]:
        made = _cross(made, relation(compiler, node, env, made.fields))
    return made


def relation(compiler: Any, node: Any, env: Env, before: tuple[Field, ...]) -> Relation:
    """``before`` are the fields to the left, which UNNEST may look at."""
    if type(node).__name__ == "RelationDefaultContext":
        return _sampled(compiler, node.sampledRelation(), env, before)
    if node.NATURAL() is not None:
        raise QueryFailed("NOT_SUPPORTED", "Natural join not supported", place(node))
    left = relation(compiler, node.left, env, before)
    reach = (*before, *left.fields)
    if node.CROSS() is not None:
        return _cross(left, _sampled(compiler, node.right, env, reach))
    right = relation(compiler, node.rightRelation, env, reach)
    side = compiler.source.of(node.joinType()).upper().split()[0] if node.joinType().getChildCount() else "INNER"
    criteria = node.joinCriteria()
    if criteria.USING() is not None:
        return _using(compiler, left, right, side, criteria)
    return _on(compiler, left, right, side, criteria.booleanExpression(), env)


def _cross(left: Relation, right: Relation) -> Relation:
    return Relation(f"{left.sql} CROSS JOIN {right.sql}", (*left.fields, *right.fields), left.prunable | right.prunable)


def _kept(left: Relation, right: Relation, side: str) -> frozenset[Scan]:
    """The tables of which a row that fails a condition on the whole may be left out."""
    return {"INNER": left.prunable | right.prunable, "LEFT": left.prunable, "RIGHT": right.prunable}.get(
        side, frozenset()
    )


def _on(compiler: Any, left: Relation, right: Relation, side: str, node: Any, env: Env) -> Relation:
    fields = (*left.fields, *right.fields)
    inner = env.within(scope=Scope(fields, env.scope), keys=frozenset(), aliases={})
    condition = compiler.expressions.condition(node, inner, "JOIN ON")
    no_aggregates(condition, "JOIN")
    if condition.outer:
        raise CannotRehearse("a join condition that looks at the query around it")
    if "LATERAL" in right.sql.upper()[:8] and condition.sql != "TRUE":
        raise QueryFailed(
            "NOT_SUPPORTED", "JOIN involving UNNEST is only supported with condition ON TRUE", place(node)
        )
    lost = {"INNER": left.prunable | right.prunable, "LEFT": right.prunable, "RIGHT": left.prunable}.get(
        side, frozenset()
    )
    give_out(condition.bound, set(lost))
    join = f"{left.sql} {side} JOIN {_grouped(right.sql)} ON {coerce(condition.sql, condition.type, t.BOOLEAN)}"
    return Relation(join, fields, _kept(left, right, side))


def _grouped(sql: str) -> str:
    return f"({sql})" if " JOIN " in sql and not sql.startswith(("(", "LATERAL")) else sql


def _using(compiler: Any, left: Relation, right: Relation, side: str, criteria: Any) -> Relation:
    conditions, merged, gone = [], [], set()
    for identifier in criteria.identifier():
        name = compiler.source.name(identifier).lower()
        a, b = (_one(side_of.fields, name, identifier, which) for side_of, which in ((left, "left"), (right, "right")))
        kind = common(a.type, b.type)
        if kind is None:
            raise QueryFailed(
                "TYPE_MISMATCH",
                f"Column types of left and right side are incompatible: {a.type}, {b.type}",
                place(identifier),
            )
        check_comparable(kind)
        for field in (a, b):
            mark_used(field)
        one, other = coerce(a.sql, a.type, kind), coerce(b.sql, b.type, kind)
        conditions.append(f"{one} = {other}")
        sql = one if side in ("INNER", "LEFT") else other if side == "RIGHT" else f"coalesce({one}, {other})"
        scan = a.scan if side in ("INNER", "LEFT") and kind == a.type else None
        merged.append(Field(a.label, kind, sql, scan=scan, column=a.column))
        gone |= {id(a), id(b)}
    rest = [field for field in (*left.fields, *right.fields) if id(field) not in gone]
    sql = f"{left.sql} {side} JOIN {_grouped(right.sql)} ON {' AND '.join(conditions)}"
    return Relation(sql, (*merged, *rest), _kept(left, right, side))


def _one(fields: tuple[Field, ...], name: str, node: Any, side: str) -> Field:
    found = [field for field in fields if field.name == name]
    if not found:
        raise QueryFailed("COLUMN_NOT_FOUND", f"Column '{name}' is missing from {side} side of join", place(node))
    if len(found) > 1:
        raise QueryFailed("AMBIGUOUS_NAME", f"Column '{name}' is ambiguous", place(node))
    return found[0]


def _sampled(compiler: Any, node: Any, env: Env, before: tuple[Field, ...]) -> Relation:
    pattern = node.patternRecognition()
    if node.TABLESAMPLE() is not None or pattern.MATCH_RECOGNIZE() is not None:
        raise CannotRehearse("TABLESAMPLE" if node.TABLESAMPLE() is not None else "MATCH_RECOGNIZE")
    aliased = pattern.aliasedRelation()
    made = _primary(compiler, aliased.relationPrimary(), env, before)
    if aliased.identifier() is None:
        return made
    name = compiler.source.name(aliased.identifier()).lower()
    return replace(made, fields=tuple(with_aliases(compiler, list(made.fields), name, aliased.columnAliases())))


def with_aliases(compiler: Any, fields: list[Field], relation: str, aliases: Any) -> list[Field]:
    """The fields under the names that an alias gives to them."""
    if aliases is None:
        return [field.renamed(relation) for field in fields]
    names = [compiler.source.name(name) for name in aliases.identifier()]
    if len(names) != len(fields):
        raise QueryFailed(
            "MISMATCHED_COLUMN_ALIASES",
            f"Column alias list has {len(names)} entries but '{relation}' has {len(fields)} columns available",
                place(aliases))  # fmt: skip
    return [field.renamed(relation, label) for field, label in zip(fields, names, strict=True)]


def _primary(compiler: Any, node: Any, env: Env, before: tuple[Field, ...]) -> Relation:
    kind = type(node).__name__
    if kind == "TableNameContext":
        return table(compiler, node.qualifiedName(), node.queryPeriod(), env)
    if kind == "SubqueryRelationContext":
        made = compiler.query(node.query(), Env(Scope(()), ctes=env.ctes))
        alias = compiler.alias("q")
        return Relation(f"({made.sql}) AS {alias}", tuple(made.fields(alias)))
    if kind == "ParenthesizedRelationContext":
        made = relation(compiler, node.relation(), env, before)
        return replace(made, sql=f"({made.sql})" if " JOIN " in made.sql else made.sql)
    if kind == "UnnestContext":
        return _unnest(compiler, node, env, before)
    raise CannotRehearse(f"{compiler.source.of(node)!r} in FROM ({kind.removesuffix('Context')})")


def table(compiler: Any, name_node: Any, period: Any, env: Env) -> Relation:
    names = compiler.source.names(name_node)
    if len(names) == 1 and names[0] in env.ctes:
        return _cte(compiler, names[0], period, env)
    found = compiler.tables(names, place(name_node), _version(compiler, period, env))
    scan = Scan(compiler.alias("s"), found)
    compiler.scans.append(scan)
    fields = tuple(
        Field(label, kind, f"{scan.alias}.{quoted(label)}", found.name, scan, label)
        for label, kind in found.columns.items()
    )
    return Relation(scan.alias, fields, frozenset({scan}))


def _cte(compiler: Any, name: str, period: Any, env: Env) -> Relation:
    if period is not None:
        raise QueryFailed("SYNTAX_ERROR", "Time travel is not supported for a query of WITH")
    cte = env.ctes[name]
    made, alias = compiler.query(cte.node.query(), Env(Scope(()), ctes=cte.env.ctes)), compiler.alias("q")
    fields = with_aliases(compiler, made.fields(alias), name, cte.node.columnAliases())
    return Relation(f"({made.sql}) AS {alias}", tuple(fields))


def _version(compiler: Any, period: Any, _env: Env) -> tuple[str, Expr] | None:
    if period is None:
        return None
    word = compiler.source.of(period.rangeType()).upper()
    value = compiler.expressions.compile(period.end, Env(Scope(())))
    wanted = (
        ("bigint", "integer", "varchar") if word == "VERSION" else ("date", "timestamp", "timestamp with time zone")
    )
    if value.type.name not in wanted:
        raise QueryFailed("TYPE_MISMATCH" if word == "TIMESTAMP" else "INVALID_ARGUMENTS",
                          f"Unsupported type for table {'version' if word == 'VERSION' else 'timestamp'}: "
                              f"{value.type}", place(period))  # fmt: skip
    return word, value


def _unnest(compiler: Any, node: Any, env: Env, before: tuple[Field, ...]) -> Relation:
    inner = env.within(scope=Scope(before, env.scope), keys=frozenset(), aliases={})
    values = compiler.expressions.all(node.expression(), inner)
    alias = compiler.alias("u")
    columns: list[tuple[str, t.Type]] = []
    for value in values:
        columns += _spread(value, node)
    if node.ORDINALITY() is not None:
        longest = ", ".join(f"coalesce({_size(value)}, 0)" for value in values)
        columns.append((f"unnest(generate_series(1, CAST(greatest({longest}) AS BIGINT)))", t.BIGINT))
    listed = ", ".join(f"{sql} AS c{i}" for i, (sql, _) in enumerate(columns, 1))
    fields = tuple(Field(None, kind, f"{alias}.c{i}") for i, (_, kind) in enumerate(columns, 1))
    return Relation(f"LATERAL (SELECT {listed}) AS {alias}" if before else f"(SELECT {listed}) AS {alias}", fields)


def _size(value: Expr) -> str:
    return f"len({value.sql})" if value.type.name == "array" else f"cardinality({value.sql})"


def _spread(value: Expr, node: Any) -> list[tuple[str, t.Type]]:
    """The columns that one collection gives: an array one, an array of rows one for each field, a map two."""
    kind = value.type
    if kind.name == "map":
        return [(f"unnest(map_keys({value.sql}))", kind.args[0]), (f"unnest(map_values({value.sql}))", kind.args[1])]
    if kind.name != "array":
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", f"Cannot unnest type: {kind}", place(node))
    if kind.args[0].name != "row":
        return [(f"unnest({value.sql})", kind.args[0])]
    names = t.field_names(kind.args[0])
    return [(f"unnest(list_transform({value.sql}, lambda e_: struct_extract(e_, {t.literal(name)})))", inner)
            for name, inner in zip(names, t.parts(kind.args[0]), strict=True)]  # fmt: skip


def no_aggregates(value: Expr, clause: str) -> None:
    found = (*value.aggregates, *value.windows)
    if found:
        raise QueryFailed(
            "EXPRESSION_NOT_SCALAR",
            f"{clause} clause cannot contain aggregations, window functions or grouping operations: "
            f"[{', '.join(found)}]",
            value.at,
        )
