"""Functions that choose one of their arguments: all of one type, or of what they can be turned into."""

from __future__ import annotations

from rehearsal.athena import types as t
from rehearsal.athena.casts import coerce
from rehearsal.athena.errors import CannotRehearse, Place, QueryFailed
from rehearsal.athena.operators import compared
from rehearsal.athena.scopes import Expr, made_of
from rehearsal.athena.specials.shape import Made, unexpected
from rehearsal.athena.types import common


def coalesce(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) < 2:
        raise QueryFailed("SYNTAX_ERROR", "The 'coalesce' function must have at least two arguments", at)
    kinds = [each.type for each in given]
    kind = common(*kinds)
    if kind is None:
        odd = next(each for each in given if common(kinds[0], each.type) is None)
        raise QueryFailed(
            "TYPE_MISMATCH",
            "All COALESCE operands must be the same type or coercible to a common type. Cannot find common type "
            f"between {kinds[0]} and {odd.type}, all types (without duplicates): "
            f"[{', '.join(dict.fromkeys(map(str, kinds)))}]",
            odd.at,
        )
    return made_of(f"coalesce({_listed(given, kind)})", kind, given, at, text)


def if_(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) not in (2, 3):
        raise QueryFailed("SYNTAX_ERROR", "Invalid number of arguments for 'if' function", at)
    condition, *results = given
    if condition.type not in (t.BOOLEAN, t.UNKNOWN):
        raise QueryFailed(
            "TYPE_MISMATCH", f"IF condition must evaluate to a boolean (actual: {condition.type})", condition.at
        )
    kind = common(*(each.type for each in results))
    if kind is None:
        kinds = " vs ".join(str(each.type) for each in results)
        raise QueryFailed("TYPE_MISMATCH", f"Result types for IF must be the same: {kinds}", at)
    other = f" ELSE {coerce(results[1].sql, results[1].type, kind)}" if len(results) > 1 else ""
    when = coerce(condition.sql, condition.type, t.BOOLEAN)
    sql = f"CASE WHEN {when} THEN {coerce(results[0].sql, results[0].type, kind)}{other} END"
    return made_of(sql, kind, given, at, text)


def nullif(given: list[Expr], at: Place, text: str) -> Expr:
    if len(given) != 2:
        raise QueryFailed("SYNTAX_ERROR", "Invalid number of arguments for 'nullif' function", at)
    one, other = given
    kind = common(one.type, other.type)
    if kind is None:
        raise QueryFailed("TYPE_MISMATCH", f"Types are not comparable with NULLIF: {one.type} vs {other.type}", at)
    same = compared(coerce(one.sql, one.type, kind), "=", coerce(other.sql, other.type, kind), kind)
    return made_of(f"CASE WHEN {same} THEN NULL ELSE {one.sql} END", one.type, given, at, text)


def _extreme(name: str) -> Made:
    def made(given: list[Expr], at: Place, text: str) -> Expr:
        kind = common(*(each.type for each in given))
        if kind is None or not given:
            raise unexpected(name, given, f"{name}(E, ...) E", at)
        if t.is_float(kind) or t.parts(kind):
            raise CannotRehearse(f"{name}() of {kind}: NaN and NULL count differently")
        listed = _listed(given, kind)
        no_null = " OR ".join(f"{coerce(each.sql, each.type, kind)} IS NULL" for each in given)
        return made_of(f"CASE WHEN {no_null} THEN NULL ELSE {name}({listed}) END", kind, given, at, text)

    return made


def _listed(given: list[Expr], kind: t.Type) -> str:
    return ", ".join(coerce(each.sql, each.type, kind) for each in given)


FUNCTIONS: dict[str, Made] = {
    "coalesce": coalesce, "nullif": nullif, "if": if_, "greatest": _extreme("greatest"), "least": _extreme("least"),
}  # fmt: skip
