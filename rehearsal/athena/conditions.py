"""Predicates: comparisons, BETWEEN, IN, LIKE, IS NULL, IS DISTINCT FROM, and how they are joined."""

from __future__ import annotations

from typing import Any

from rehearsal.athena import types as t
from rehearsal.athena.casts import coerce
from rehearsal.athena.errors import CannotRehearse, QueryFailed
from rehearsal.athena.operators import bound_of, check_comparable, compared, comparison
from rehearsal.athena.prune import Bound, both, either
from rehearsal.athena.scopes import Env, Expr, made_of
from rehearsal.athena.syntax import place
from rehearsal.athena.types import common, literal


def joined(compiler: Any, node: Any, env: Env, word: str) -> Expr:
    sides = [compiler.condition(side, env, word) for side in node.booleanExpression()]
    bound = (both if word == "AND" else either)(sides[0].bound, sides[1].bound)
    text = f"({sides[0].text} {word} {sides[1].text})"
    sql = f"({coerce(sides[0].sql, sides[0].type, t.BOOLEAN)} {word} {coerce(sides[1].sql, sides[1].type, t.BOOLEAN)})"
    return made_of(sql, t.BOOLEAN, sides, place(node), text, bound=bound)


def predicate(compiler: Any, value: Expr, node: Any, env: Env) -> Expr:
    kind = type(node).__name__.removesuffix("Context")
    handler = _KINDS.get(kind)
    if handler is None:
        raise CannotRehearse(f"{compiler.source.of(node)!r} ({kind})")
    return handler(compiler, value, node, env)  # type: ignore[no-any-return]


def _negated(made: Expr, node: Any) -> Expr:
    if node.NOT() is None:
        return made
    return made_of(f"(NOT {made.sql})", t.BOOLEAN, (made,), made.at, f"(NOT {made.text})")


def _comparison(compiler: Any, value: Expr, node: Any, env: Env) -> Expr:
    other = compiler.compile(node.right, env)
    return comparison(value, compiler.source.of(node.comparisonOperator()), other, place(node))


def _between(compiler: Any, value: Expr, node: Any, env: Env) -> Expr:
    low, high = compiler.compile(node.lower, env), compiler.compile(node.upper, env)
    kind = common(value.type, low.type, high.type)
    if kind is None or not t.is_orderable(kind):
        raise QueryFailed(
            "TYPE_MISMATCH", f"Cannot check if {value.type} is BETWEEN {low.type} and {high.type}", value.at
        )
    sides = comparison(value, ">=", low, place(node)), comparison(value, "<=", high, place(node))
    text = f"({value.text} BETWEEN {low.text} AND {high.text})"
    bound = both(sides[0].bound, sides[1].bound)
    return _negated(
        made_of(f"({sides[0].sql} AND {sides[1].sql})", t.BOOLEAN, sides, value.at, text, bound=bound), node
    )


def _in_list(compiler: Any, value: Expr, node: Any, env: Env) -> Expr:
    items = compiler.all(node.expression(), env)
    kinds = [each.type for each in (value, *items)]
    kind = common(*kinds)
    if kind is None:
        odd = next(each for each in items if common(value.type, each.type) is None)
        raise QueryFailed(
            "TYPE_MISMATCH", "IN value and list items must be the same type or coercible to a common type. Cannot "
                "find common "
            f"type between {value.type} and {odd.type}, all types (without duplicates): "
            f"[{', '.join(dict.fromkeys(map(str, kinds)))}]", odd.at)  # fmt: skip
    check_comparable(kind)
    listed = [coerce(item.sql, item.type, kind) for item in items]
    sql = f"({coerce(value.sql, value.type, kind)} IN ({', '.join(listed)}))"
    if t.is_float(kind):
        sql = "(" + " OR ".join(compared(coerce(value.sql, value.type, kind), "=", item, kind) for item in listed) + ")"
    text = f"({value.text} IN ({', '.join(item.text for item in items)}))"
    bound = bound_of(value, "in", tuple(items), kind)
    return _negated(made_of(sql, t.BOOLEAN, (value, *items), value.at, text, bound=bound), node)


def _in_subquery(compiler: Any, value: Expr, node: Any, env: Env) -> Expr:
    return _negated(compiler.queries.within(value, node, env), node)


def _like(compiler: Any, value: Expr, node: Any, env: Env) -> Expr:
    pattern = compiler.compile(node.pattern, env)
    escape = compiler.compile(node.escape, env) if node.escape is not None else None
    for each in (value, pattern, *([escape] if escape else [])):
        if each.type.name not in ("varchar", "unknown"):
            what = (
                "Left side of LIKE expression"
                if each is value
                else "Pattern for LIKE expression"
                if each is pattern
                else "Escape for LIKE expression"
            )
            raise QueryFailed("TYPE_MISMATCH", f"{what} must evaluate to a varchar (actual: {each.type})", each.at)
    text = f"({value.text} LIKE {pattern.text})"
    sql = f"({value.sql} LIKE {pattern.sql})"
    if escape:
        _check_escapes(pattern, escape)
        sql = f"({value.sql} LIKE {pattern.sql} ESCAPE {literal(escape.constant)})"
    return _negated(made_of(sql, t.BOOLEAN, (value, pattern), value.at, text), node)


def _check_escapes(pattern: Expr, escape: Expr) -> None:
    """Trino refuses an escape before anything but a wildcard or itself; DuckDB takes it."""
    if not isinstance(pattern.constant, str) or not isinstance(escape.constant, str):
        raise CannotRehearse("LIKE with an escape that is not written out")
    mark, text = escape.constant, pattern.constant
    if len(mark) != 1:
        raise QueryFailed("INVALID_FUNCTION_ARGUMENT", "Escape string must be a single character")
    position = 0
    while (position := text.find(mark, position)) >= 0:
        if position + 1 >= len(text) or text[position + 1] not in ("%", "_", mark):
            raise QueryFailed(
                "INVALID_FUNCTION_ARGUMENT",
                "Escape character must be followed by '%', '_' or the escape character itself",
            )
        position += 2


def _null(_compiler: Any, value: Expr, node: Any, _env: Env) -> Expr:
    is_not = node.NOT() is not None
    found = value.field
    bound = None
    if found is not None and found.scan is not None and found.type == value.type:
        bound = Bound("not null" if is_not else "null", found.scan, found.column)
    sql = f"({value.sql} IS {'NOT ' if is_not else ''}NULL)"
    return made_of(sql, t.BOOLEAN, (value,), value.at, f"({value.text} IS {'NOT ' if is_not else ''}NULL)", bound=bound)


def _distinct(compiler: Any, value: Expr, node: Any, env: Env) -> Expr:
    other = compiler.compile(node.right, env)
    kind = common(value.type, other.type)
    if kind is None:
        raise QueryFailed(
            "TYPE_MISMATCH", f"Cannot apply operator: {value.type} IS DISTINCT FROM {other.type}", value.at
        )
    check_comparable(kind)
    a, b = coerce(value.sql, value.type, kind), coerce(other.sql, other.type, kind)
    word = "NOT " if node.NOT() is not None else ""
    return made_of(f"({a} IS {word}DISTINCT FROM {b})", t.BOOLEAN, (value, other), value.at, "")


_KINDS: dict[str, Any] = {
    "Comparison": _comparison, "Between": _between, "InList": _in_list, "InSubquery": _in_subquery, "Like": _like,
    "NullPredicate": _null, "DistinctFrom": _distinct,
}  # fmt: skip
