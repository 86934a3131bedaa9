"""A job of the usual kind, from which Java learns what jobs load. It is run as a script, as Glue runs one."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

PAGE = "rows array<struct<id:long,name:string,kind:string>>, _corrupt_record string"
TABLE = "glue_catalog.training.things"


def newest(spark: SparkSession) -> DataFrame:
    """The newest row of each id in gzipped pages."""
    pages = spark.read.schema(PAGE).option("mode", "PERMISSIVE").json(["s3://raw/pages/"])
    pages = pages.withColumn("at", F.col("_metadata.file_path"))  # input_file_name() is refused in a MERGE
    rows = pages.select("at", F.posexplode("rows").alias("position", "row")).select("at", "position", "row.*")
    newest_first = Window.partitionBy("id").orderBy(F.desc("at"), F.desc("position"))
    cleaned = rows.withColumns({"name": F.trim("name"), "kind": F.coalesce(F.upper("kind"), F.lit("Unknown"))})
    return cleaned.withColumn("rank", F.row_number().over(newest_first)).where("rank = 1").drop("rank")


def merge(spark: SparkSession, rows: DataFrame) -> None:
    rows.createOrReplaceTempView("news")
    spark.sql(
        f"MERGE INTO {TABLE} AS old USING news ON old.id = news.id AND old.kind = news.kind "
        "WHEN MATCHED AND news.at > old.at THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
    )


def main() -> None:
    spark = SparkSession.builder.appName("training").getOrCreate()
    spark.sql(
        f"CREATE TABLE IF NOT EXISTS {TABLE} (at string, position int, id bigint, name string, kind string) "
        "USING iceberg PARTITIONED BY (kind) TBLPROPERTIES ('format-version' = '2')"
    )
    rows = newest(spark).persist()
    merge(spark, rows)
    merge(spark, rows.where("id < 20").withColumn("at", F.lit("z")))
    held = spark.table(TABLE)
    rows.join(held, ["id", "kind"], "left_anti").writeTo(TABLE).append()
    held.groupBy("kind").agg(F.count("*"), F.countDistinct("id"), F.max("at")).orderBy("kind").collect()
    spark.sql(f"SELECT * FROM {TABLE}.snapshots").collect()


if __name__ == "__main__":
    main()
