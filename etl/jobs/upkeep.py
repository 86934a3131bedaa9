"""The Glue job: the lake's tables kept in order, one after the other. What it did stands in one result object.

upkeep.py --tables athletes,athletes_set_aside,... --database D --curated_bucket B --keep_snapshots_days 30
          [--batch ID] [--dry_run true] [--now EPOCH_SECONDS]
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
from pyspark.sql import SparkSession

from etl.upkeep import Rules, Upkeep, UpkeepBroken, keep_up
from sources.layout import UPKEEP, result_key
from sources.model import RUN_FORMAT

CATALOG = "glue_catalog"


@dataclass(frozen=True)
class Job:
    """What the arguments say. A run that was given no ``batch`` is named for the time that it is."""

    tables: tuple[str, ...]
    database: str
    curated_bucket: str
    batch: str
    rules: Rules

    @classmethod
    def from_arguments(cls, argv: list[str] | None, clock: float) -> Job:
        parser = argparse.ArgumentParser(allow_abbrev=False)
        for name in ("tables", "database", "curated_bucket"):
            parser.add_argument(f"--{name}", required=True)
        parser.add_argument("--keep_snapshots_days", type=_days, required=True)
        parser.add_argument("--batch")
        parser.add_argument("--dry_run", choices=("true", "false"), default="false")
        parser.add_argument("--now", type=float, default=clock)
        args, _ = parser.parse_known_args(argv)  # Glue adds arguments of its own.
        return cls(
            tables=tuple(args.tables.split(",")),
            database=args.database,
            curated_bucket=args.curated_bucket,
            batch=args.batch or datetime.fromtimestamp(args.now, UTC).strftime(RUN_FORMAT),
            rules=Rules(args.now, clock, args.keep_snapshots_days, args.dry_run == "true"),
        )


def _days(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days; snapshots are kept for 1 or more")
    return int(text)


def line(table: str, done: Upkeep | None, is_dry: bool) -> str:
    """What was done to a table, for who reads the log."""
    if done is None:
        return f"{table}: not there yet"
    if done.is_in_order:
        return f"{table}: in order, {done.before.files} files"
    did = f"{done.folded} files folded, {done.expired} snapshots expired, {done.stray} stray files removed"
    left = "".join(f"; {what}: {why}" for what, why in (("in the way", done.blocked), ("broken", done.broken)) if why)
    if is_dry:
        return f"{table}: would be {did}{left}"
    before, after = (f"{size.files} files and {size.delete_files} deletes" for size in (done.before, done.after))
    return f"{table}: {did}; {before} are now {after}{left}"


def result(job: Job, done: dict[str, Upkeep | None], seconds: float) -> dict[str, Any]:
    """Tables that are not there yet are null."""
    return {
        "batch": job.batch,
        "dry_run": job.rules.is_dry,
        "now": job.rules.now,
        "keep_snapshots_days": job.rules.keep_days,
        "tables": {table: asdict(each) if each else None for table, each in done.items()},
        "seconds": round(seconds, 2),
    }


def say(text: str) -> None:
    print(text, flush=True)


def main(argv: list[str] | None = None) -> None:
    started = time.monotonic()
    job = Job.from_arguments(argv, time.time())
    spark = SparkSession.builder.appName(UPKEEP).getOrCreate()
    done: dict[str, Upkeep | None] = {}
    for table in job.tables:
        done[table] = keep_up(spark, f"{CATALOG}.{job.database}.{table}", job.rules)
        say(line(table, done[table], job.rules.is_dry))
    key = result_key(UPKEEP, job.batch)
    text = json.dumps(result(job, done, time.monotonic() - started), ensure_ascii=False)
    boto3.client("s3").put_object(
        Bucket=job.curated_bucket, Key=key, Body=text.encode(), ContentType="application/json"
    )
    say(f"result in s3://{job.curated_bucket}/{key}")
    if broken := {table: each.broken for table, each in done.items() if each and each.broken}:
        raise UpkeepBroken("; ".join(f"{table}: {why}" for table, why in broken.items()))


if __name__ == "__main__":
    main()
