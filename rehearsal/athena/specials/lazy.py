"""Functions that look at their arguments before these are compiled."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from rehearsal.athena import types as t
from rehearsal.athena.casts import coerce
from rehearsal.athena.errors import CannotRehearse, QueryFailed
from rehearsal.athena.scopes import Env, Expr, made_of
from rehearsal.athena.specials.shape import unexpected
from rehearsal.athena.syntax import place
from rehearsal.athena.types import literal


def _now(compiler: Any, node: Any, env: Env) -> Expr:
    if node.expression():
        raise unexpected("now", compiler.all(node.expression(), env), "now()", place(node))
    kind = t.timestamp(3, zoned=True)
    return Expr(f"lake_round_time(TIMESTAMP {literal(compiler.now)}, 1000)", kind, place(node), "now()")


# Where NULL is not handed on: there a NULL in place of an error would become something else.
_CATCHES = re.compile(r"coalesce|IS (NOT )?NULL| OR | AND |DISTINCT| IN \(|list|\[|struct|SELECT|lake_|lambda|concat")


def _try(compiler: Any, node: Any, env: Env) -> Expr:
    """TRY makes errors NULL. DuckDB's own does it too, but not around error(): that becomes NULL where it stands."""
    (inner,) = compiler.all(node.expression(), env)
    text = compiler.source.of(node)
    if _CATCHES.search(inner.sql) or inner.sql.count("CASE ") != inner.sql.count("error("):
        raise CannotRehearse(f"{text}: try() is known here around arithmetic and functions of plain values")
    return made_of(f"TRY({_without_errors(inner.sql)})", inner.type, (inner,), place(node), text)


def _without_errors(sql: str) -> str:
    while (start := sql.find("error(")) >= 0:
        depth, end, quoted = 0, start + 5, False
        while True:
            letter = sql[end]
            quoted ^= letter == "'"
            depth += (letter == "(") - (letter == ")") if not quoted else 0
            end += 1
            if depth == 0:
                break
        sql = sql[:start] + "NULL" + sql[end:]
    return sql


def _lambda_over(template: str, result: Callable[[t.Type, t.Type], t.Type], wanted: t.Type | None) -> Any:
    def made(compiler: Any, node: Any, env: Env) -> Expr:
        name = compiler.source.names(node.qualifiedName())[-1]
        items, *lambdas = node.expression()
        value = compiler.compile(items, env)
        if value.type.name != "array" or len(lambdas) != 1:
            raise unexpected(name, [value], f"{name}(array(T), function(T,U))", place(node))
        variable, body = _lambda(compiler, lambdas[0], [value.type.args[0]], env)
        if wanted is not None and body.type != wanted:
            raise unexpected(name, [value], f"{name}(array(T), function(T,{wanted}))", place(node))
        sql = template.format(value.sql, variable[0], coerce(body.sql, body.type, wanted or body.type))
        return made_of(sql, result(value.type, body.type), (value, body), place(node), compiler.source.of(node))

    return made


def _lambda(compiler: Any, node: Any, kinds: list[t.Type], env: Env) -> tuple[list[str], Expr]:
    found = node
    while type(found).__name__ != "LambdaContext":
        if found.getChildCount() != 1:
            raise CannotRehearse(f"{compiler.source.of(node)!r} in place of a lambda")
        found = found.getChild(0)
    names = [compiler.source.name(each).lower() for each in found.identifier()]
    if len(names) != len(kinds):
        raise QueryFailed(
            "INVALID_PARAMETER_USAGE",
            f"Expected a lambda that takes {len(kinds)} argument(s) but got {len(names)}",
            place(found),
        )
    depth = sum(1 for known in env.names if known)
    variables = [f"v{depth + position}_" for position in range(len(names))]
    bound = {
        name: Expr(variable, kind, text=name) for name, variable, kind in zip(names, variables, kinds, strict=True)
    }
    return variables, compiler.compile(found.expression(), env.within(names={**env.names, **bound}))


LAZY: dict[str, Any] = {
    "now": _now,
    "try": _try,
    "transform": _lambda_over("list_transform({0}, lambda {1}: {2})", lambda _, made: t.array(made), None),
    "filter": _lambda_over("list_filter({0}, lambda {1}: {2})", lambda given, _: given, t.BOOLEAN),
}
