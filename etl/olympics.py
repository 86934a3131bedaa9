"""The Olympics: from records of the API to rows of the table ``athletes``."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from etl.raw import PLACE

ATHLETE = StructType([StructField(name, StringType()) for name in ("id", "name", "country", "sport")])

# Unicode's white space and control characters, the zero-width space and the byte-order mark.
_BLANK = r"[\p{IsWhite_Space}\p{Cc}\u200B\uFEFF]+"


def athletes(records: DataFrame) -> DataFrame:
    """One row per record: trimmed, upper-case country, null where only blanks were.

    White space inside a name is the athlete's own and stays.
    """
    return records.select(
        *PLACE,
        trimmed("id").alias("id"),
        trimmed("name").alias("name"),
        F.upper(trimmed("country")).alias("country"),
        trimmed("sport").alias("sport"),
    )


def trimmed(name: str) -> Column:
    return F.nullif(F.regexp_replace(name, f"^{_BLANK}|{_BLANK}$", ""), F.lit(""))


RECORDS = {"athletes": ATHLETE}  # by stream
TRANSFORMS = {"athletes": athletes}  # by table
