"""Books: from records of the catalogue to rows of the table ``books``."""

from __future__ import annotations

from pyspark.sql import DataFrame

from etl.raw import PLACE
from etl.texts import trimmed


def books(records: DataFrame) -> DataFrame:
    """One row per record, trimmed."""
    return records.select(*PLACE, *(trimmed(name).alias(name) for name in ("id", "title", "author", "shelf")))


TRANSFORMS = {"books": books}  # by table
