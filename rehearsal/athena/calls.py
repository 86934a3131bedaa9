"""Function calls: which function a name means with these arguments. A function that is not listed is refused."""

from __future__ import annotations

from typing import Any

from rehearsal.athena import aggregates, specials
from rehearsal.athena import types as t
from rehearsal.athena.casts import coerce
from rehearsal.athena.errors import CannotRehearse, Place, QueryFailed
from rehearsal.athena.scalars import Form, fits, forms, named
from rehearsal.athena.scopes import Env, Expr, made_of, refuse_function
from rehearsal.athena.syntax import place
from rehearsal.athena.trino_functions import TRINO_FUNCTIONS
from rehearsal.athena.types import literal


def function(compiler: Any, node: Any, env: Env) -> Expr:
    """A call by name: an aggregate or window function, one with rules of its own, or one of the plain list."""
    names = compiler.source.names(node.qualifiedName())
    name = names[-1]
    if len(names) > 1 or name not in TRINO_FUNCTIONS:
        raise QueryFailed("FUNCTION_NOT_FOUND", f"Function '{'.'.join(names)}' not registered", place(node))
    if node.over() is not None or name in aggregates.ONLY_WINDOWS:
        return aggregates.windowed(compiler, name, node, env)
    if name in aggregates.AGGREGATES:
        return aggregates.aggregated(compiler, name, node, env)
    if node.ASTERISK() is not None or node.setQuantifier() or node.filter_() or node.sortItem() or node.nullTreatment():
        if name not in forms() and name not in specials.SPECIALS:
            raise refuse_function(name)
        raise QueryFailed(
            "FUNCTION_NOT_AGGREGATE", f"{name} is no aggregate function: {compiler.source.of(node)}", place(node)
        )
    if name in specials.LAZY:
        lazy: Expr = specials.LAZY[name](compiler, node, env)
        return lazy
    return plain(name, compiler.all(node.expression(), env), place(node), compiler.source.of(node))


def plain(name: str, given: list[Expr], at: Place, text: str) -> Expr:
    """A function of one row, its arguments compiled."""
    if name in specials.SPECIALS:
        made = specials.SPECIALS[name](given, at, text)
        if made is not None:
            return made
    if name not in forms():
        raise refuse_function(name)
    form = _form(name, given, at)
    sql, kind = _filled(form, given)
    return made_of(sql, kind, given, at, text)


def _form(name: str, given: list[Expr], at: Place) -> Form:
    fitting = [form for form in forms()[name] if len(form.wanted) == len(given)]
    for by_itself in (False, True):
        for form in fitting:
            if all(fits(each.type, wanted, by_itself) for each, wanted in zip(given, form.wanted, strict=True)):
                return form
    kinds = f" ({', '.join(str(each.type) for each in given)})" if given else ""
    expected = ", ".join(f"{name}({', '.join(form.wanted)})" for form in forms()[name])
    raise QueryFailed(
        "FUNCTION_NOT_FOUND", f"Unexpected parameters{kinds} for function {name}. Expected: {expected}", at
    )


def _filled(form: Form, given: list[Expr]) -> tuple[str, t.Type]:
    if form.template == "TYPEOF":
        if given[0].aggregates:
            raise CannotRehearse("typeof() of an aggregate")
        return literal(str(given[0].type)), t.VARCHAR
    values = []
    for each, wanted in zip(given, form.wanted, strict=True):
        if each.type == t.UNKNOWN:
            values.append(f"CAST(NULL AS {t.held(named(wanted)) if wanted != 'T' else 'VARCHAR'})")
        elif wanted in ("T", "varchar", "timestamp"):
            values.append(each.sql)
        else:
            values.append(coerce(each.sql, each.type, named(wanted)))
    return f"({form.template.format(*values)})", named(form.result)


def concat(given: list[Expr], at: Place) -> Expr:
    """``||`` and concat: of strings, or of arrays of one type; NULL with anything is NULL."""
    return specials.concat(given, at, " || ".join(each.text for each in given))


def subscript(base: Expr, index: Expr, at: Place) -> Expr:
    return specials.subscript(base, index, at)


def listagg(compiler: Any, node: Any, env: Env) -> Expr:
    return aggregates.listagg(compiler, node, env)
