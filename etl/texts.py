"""Texts as APIs give them: what is blank, and what is a day or a moment."""

from __future__ import annotations

from typing import TypeAlias

from pyspark.sql import Column
from pyspark.sql import functions as F

# Unicode's white space and control characters, the zero-width space and the byte-order mark.
_BLANK = r"[\p{IsWhite_Space}\p{Cc}\u200B\uFEFF]+"
_DAY = r"^(?!0000)\d{4}(-\d{2}){0,2}$"
_MOMENT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$"

Text: TypeAlias = str | Column


def trimmed(text: Text) -> Column:
    """Null where only blanks are."""
    return F.nullif(F.regexp_replace(text, f"^{_BLANK}|{_BLANK}$", ""), F.lit(""))


def unless_blank(text: Text) -> Column:
    """The text as it is, blanks around it too; null where only blanks are."""
    text = F.col(text) if isinstance(text, str) else text
    return F.when(trimmed(text).isNotNull(), text)


def first_day(text: Text) -> Column:
    """The first day that a date can mean: ``2001-05`` is the first of May. Null where it is no date, as ``0000``."""
    text = F.col(text) if isinstance(text, str) else text
    return F.when(text.rlike(_DAY), text.try_cast("date"))


def moment(text: Text) -> Column:
    """A time with its zone, as in ``2001-05-09T12:00:00Z``; null where it is none."""
    text = F.col(text) if isinstance(text, str) else text
    return F.when(text.rlike(_MOMENT), text.try_cast("timestamp"))
