"""Spark, as it fits the work: made for large batches, it does much that a small one has no use for."""

from __future__ import annotations

from pyspark.sql import SparkSession

ROWS_A_PARTITION = 50_000
ROWS_WORTH_COMPILING = 2_000


def fit(spark: SparkSession, rows: int) -> None:
    """By itself Spark cuts every shuffle into 200 parts, whatever its size, and what it reads into one for each core;
    compiles each stage and each expression of each query to Java, and plans it anew after each shuffle. All that pays
    off from some thousand rows. And it writes down the plan of each query for its web page, twice over unless told to
    be brief."""
    is_large = rows >= ROWS_WORTH_COMPILING
    cores = spark.sparkContext.defaultParallelism
    settings = {
        "ui.explainMode": "simple",
        "codegen.wholeStage": is_large,
        "codegen.factoryMode": "FALLBACK" if is_large else "NO_CODEGEN",
        "adaptive.enabled": is_large,
        "leafNodeDefaultParallelism": cores if is_large else 1,
        "shuffle.partitions": min(max(2, rows // ROWS_A_PARTITION), 200) if is_large else 1,
    }
    for name, value in settings.items():
        spark.conf.set(f"spark.sql.{name}", value)
