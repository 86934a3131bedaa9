"""A Glue job as hand-made lakes have it: every page that was ever stored is read, and each table is written anew.

overwrite_job.py --pages s3://BUCKET/PREFIX/ --tables s3://BUCKET/PREFIX/
"""

from __future__ import annotations

import argparse

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

parser = argparse.ArgumentParser()
parser.add_argument("--pages", required=True)
parser.add_argument("--tables", required=True)
args, _ = parser.parse_known_args()

spark = SparkSession.builder.getOrCreate()
pages = spark.read.option("multiLine", True).option("recursiveFileLookup", True).json(args.pages)
entries = pages.select(F.explode("items").alias("entry")).select("entry.added_at", "entry.item.*").cache()
songs = entries.select("id", "name", "duration_ms", "popularity", "added_at")
albums = entries.select("album.id", "album.name", "album.release_date", "album.total_tracks")
artists = entries.select(F.explode("artists").alias("artist")).select("artist.id", "artist.name")
for table, rows in {"songs": songs, "albums": albums, "artists": artists}.items():
    rows.dropDuplicates(["id"]).write.mode("overwrite").parquet(f"{args.tables}{table}/")
    print(table, spark.read.parquet(f"{args.tables}{table}/").count())
