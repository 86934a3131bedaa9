"""Functions of numbers whose type depends on the digits of what they are given."""

from __future__ import annotations

from rehearsal.athena import types as t
from rehearsal.athena.casts import coerce
from rehearsal.athena.errors import CannotRehearse, Place
from rehearsal.athena.operators import arithmetic
from rehearsal.athena.scopes import Expr, made_of
from rehearsal.athena.specials.shape import Made, unexpected
from rehearsal.athena.types import held


def round_(given: list[Expr], at: Place, text: str) -> Expr | None:
    """Of a decimal, and to a number of digits; round of one other number is in the plain list."""
    kind = given[0].type if given else t.UNKNOWN
    if len(given) == 1 and kind.name == "decimal":
        precision, scale = kind.args
        made = t.decimal(max(min(t.MOST_DIGITS, precision - scale + min(1, scale)), 1), 0)
        return made_of(f"CAST({given[0].sql} AS {held(made)})", made, given, at, text)
    if len(given) != 2:
        return None
    if given[1].type not in t.INTEGERS:
        raise unexpected("round", given, "round(double, integer), round(decimal(p,s), integer)", at)
    if kind.name == "decimal":
        if not isinstance(given[1].constant, int) or given[1].constant < 0:
            raise CannotRehearse("round() of a decimal to digits that are not written out, or before the point")
        made = t.decimal(min(t.MOST_DIGITS, kind.args[0] + 1), kind.args[1])
        digits = min(given[1].constant, kind.args[1])
        inner = held(t.decimal(made.args[0], digits))
        return made_of(f"CAST(CAST({given[0].sql} AS {inner}) AS {held(made)})", made, given, at, text)
    if t.is_float(kind):
        sql = f"round({coerce(given[0].sql, kind, t.DOUBLE)}, CAST({given[1].sql} AS INTEGER))"
        return made_of(f"CAST({sql} AS {held(kind)})", kind, given, at, text)
    if kind in t.INTEGERS:
        if not isinstance(given[1].constant, int) or given[1].constant < 0:
            raise CannotRehearse("round() of a whole number before the point")
        return made_of(given[0].sql, kind, given, at, text)
    return None


def _to_whole(word: str) -> Made:
    def made(given: list[Expr], at: Place, text: str) -> Expr | None:
        if len(given) != 1 or given[0].type.name != "decimal":
            return None
        precision, scale = given[0].type.args
        kind = t.decimal(max(precision - scale + min(scale, 1), 1), 0)
        return made_of(f"CAST({word}({given[0].sql}) AS {held(kind)})", kind, given, at, text)

    return made


def abs_(given: list[Expr], at: Place, text: str) -> Expr | None:
    if len(given) != 1 or given[0].type.name not in ("decimal", "real", "smallint", "tinyint"):
        return None
    return made_of(f"abs({given[0].sql})", given[0].type, given, at, text)


def mod(given: list[Expr], at: Place, _text: str) -> Expr:
    if len(given) != 2:
        raise unexpected("mod", given, "mod(n, m)", at)
    return arithmetic(given[0], "%", given[1], at)


FUNCTIONS: dict[str, Made] = {
    "round": round_, "ceil": _to_whole("ceil"), "ceiling": _to_whole("ceil"), "floor": _to_whole("floor"),
    "abs": abs_, "mod": mod,
}  # fmt: skip
