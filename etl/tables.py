"""Tables in the catalog, made from their declarations."""

from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame, SparkSession

from etl.errors import TableDiffers
from sources.model import Table
from sources.runs import ORDER

_SPARK_TYPES = {"long": "bigint", "timestamp": "timestamp_ntz", "timestamptz": "timestamp"}
_ORDER_TYPES = {"source_run": "string", "source_page": "int", "source_position": "int"}
_ORDER_COMMENTS = {
    "source_run": "The run in which this row was first seen as it is",
    "source_page": "The page of that run, from 1",
    "source_position": "The position in that page, from 0",
}
_PROPERTIES = {
    "format-version": "2",
    # All rows of a partition go to one task, so to one file.
    "write.distribution-mode": "hash",
    "write.merge.distribution-mode": "hash",
    # A commit folds the manifests of those before it into one: a run reads as many objects as the one before.
    "commit.manifest.min-count-to-merge": "2",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "5",
    "write.metadata.compression-codec": "gzip",
}


def properties(table: Table) -> dict[str, str]:
    """Of a table that is merged on read a change is written beside its files, and each reader applies it; of others
    the files are rewritten, and no reader ever has deletes to apply."""
    mode = "merge-on-read" if table.merged_on_read else "copy-on-write"
    return _PROPERTIES | {f"write.{command}.mode": mode for command in ("merge", "update", "delete")}


def column_types(table: Table) -> dict[str, str]:
    """The columns of a table and where its rows came from, with Spark's names of their types."""
    declared = {column.name: _SPARK_TYPES.get(column.type, column.type) for column in table.columns}
    return declared | {name: type_ for name, type_ in _ORDER_TYPES.items() if _has_place(table)}


def _has_place(table: Table) -> bool:
    """Whether rows carry ``ORDER``: those that declare a column of it themselves do not."""
    return not set(ORDER) & {column.name for column in table.columns}


def create_sql(name: str, table: Table) -> str:
    columns = ", ".join(
        f"`{column}` {type_}" + (f" COMMENT '{_ORDER_COMMENTS[column]}'" if column in _ORDER_COMMENTS else "")
        for column, type_ in column_types(table).items()
    )
    partition = f" PARTITIONED BY ({', '.join(f'`{each}`' for each in table.partition)})" if table.partition else ""
    given = ", ".join(f"'{key}'='{value}'" for key, value in properties(table).items())
    comment = f"One row per {', '.join(table.key)}"
    return (
        f"CREATE TABLE IF NOT EXISTS {name} ({columns}) USING iceberg{partition}"
        f" COMMENT '{comment}' TBLPROPERTIES ({given})"
    )


def ensure(spark: SparkSession, name: str, table: Table) -> DataFrame:
    """The table as declared: made when it is missing, widened by new columns, refused when a type has changed.

    Columns that are no longer declared stay, and rows written from now on have null there.
    """
    spark.sql(create_sql(name, table))
    present = {field.name: field.dataType.simpleString() for field in spark.table(name).schema.fields}
    missing = []
    for column, type_ in column_types(table).items():
        if column not in present:
            missing.append(f"`{column}` {type_}")
        elif present[column] != type_:
            raise TableDiffers(
                f"{name}.{column} is {present[column]}, declared as {type_};"
                " declare a new column, or drop the table and merge its runs again"
            )
    if missing:
        spark.sql(f"ALTER TABLE {name} ADD COLUMNS ({', '.join(missing)})")
    return spark.table(name)


def load(spark: SparkSession, name: str) -> Any:
    """Iceberg's own table: it tells of its snapshots without a query."""
    java: Any = spark._jvm
    return java.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, name)
