"""Raw pages to rows: one row per record, with the place it came from and its own text.

A page is cut into records as *text* first and each record is parsed by itself, so that a bad one never takes its
page along. Positions count from 0, as in ``jq '.athletes[0]'``; pages count from 1, as their keys do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from etl.manifests import Manifest
from sources.runs import ORDER

# What each row carries along with its values, through the transforms.
PLACE = (*ORDER, "object", "record", "readable")

ROWS = "source_run string, source_page int, source_position int, object string, record string"
_PAGES = "object string, source_run string, source_page int"
_CORRUPT = "_corrupt_record"


def read_records(spark: SparkSession, root: str, manifests: Iterable[Manifest], records: str) -> DataFrame:
    """One row per record of the pages that the manifests name, and of no other object.

    ``root`` is the bucket, such as ``s3://raw/``; ``records`` names the field of a page that holds its records.
    A page without that field, or that is not JSON, gives no row: whoever counts rows by page finds it.
    """
    pages = [(page.key, manifest.name.run, page.page) for manifest in manifests for page in manifest.pages]
    if not pages:
        return spark.createDataFrame([], ROWS)
    # Without recursiveFileLookup, Spark takes the `run=` in a key for a partition of a table.
    text = spark.read.text([root + key for key, _, _ in pages], wholetext=True, recursiveFileLookup=True)
    depth = pages[0][0].count("/") + 1
    envelope = F.from_json("value", f"struct<`{records}`: array<string>>")
    return (
        text.select(F.substring_index("_metadata.file_path", "/", -depth).alias("object"), envelope.alias("page"))
        .join(F.broadcast(_named(spark, pages)), "object", how="inner")
        .select("source_run", "source_page", "object", F.posexplode(F.col("page")[records]))
        .select(
            "source_run", "source_page", F.col("pos").alias("source_position"), "object", F.col("col").alias("record")
        )
    )


def parse_records(rows: DataFrame, schema: StructType) -> DataFrame:
    """The fields of each record as columns, behind the columns of ``PLACE``.

    ``readable`` says whether the record is an object whose fields have the declared types. Numbers are taken as text
    where text is declared; objects and lists are not.
    """
    with_corrupt = StructType([*schema.fields, StructField(_CORRUPT, StringType())])
    parsed = F.from_json("record", with_corrupt, {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": _CORRUPT})
    rows = rows.withColumn("parsed", parsed)
    whole = F.col("record").startswith("{") & F.col("parsed").isNotNull() & F.col(f"parsed.{_CORRUPT}").isNull()
    for field in schema.fields:
        if isinstance(field.dataType, StringType):
            whole = whole & ~_holds_nested(field.name)
    place = [F.col(name) for name in PLACE if name != "readable"]
    fields = [F.col(f"parsed.{field.name}").alias(field.name) for field in schema.fields]
    return rows.select(*place, F.coalesce(whole, F.lit(False)).alias("readable"), *fields)


def _holds_nested(field: str) -> Column:
    """Whether a field declared as text holds an object or a list, which Spark would take as their JSON text.

    A string that merely looks like one stands behind a quote in the record, so it is not found.
    """
    value = F.col(f"parsed.{field}")
    as_nested = F.concat(F.lit(json.dumps(field, ensure_ascii=False) + ":"), value)
    return F.coalesce(value.rlike(r"^[\[{]") & F.contains("record", as_nested), F.lit(False))


def _named(spark: SparkSession, pages: list[tuple[str, str, int]]) -> DataFrame:
    """The pages as a table, from a literal: no job, no Python worker."""
    text = json.dumps([dict(zip(("object", "source_run", "source_page"), page, strict=True)) for page in pages])
    return spark.range(1).select(F.inline(F.from_json(F.lit(text), f"array<struct<{_PAGES}>>")))
