"""What the functions have in common: how one is written, and the refusal of arguments that it does not take."""

from __future__ import annotations

from collections.abc import Callable

from rehearsal.athena.errors import Place, QueryFailed
from rehearsal.athena.scopes import Expr

Made = Callable[[list[Expr], Place, str], Expr | None]


def unexpected(name: str, given: list[Expr], expected: str, at: Place) -> QueryFailed:
    kinds = f" ({', '.join(str(each.type) for each in given)})" if given else ""
    return QueryFailed(
        "FUNCTION_NOT_FOUND", f"Unexpected parameters{kinds} for function {name}. Expected: {expected}", at
    )
