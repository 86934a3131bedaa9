"""The Olympics: from records of the API to rows of the table ``athletes``."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from etl.raw import PLACE
from etl.texts import trimmed


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


TRANSFORMS = {"athletes": athletes}  # by table
