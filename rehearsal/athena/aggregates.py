"""Aggregate and window functions, with Trino's types of results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rehearsal.athena import types as t
from rehearsal.athena.casts import coerce
from rehearsal.athena.errors import CannotRehearse, Place, QueryFailed
from rehearsal.athena.operators import divide_decimals
from rehearsal.athena.scopes import Env, Expr, made_of
from rehearsal.athena.syntax import place
from rehearsal.athena.types import common, held, literal

# A function from compiled arguments to (calls in DuckDB, how they are put together, type).
Plan = tuple[list[str], str, t.Type]


def _unexpected(name: str, given: list[Expr], at: Place) -> QueryFailed:
    kinds = f" ({', '.join(str(each.type) for each in given)})" if given else ""
    return QueryFailed("FUNCTION_NOT_FOUND", f"Unexpected parameters{kinds} for function {name}", at)


def _count(given: list[Expr]) -> Plan | None:
    return [f"count({given[0].sql if given else '*'})"], "{0}", t.BIGINT


def _sum(given: list[Expr]) -> Plan | None:
    kind = given[0].type
    if kind in t.INTEGERS:
        return [f"sum({given[0].sql})"], "CAST({0} AS BIGINT)", t.BIGINT
    if kind.name == "decimal":
        return [f"sum({given[0].sql})"], f"CAST({{0}} AS DECIMAL(38, {kind.args[1]}))", t.decimal(38, kind.args[1])
    if t.is_float(kind):
        return [f"sum({given[0].sql})"], f"CAST({{0}} AS {held(kind)})", kind
    return None


def _avg(given: list[Expr]) -> Plan | None:
    kind = given[0].type
    if kind in t.INTEGERS or t.is_float(kind):
        made = t.REAL if kind == t.REAL else t.DOUBLE
        return [f"avg({given[0].sql})"], f"CAST({{0}} AS {held(made)})", made
    if kind.name == "decimal":
        both = [f"sum({given[0].sql})", f"count({given[0].sql})"]
        return both, f"CASE WHEN {{1}} > 0 THEN {divide_decimals('{0}', kind.args[1], '{1}', 0, kind)} END", kind
    return None


def _extreme(name: str) -> Callable[[list[Expr]], Plan | None]:
    def plan(given: list[Expr]) -> Plan | None:
        kind = given[0].type
        if not t.is_orderable(kind):
            return None
        if t.parts(kind):
            raise CannotRehearse(f"{name}() of {kind}")
        return [f"{name}({given[0].sql})"], "{0}", kind

    return plan


def _boolean(name: str) -> Callable[[list[Expr]], Plan | None]:
    return lambda given: ([f"{name}({given[0].sql})"], "{0}", t.BOOLEAN) if given[0].type == t.BOOLEAN else None


def _count_if(given: list[Expr]) -> Plan | None:
    if given[0].type != t.BOOLEAN:
        return None
    return [f"count(CASE WHEN {given[0].sql} THEN 1 END)"], "{0}", t.BIGINT


def _floating(name: str) -> Callable[[list[Expr]], Plan | None]:
    def plan(given: list[Expr]) -> Plan | None:
        if not all(t.is_number(each.type) for each in given):
            return None
        if len(given) == 2 and any(each.type != t.DOUBLE for each in given):
            raise CannotRehearse(f"{name}() of anything but doubles, which Athena answers with a real")
        inner = ", ".join(coerce(each.sql, each.type, t.DOUBLE) for each in given)
        return [f"{name}({inner})"], "{0}", t.DOUBLE

    return plan


def _by(name: str) -> Callable[[list[Expr]], Plan | None]:
    return lambda given: ([f"{name}({given[0].sql}, {given[1].sql})"], "{0}", given[0].type)


def _array_agg(given: list[Expr]) -> Plan | None:
    return [f"list({given[0].sql}"], "{0}", t.array(given[0].type)


def _any_value(given: list[Expr]) -> Plan | None:
    return [f"any_value({given[0].sql})"], "{0}", given[0].type


AGGREGATES: dict[str, tuple[int, Callable[[list[Expr]], Plan | None]]] = {
    "count": (1, _count), "sum": (1, _sum), "avg": (1, _avg), "min": (1, _extreme("min")), "max": (1, _extreme("max")),
    "bool_and": (1, _boolean("bool_and")), "bool_or": (1, _boolean("bool_or")), "every": (1, _boolean("bool_and")),
    "count_if": (1, _count_if), "array_agg": (1, _array_agg), "any_value": (1, _any_value), "arbitrary": (1,
    _any_value),
    "min_by": (2, _by("arg_min_null")), "max_by": (2, _by("arg_max_null")),
    "stddev": (1, _floating("stddev_samp")), "stddev_samp": (1, _floating("stddev_samp")),
    "stddev_pop": (1, _floating("stddev_pop")), "variance": (1, _floating("var_samp")),
    "var_samp": (1, _floating("var_samp")), "var_pop": (1, _floating("var_pop")),
    "corr": (2, _floating("corr")), "covar_pop": (2, _floating("covar_pop")), "covar_samp": (2,
    _floating("covar_samp")),
}  # fmt: skip
_RANKS = {
    "row_number": t.BIGINT,
    "rank": t.BIGINT,
    "dense_rank": t.BIGINT,
    "percent_rank": t.DOUBLE,
    "cume_dist": t.DOUBLE,
}
_NEIGHBOURS = ("lag", "lead", "first_value", "last_value", "nth_value")
ONLY_WINDOWS = frozenset({*_RANKS, *_NEIGHBOURS, "ntile"})


def _plan(name: str, given: list[Expr], at: Place) -> Plan:
    wanted, make = AGGREGATES[name]
    if len(given) != wanted and not (name == "count" and not given):
        if name in ("min", "max", "min_by", "max_by") and len(given) == wanted + 1:
            raise CannotRehearse(f"{name}() with a number of values")
        raise _unexpected(name, given, at)
    typed = [each if each.type != t.UNKNOWN else each.made("CAST(NULL AS BOOLEAN)", t.BOOLEAN) for each in given]
    plan = make(typed)
    if plan is None:
        raise _unexpected(name, given, at)
    return plan


def _inside(call: str, before: str = "", after: str = "") -> str:
    """``before`` the arguments (DISTINCT), ``after`` them (ORDER BY)."""
    head, _, rest = call.rstrip(")" if call.startswith("list(") else "").partition("(")
    rest = rest if call.startswith("list(") else rest[:-1]
    return f"{head}({before}{rest}{after})"


def aggregated(compiler: Any, name: str, node: Any, env: Env) -> Expr:
    """An aggregate over the rows of a group. Its arguments are free of the grouping."""
    at, text = place(node), compiler.source.of(node)
    if env.names:
        raise QueryFailed(
            "EXPRESSION_NOT_SCALAR",
            f"Lambda expression cannot contain aggregations, window functions or grouping operations: [{text}]",
            at,
        )
    inner_env = env.within(keys=frozenset(), aliases={})
    given = compiler.all(node.expression(), inner_env)
    order = [
        compiler.queries.sort_key(item, compiler.compile(item.expression(), inner_env)) for item in node.sortItem()
    ]
    where = compiler.condition(node.filter_().booleanExpression(), inner_env, "FILTER") if node.filter_() else None
    _no_nesting(name, (*given, *([where] if where else [])), at)
    calls, put, kind = _plan(name, given, at)
    distinct = "DISTINCT " if node.setQuantifier() and node.setQuantifier().DISTINCT() else ""
    _check_distinct(name, distinct, given)
    after = f" ORDER BY {', '.join(order)}" if order else ""
    made = [_inside(call, distinct, after) + (f" FILTER (WHERE {where.sql})" if where else "") for call in calls]
    outer = any(each.outer for each in (*given, *([where] if where else [])))
    if outer:
        raise CannotRehearse(f"an aggregate of columns of the query around it: {text}")
    return Expr(put.format(*made), kind, at, text, aggregates=(text,))


def _check_distinct(name: str, distinct: str, given: list[Expr]) -> None:
    for each in given if distinct else ():
        if not t.is_comparable(each.type):
            raise QueryFailed(
                "TYPE_MISMATCH", f"DISTINCT can only be applied to comparable types (actual: {each.type})", each.at
            )
        if t.parts(each.type) or each.type == t.JSON:
            raise CannotRehearse(f"{name}(DISTINCT) of {each.type}")


def _no_nesting(name: str, given: tuple[Expr, ...], at: Place) -> None:
    nested = [text for each in given for text in each.aggregates]
    if nested:
        raise QueryFailed(
            "NESTED_AGGREGATION", f"Cannot nest aggregations inside aggregation '{name}': [{', '.join(nested)}]", at
        )
    windows = [text for each in given for text in each.windows]
    if windows:
        raise QueryFailed(
            "NESTED_WINDOW", f"Cannot nest window functions inside aggregation '{name}': [{', '.join(windows)}]", at
        )


def listagg(compiler: Any, node: Any, env: Env) -> Expr:
    at, text = place(node), compiler.source.of(node)
    if node.listAggOverflowBehavior() is not None:
        raise CannotRehearse("listagg() with ON OVERFLOW")
    inner = env.within(keys=frozenset(), aliases={})
    value = compiler.compile(node.expression(), inner)
    if value.type.name != "varchar":
        raise _unexpected("listagg", [value], at)
    between = compiler.source.string(node.string()) if node.string() else ""
    order = [compiler.queries.sort_key(item, compiler.compile(item.expression(), inner)) for item in node.sortItem()]
    distinct = "DISTINCT " if node.setQuantifier() and node.setQuantifier().DISTINCT() else ""
    _no_nesting("listagg", (value,), at)
    sql = f"string_agg({distinct}{value.sql}, {literal(between)} ORDER BY {', '.join(order)})"
    return Expr(sql, t.VARCHAR, at, text, aggregates=(text,))


def windowed(compiler: Any, name: str, node: Any, env: Env) -> Expr:
    """A function over a window. What is inside may hold aggregates of the same query, but no window."""
    at, text = place(node), compiler.source.of(node)
    if node.over() is None:
        raise QueryFailed("MISSING_OVER", f"Window function {name} requires an OVER clause", at)
    if node.setQuantifier() and node.setQuantifier().DISTINCT():
        raise QueryFailed("NOT_SUPPORTED", f"DISTINCT in window function parameters not yet supported: {text}", at)
    if node.sortItem():
        raise QueryFailed("NOT_SUPPORTED", f"Window function with ORDER BY is not supported: {text}", at)
    given = compiler.all(node.expression(), env)
    over, parts = _over(compiler, node.over(), env)
    where = compiler.condition(node.filter_().booleanExpression(), env, "FILTER") if node.filter_() else None
    calls, put, kind = _window_plan(compiler, name, given, node, at)
    extra = f" FILTER (WHERE {where.sql})" if where else ""
    made = [f"{call + ')' if call.startswith('list(') else call}{extra} OVER ({over})" for call in calls]
    everything = (*given, *parts, *([where] if where else []))
    nested = [inner for each in everything for inner in each.windows]
    if nested:
        raise QueryFailed(
            "NESTED_WINDOW",
            f"Cannot nest window functions or row pattern measures inside window function '{name}': "
            f"[{', '.join(nested)}]",
            at,
        )
    whole = made_of(put.format(*made), kind, everything, at, text)
    return Expr(whole.sql, kind, at, text, whole.loose, whole.aggregates, (text,), whole.outer)


def _window_plan(_compiler: Any, name: str, given: list[Expr], node: Any, at: Place) -> Plan:
    nulls = ""
    if node.nullTreatment() is not None:
        if name not in _NEIGHBOURS:
            raise QueryFailed(
                "NULL_TREATMENT_NOT_ALLOWED", f"Cannot specify null treatment clause for {name} function", at
            )
        nulls = " IGNORE NULLS" if node.nullTreatment().IGNORE() else ""
    if name in _RANKS:
        if given:
            raise _unexpected(name, given, at)
        return [f"{name}()"], "{0}", _RANKS[name]
    if name == "ntile":
        if len(given) != 1 or not isinstance(given[0].constant, int) or given[0].constant <= 0:
            raise CannotRehearse("ntile() of anything but a number that is written out")
        return [f"ntile({given[0].sql})"], "{0}", t.BIGINT
    if name in _NEIGHBOURS:
        return _neighbour(name, given, nulls, at)
    if name not in AGGREGATES:
        raise QueryFailed("FUNCTION_NOT_WINDOW", f"Not a window function: {name}", at)
    return _plan(name, given, at)


def _neighbour(name: str, given: list[Expr], nulls: str, at: Place) -> Plan:
    most = {"lag": 3, "lead": 3, "nth_value": 2}.get(name, 1)
    least = 2 if name == "nth_value" else 1
    if not least <= len(given) <= most:
        raise _unexpected(name, given, at)
    if len(given) > 1 and (
        not isinstance(given[1].constant, int) or given[1].constant < (1 if name == "nth_value" else 0)
    ):
        raise CannotRehearse(f"{name}() with an offset that is not written out as a positive number")
    kind, rest = given[0].type, [each.sql for each in given[1:2]]
    if len(given) == 3:
        found = common(kind, given[2].type)
        if found is None or (found != kind and kind.name != "varchar"):
            raise _unexpected(name, given, at)
        rest.append(coerce(given[2].sql, given[2].type, kind))
    value = given[0].sql if kind != t.UNKNOWN else "CAST(NULL AS BOOLEAN)"
    arguments = ", ".join((value, *rest))
    return [f"{name}({arguments}{nulls})"], "{0}", kind


def _over(compiler: Any, node: Any, env: Env) -> tuple[str, list[Expr]]:
    if node.windowName is not None:
        name = compiler.source.name(node.windowName).lower()
        if name not in env.windows:
            raise QueryFailed("INVALID_WINDOW_REFERENCE", f"Cannot resolve WINDOW name {name}", place(node))
        return _specification(compiler, env.windows[name], env)
    return _specification(compiler, node.windowSpecification(), env)


def _specification(compiler: Any, node: Any, env: Env) -> tuple[str, list[Expr]]:
    if node.existingWindowName is not None:
        raise CannotRehearse("a window that extends another")
    partition = compiler.all(list(node.partition), env)
    keys = [compiler.compile(item.expression(), env) for item in node.sortItem()]
    for each in partition:
        if t.parts(each.type):
            raise CannotRehearse(f"PARTITION BY {each.type}")
    sql = f"PARTITION BY {', '.join(each.sql for each in partition)} " if partition else ""
    if keys:
        sorts = [compiler.queries.sort_key(item, key) for item, key in zip(node.sortItem(), keys, strict=True)]
        sql += f"ORDER BY {', '.join(sorts)} "
    if node.windowFrame() is not None:
        sql += _frame(compiler, node.windowFrame(), bool(keys), env)
    return sql, [*partition, *keys]


def _frame(compiler: Any, node: Any, _is_ordered: bool, env: Env) -> str:
    extent = node.frameExtent()
    if extent is None or node.getChildCount() != 1:
        raise CannotRehearse(f"the window frame {compiler.source.of(node)!r}")
    kind = extent.frameType.text.upper()
    start = _bound(compiler, extent.start, kind, env)
    end = _bound(compiler, extent.end, kind, env) if extent.end is not None else "CURRENT ROW"
    return f"{kind} BETWEEN {start} AND {end}"


def _bound(compiler: Any, node: Any, kind: str, env: Env) -> str:
    text = compiler.source.of(node).upper()
    if type(node).__name__ != "BoundedFrameContext":
        return " ".join(text.split())
    value = compiler.compile(node.expression(), env)
    if kind == "RANGE" or not isinstance(value.constant, int) or isinstance(value.constant, bool) or value.constant < 0:
        raise CannotRehearse(f"the window frame bound {compiler.source.of(node)!r}")
    return f"{value.constant} {node.boundType.text.upper()}"
