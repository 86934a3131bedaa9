"""Spark, as it fits the work: made for large batches, it does much that a small one has no use for."""

from __future__ import annotations

from pyspark.sql import SparkSession

ROWS_A_PARTITION = 50_000
ROWS_WORTH_COMPILING = 2_000


def fit(spark: SparkSession, rows: int) -> None:
    """By itself Spark cuts every shuffle into 200 parts, whatever its size, and compiles each stage and each expression
    of each query to Java, which pays off from some thousand rows. And it writes down the plan of each query for its web
    page, twice over unless told to be brief."""
    is_large = rows >= ROWS_WORTH_COMPILING
    spark.conf.set("spark.sql.ui.explainMode", "simple")
    spark.conf.set("spark.sql.codegen.wholeStage", str(is_large).lower())
    spark.conf.set("spark.sql.codegen.factoryMode", "FALLBACK" if is_large else "NO_CODEGEN")
    spark.conf.set("spark.sql.shuffle.partitions", str(min(max(2, rows // ROWS_A_PARTITION), 200)))
