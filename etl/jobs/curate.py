"""The Glue job: runs of a source, from their raw pages into its tables. One script for any source.

curate.py --source olympics --runs athletes/20261121T050000Z,... --batch ID
          --raw_bucket B --curated_bucket B --database D
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass
from typing import Any

import boto3
from pyspark.sql import SparkSession

from etl.conserve import Counts
from etl.curation import Curated
from etl.errors import UnknownWork
from etl.work import Lake, curate_runs
from sources.layout import RunName, result_key
from sources.runs import BAD, OF_A_RUN

CATALOG = "glue_catalog"


@dataclass(frozen=True)
class Job:
    """What the arguments say."""

    source: str
    runs: tuple[RunName, ...]
    batch: str
    raw_bucket: str
    curated_bucket: str
    database: str

    @classmethod
    def from_arguments(cls, argv: list[str] | None) -> Job:
        parser = argparse.ArgumentParser(allow_abbrev=False)
        for name in ("source", "runs", "batch", "raw_bucket", "curated_bucket", "database"):
            parser.add_argument(f"--{name}", required=True)
        args, _ = parser.parse_known_args(argv)  # Glue adds arguments of its own.
        try:
            runs = {RunName.parse(f"{args.source}/{name}") for name in args.runs.split(",")}
        except ValueError as exc:
            raise UnknownWork(f"--runs {args.runs!r}: {exc}; give STREAM/RUN,STREAM/RUN") from exc
        return cls(**{**vars(args), "runs": tuple(sorted(runs))})

    @property
    def labels(self) -> dict[str, str]:
        """What the snapshots of this job carry."""
        return {"run_id": ",".join(name.run for name in self.runs), "batch": self.batch}


def result(job: Job, done: dict[str, Curated], seconds: dict[str, float]) -> dict[str, Any]:
    """What the job did, for the ledger. A record that feeds two tables is counted in each."""
    by_run: dict[str, Counts] = {}
    for curated in done.values():
        for run, counts in curated.by_run.items():
            by_run[run] = by_run.get(run, Counts()) + counts
    return {
        "source": job.source,
        "batch": job.batch,
        "runs": [str(name) for name in job.runs],
        "tables": {name: of_table(curated) for name, curated in done.items()},
        "by_run": {run: {name: asdict(counts)[name] for name in (*OF_A_RUN, BAD)} for run, counts in by_run.items()},
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
    }


def of_table(curated: Curated) -> dict[str, Any]:
    return {**asdict(curated.counts), **asdict(curated.changed), "snapshot": curated.snapshot}


def say(line: str) -> None:
    print(line, flush=True)


def main(argv: list[str] | None = None) -> None:
    started = time.monotonic()
    job = Job.from_arguments(argv)
    say(f"batch {job.batch}: {len(job.runs)} runs of {job.source}, {job.runs[0]} to {job.runs[-1]}")
    s3 = boto3.client("s3")
    spark = SparkSession.builder.appName(f"curate {job.source}").getOrCreate()
    ready = time.monotonic()
    lake = Lake(s3, job.raw_bucket, f"s3://{job.raw_bucket}/", f"{CATALOG}.{job.database}")
    done = curate_runs(spark, lake, job.source, job.runs, job.labels, say)
    seconds = {"session": ready - started, "curate": time.monotonic() - ready}
    key = result_key(job.source, job.batch)
    text = json.dumps(result(job, done, seconds), ensure_ascii=False)
    s3.put_object(Bucket=job.curated_bucket, Key=key, Body=text.encode(), ContentType="application/json")
    say(f"result in s3://{job.curated_bucket}/{key}")


if __name__ == "__main__":
    main()
