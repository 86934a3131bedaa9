"""Functions of one row whose types, or whose arguments, need more than a line."""

from rehearsal.athena.specials import choices, lists, moments, numbers, patterns
from rehearsal.athena.specials.lazy import LAZY
from rehearsal.athena.specials.lists import concat, subscript
from rehearsal.athena.specials.shape import Made

__all__ = ["LAZY", "SPECIALS", "concat", "subscript"]

SPECIALS: dict[str, Made] = {
    name: made for group in (choices, lists, moments, numbers, patterns) for name, made in group.FUNCTIONS.items()
}
