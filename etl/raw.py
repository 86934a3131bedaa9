"""Raw pages to rows: one row per record, with the place it came from and its own text.

A page is cut into records as *text* first and each record is parsed by itself, so that a bad one never takes its
page along. Positions count from 0, as in ``jq '.athletes[0]'``; pages count from 1, as their keys do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, StringType, StructField, StructType

from etl.manifests import Manifest
from etl.shapes import holds_wrong_text, struct_of
from sources.runs import ORDER
from sources.shape import Shape, names_of

# What each row carries along with its values, through the transforms. ``part`` is empty where a stream has no parts;
# ``part_position`` counts the records of a part from 0, through all its pages.
PLACE = (*ORDER, "part", "part_position", "object", "record", "readable")

_PAGES = "map<string, struct<source_run string, source_page int, part string, before int>>"
ROWS = (
    "source_run string, source_page int, source_position int, part string, part_position int, object string,"
    " record string"
)
_CORRUPT = "_corrupt_record"


def read_records(spark: SparkSession, root: str, manifests: Iterable[Manifest], records: str) -> DataFrame:
    """One row per record of the pages that the manifests name, and of no other object.

    ``root`` is the bucket, such as ``s3://raw/``; ``records`` says where a page holds its records: ``tracks.items``.
    A page without that field, or that is not JSON, gives no row: whoever counts rows by page finds it.
    """
    pages = [page for manifest in manifests for page in _pages_of(manifest)]
    if not pages:
        return spark.createDataFrame([], ROWS)
    # Without recursiveFileLookup, Spark takes the `run=` in a key for a partition of a table.
    text = spark.read.text([root + key for key, *_ in pages], wholetext=True, recursiveFileLookup=True)
    depth = pages[0][0].count("/") + 1
    path = records.split(".")
    found = F.from_json("value", _envelope(path))
    for name in path:
        found = found[name]
    return (
        text.select(F.substring_index("_metadata.file_path", "/", -depth).alias("object"), found.alias("records"))
        .select("object", _named(pages)[F.col("object")].alias("page"), F.posexplode("records"))
        .select(
            "page.source_run",
            "page.source_page",
            F.col("pos").alias("source_position"),
            "page.part",
            (F.col("page.before") + F.col("pos")).alias("part_position"),
            "object",
            F.col("col").alias("record"),
        )
    )


def parse_records(rows: DataFrame, record: Mapping[str, Shape]) -> DataFrame:
    """The fields of each record's shape as columns, behind the columns of ``PLACE``; those that may hold anything are
    left out, and one of two names is there under the newest.

    ``readable`` says whether the record is an object of this shape, whatever is missing. Numbers are taken as text
    where text is declared; objects and lists are not.
    """
    if both := set(PLACE) & {name for field in record for name in names_of(field)}:
        raise ValueError(f"a record has fields with names that rows need for themselves: {', '.join(sorted(both))}")
    schema = struct_of(record)
    with_corrupt = StructType([*schema.fields, StructField(_CORRUPT, StringType())])
    parsed = F.from_json("record", with_corrupt, {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": _CORRUPT})
    rows = rows.withColumn("parsed", parsed)
    whole = F.col("record").startswith("{") & F.col("parsed").isNotNull() & F.col(f"parsed.{_CORRUPT}").isNull()
    whole = whole & ~holds_wrong_text(record, F.col("parsed"), F.col("record"))
    place = [F.col(name) for name in PLACE if name != "readable"]
    fields = [
        F.coalesce(*(F.col("parsed")[name] for name in names)).alias(names[0])
        for names in map(names_of, record)
        if names[0] in schema.names
    ]
    return rows.select(*place, F.coalesce(whole, F.lit(False)).alias("readable"), *fields)


def _envelope(path: list[str]) -> StructType:
    """The shape of a page, as far as its records, which stay text."""
    found: DataType = ArrayType(StringType())
    for name in reversed(path):
        found = StructType([StructField(name, found)])
    assert isinstance(found, StructType)
    return found


_Page = tuple[str, str, int, str, int]


def _pages_of(manifest: Manifest) -> Iterator[_Page]:
    """The pages of a run, each with the number of records before it in its part."""
    before: dict[str, int] = {}
    for page in sorted(manifest.pages, key=lambda each: each.page):
        yield page.key, manifest.name.run, page.page, page.part, before.get(page.part, 0)
        before[page.part] = before.get(page.part, 0) + page.rows


def _named(pages: list[_Page]) -> Column:
    """The pages by their keys, as a literal: no job, no join."""
    names = ("source_run", "source_page", "part", "before")
    text = json.dumps({key: dict(zip(names, page, strict=True)) for key, *page in pages})
    return F.from_json(F.lit(text), _PAGES)
