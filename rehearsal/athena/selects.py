"""One SELECT: what it selects, filters, groups and sorts, under Trino's rules of which names count where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from rehearsal.athena import types as t
from rehearsal.athena.casts import coerce
from rehearsal.athena.errors import CannotRehearse, QueryFailed
from rehearsal.athena.prune import give_out
from rehearsal.athena.relations import Relation, from_clause, no_aggregates
from rehearsal.athena.scopes import Env, Expr, Field, Scope, mark_used
from rehearsal.athena.syntax import place


@dataclass(frozen=True)
class Item:
    """One column of the answer."""

    label: str | None
    value: Expr


def use(field: Field) -> None:
    mark_used(field)


def select(compiler: Any, node: Any, order: list[Any], limit: str, env: Env) -> Any:
    from rehearsal.athena.queries import Query

    source = from_clause(compiler, node.relation(), env) if node.relation() else Relation("", ())
    windows = {compiler.source.name(each.name).lower(): each.windowSpecification() for each in node.windowDefinition()}
    plain = Env(Scope(source.fields, env.scope), names=env.names, windows=windows, ctes=env.ctes)
    where = _where(compiler, node, source, plain)
    keys, grouping = _group_by(compiler, node, plain)
    inner = plain.within(keys=frozenset(keys))
    items = _items(compiler, node, inner)
    having = compiler.expressions.condition(node.having, inner, "HAVING") if node.having is not None else None
    if having is not None and having.windows:
        raise QueryFailed(
            "NESTED_WINDOW", "HAVING clause cannot contain window functions or row pattern measures", having.at
        )
    is_distinct = node.setQuantifier() is not None and node.setQuantifier().DISTINCT() is not None
    if is_distinct:
        _check_distinct(items)
    sorts = _sorts(compiler, order, items, inner, is_distinct, node)
    values = [*(item.value for item in items), *([having] if having else []), *(value for value, _ in sorts)]
    is_grouped = bool(grouping) or having is not None or any(value.aggregates for value in values)
    if is_grouped:
        _check_grouped(values)
    sql = _written(source, where, grouping, having, items, sorts, limit, is_distinct)
    is_plain = not (is_grouped or is_distinct or limit or any(value.windows for value in values))
    is_one_row = is_grouped and not grouping and not limit and not is_distinct and having is None
    return Query(sql, tuple((item.label, item.value.type) for item in items), is_plain, is_one_row)


def _where(compiler: Any, node: Any, source: Relation, env: Env) -> Expr | None:
    if node.where is None:
        return None
    value: Expr = compiler.expressions.condition(node.where, env, "WHERE")
    no_aggregates(value, "WHERE")
    give_out(value.bound, set(source.prunable))
    return value


def _written(
    source: Relation, where: Expr | None, grouping: str, having: Expr | None, items: list[Item],
    sorts: list[tuple[Expr, str]], limit: str, is_distinct: bool,
) -> str:  # fmt: skip
    listed = ", ".join(f"{_typed(item.value)} AS c{i}" for i, item in enumerate(items, 1))
    parts = [f"SELECT {'DISTINCT ' if is_distinct else ''}{listed}"]
    if source.sql:
        parts.append(f"FROM {source.sql}")
    if where is not None:
        parts.append(f"WHERE {coerce(where.sql, where.type, t.BOOLEAN)}")
    if grouping:
        parts.append(f"GROUP BY {grouping}")
    if having is not None:
        parts.append(f"HAVING {coerce(having.sql, having.type, t.BOOLEAN)}")
    if sorts:
        parts.append(f"ORDER BY {', '.join(key for _, key in sorts)}")
    return " ".join(parts) + limit


def _typed(value: Expr) -> str:
    return "CAST(NULL AS VARCHAR)" if value.type == t.UNKNOWN and value.sql == "NULL" else value.sql


def _items(compiler: Any, node: Any, env: Env) -> list[Item]:
    items: list[Item] = []
    for item in node.selectItem():
        if type(item).__name__ == "SelectSingleContext":
            items.append(_single(compiler, item, env))
        else:
            items += _star(compiler, item, env)
    return items


def _single(compiler: Any, item: Any, env: Env) -> Item:
    value = compiler.expressions.compile(item.expression(), env)
    if item.identifier() is not None:
        return Item(compiler.source.name(item.identifier()), value)
    return Item(_own_name(compiler, item.expression()), value)


def _own_name(compiler: Any, node: Any) -> str | None:
    """A column, or a field of one, brings its name along."""
    while type(node).__name__ not in ("ColumnReferenceContext", "DereferenceContext"):
        if node.getChildCount() != 1 or not hasattr(node.getChild(0), "getChildCount"):
            return None
        node = node.getChild(0)
    if compiler.expressions.dotted(node) is None:
        return None
    name: str = compiler.source.name(
        node.fieldName if type(node).__name__ == "DereferenceContext" else node.identifier()
    )
    return name


def _star(compiler: Any, item: Any, env: Env) -> list[Item]:
    if item.columnAliases() is not None:
        raise CannotRehearse("t.* with aliases")
    qualifier: tuple[str, ...] = ()
    if item.primaryExpression() is not None:
        dotted = compiler.expressions.dotted(item.primaryExpression())
        if dotted is None:
            raise CannotRehearse(f"{compiler.source.of(item)!r}")
        qualifier = dotted
    fields = env.scope.of_relation(qualifier)
    if not fields:
        if qualifier:
            raise QueryFailed("TABLE_NOT_FOUND", f"Unable to resolve reference {'.'.join(qualifier)}", place(item))
        raise QueryFailed("COLUMN_NOT_FOUND", "SELECT * not allowed in queries without FROM clause", place(item))
    made = []
    for field in fields:
        mark_used(field)
        text = ".".join((*field.relation[-1:], field.name or ""))
        loose = () if field.sql in env.keys else ((text, place(item)),)
        made.append(Item(field.label, Expr(field.sql, field.type, place(item), text, loose=loose, field=field)))
    return made


def _check_distinct(items: list[Item]) -> None:
    for item in items:
        if not t.is_comparable(item.value.type):
            raise QueryFailed(
                "TYPE_MISMATCH",
                f"DISTINCT can only be applied to comparable types (actual: {item.value.type}): {item.value.text}",
                item.value.at,
            )
        if item.value.type == t.JSON:
            raise CannotRehearse("DISTINCT of json")


def _check_grouped(values: list[Expr]) -> None:
    for value in values:
        if value.loose:
            raise QueryFailed(
                "EXPRESSION_NOT_AGGREGATE",
                f"'{value.text}' must be an aggregate expression or appear in GROUP BY clause", value.at)  # fmt: skip


def _plain_number(compiler: Any, node: Any) -> int | None:
    text = compiler.source.of(node)
    return int(text) if text.isdigit() else None


def ordinal(compiler: Any, node: Any, count: int, clause: str) -> int | None:
    """The column that a bare number means, from 0."""
    number = _plain_number(compiler, node)
    if number is None:
        return None
    if not 1 <= number <= count:
        raise QueryFailed("INVALID_COLUMN_REFERENCE", f"{clause} position {number} is not in select list", place(node))
    return number - 1


def _group_by(compiler: Any, node: Any, env: Env) -> tuple[list[str], str]:
    """The grouping keys, and GROUP BY as DuckDB writes it."""
    if node.groupBy() is None:
        return [], ""
    if node.groupBy().setQuantifier() is not None:
        raise CannotRehearse("GROUP BY with ALL or DISTINCT")
    keys: dict[str, None] = {}
    written: list[str] = []
    for element in node.groupBy().groupingElement():
        kind = type(element).__name__
        groups = [element.groupingSet()] if kind == "SingleGroupingSetContext" else list(element.groupingSet())
        sets = [[_key(compiler, node, each, env) for each in group.expression()] for group in groups]
        keys.update(dict.fromkeys(key for each in sets for key in each))
        if kind == "SingleGroupingSetContext":
            written += sets[0] or ["()"]
        else:
            written.append(_sets(kind, sets))
    return list(keys), ", ".join(dict.fromkeys(written))


def _sets(kind: str, sets: list[list[str]]) -> str:
    listed = [tuple(each) for each in sets]
    if kind == "RollupContext":
        chosen = [listed[:length] for length in range(len(listed), -1, -1)]
    elif kind == "CubeContext":
        chosen = [list(each) for length in range(len(listed), -1, -1) for each in combinations(listed, length)]
    else:
        chosen = [[each] for each in listed]
    return (
        f"GROUPING SETS ({', '.join('(' + ', '.join(key for part in each for key in part) + ')' for each in chosen)})"
    )


def _key(compiler: Any, query: Any, node: Any, env: Env) -> str:
    number = _plain_number(compiler, node)
    if number is None:
        value = compiler.expressions.compile(node, env)
    else:
        items = _items(compiler, query, env)
        position = ordinal(compiler, node, len(items), "GROUP BY")
        assert position is not None
        value = items[position].value
    no_aggregates(value, "GROUP BY")
    if not t.is_comparable(value.type):
        raise QueryFailed(
            "TYPE_MISMATCH", f"{value.type} is not comparable, and therefore cannot be used in GROUP BY", value.at
        )
    if value.type == t.JSON or value.outer or "(SELECT " in value.sql:
        raise CannotRehearse(f"GROUP BY {value.text}")
    return str(value.sql)


def _sorts(
    compiler: Any, order: list[Any], items: list[Item], env: Env, is_distinct: bool, node: Any
) -> list[tuple[Expr, str]]:
    """ORDER BY: a number or a name means a column of the answer first, then one of the source."""
    aliases = _aliases(items)
    made = []
    for item in order:
        position = ordinal(compiler, item.expression(), len(items), "ORDER BY")
        if position is not None:
            value = items[position].value
        else:
            name = _own_name(compiler, item.expression())
            if (
                name is not None
                and aliases.get(name.lower(), 0) is None
                and "." not in compiler.source.of(item.expression())
            ):
                raise QueryFailed("AMBIGUOUS_NAME", f"Column '{name.lower()}' is ambiguous", place(item))
            known = {name: value for name, value in aliases.items() if value is not None}
            value = compiler.expressions.compile(item.expression(), env.within(aliases=known))
        same = [i for i, each in enumerate(items, 1) if each.value.sql == value.sql]
        if is_distinct and not same:
            raise QueryFailed(
                "EXPRESSION_NOT_IN_DISTINCT",
                "For SELECT DISTINCT, ORDER BY expressions must appear in select list",
                place(node),
            )
        written = replace(value, sql=str(same[0])) if same else value
        made.append((value, compiler.sort_key(item, written)))
    return made


def _aliases(items: list[Item]) -> dict[str, Expr | None]:
    """The names of the answer's columns; None for one that two columns have."""
    found: dict[str, Expr | None] = {}
    for item in items:
        if item.label is not None:
            name = item.label.lower()
            is_new = name not in found or (found[name] is not None and found[name].sql == item.value.sql)  # type: ignore[union-attr]
            found[name] = item.value if is_new else None
    return found
