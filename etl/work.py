"""A batch of runs of one source, stream by stream: what to read along, which code to use, when it is done."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from pyspark.sql import SparkSession

from etl.curation import Batch, Curated, curate_all, kept
from etl.errors import UnknownWork
from etl.manifests import Manifest, newer_runs, read_manifest
from etl.raw import parse_records, read_records
from etl.side_by_side import Say
from sources import find_source
from sources.layout import RunName
from sources.model import Source, Stream


@dataclass(frozen=True)
class Lake:
    """Where a job reads and writes. ``root``: the raw bucket as Spark names it; ``database``: its catalog in front."""

    s3: Any
    raw_bucket: str
    root: str
    database: str


def find_work(source: str) -> tuple[Source, ModuleType]:
    """The declaration of a source, and the module with its transforms."""
    try:
        return find_source(source), importlib.import_module(f"etl.{source}")
    except (KeyError, ModuleNotFoundError) as exc:
        raise UnknownWork(
            f"--source {source!r}: {exc.args[0]}; a source is declared in sources/, curated in etl/"
        ) from exc


def find_stream(source: Source, name: str) -> Stream:
    try:
        return source.stream(name)
    except KeyError as exc:
        raise UnknownWork(f"--runs: {exc.args[0]}") from exc


def curate_runs(
    spark: SparkSession, lake: Lake, source: str, names: Iterable[RunName], labels: dict[str, str], say: Say = print
) -> dict[str, Curated]:
    """Brings runs of a source into its tables, and says what became of them, by table."""
    declared, code = find_work(source)
    by_stream: dict[str, list[RunName]] = {}
    for name in sorted(names):
        by_stream.setdefault(name.stream, []).append(name)
    streams = {stream: find_stream(declared, stream) for stream in by_stream}
    done: dict[str, Curated] = {}
    for stream, runs in by_stream.items():
        batch = Batch(tuple(read_manifest(lake.s3, lake.raw_bucket, run) for run in runs), labels=labels)
        done |= _curate_stream(spark, lake, code, streams[stream], batch, say)
    return done


def _curate_stream(
    spark: SparkSession, lake: Lake, code: ModuleType, stream: Stream, batch: Batch, say: Say
) -> dict[str, Curated]:
    """Once, normally. Again while newer manifests have come up since they were listed: their jobs may have decided
    before this one committed, and this one without them."""
    done: dict[str, Curated] = {}
    batch = replace(batch, along=_newer(lake, batch))
    while True:
        now = _curate_tables(spark, lake, code, stream, batch, say)
        done = {name: done[name].then(curated) if name in done else curated for name, curated in now.items()}
        along = _newer(lake, batch) if any(curated.changed for curated in now.values()) else batch.along
        if along == batch.along:
            return done
        batch = replace(batch, along=along)


def _newer(lake: Lake, batch: Batch) -> tuple[Manifest, ...]:
    """The manifests newer than the batch's oldest that are not in the batch."""
    known = {manifest.name: manifest for manifest in batch.along}
    names = sorted(set(newer_runs(lake.s3, lake.raw_bucket, batch.runs[0].name)) - {m.name for m in batch.runs})
    return tuple(known.get(name) or read_manifest(lake.s3, lake.raw_bucket, name) for name in names)


def _curate_tables(
    spark: SparkSession, lake: Lake, code: ModuleType, stream: Stream, batch: Batch, say: Say
) -> dict[str, Curated]:
    """Brings a batch into all tables that its stream feeds; pages are read once."""
    records = read_records(spark, lake.root, (*batch.runs, *batch.along), stream.records)
    with kept(parse_records(records, stream.record)) as records:
        rows = {table: code.TRANSFORMS[table.name](records) for table in stream.feeds}
        return curate_all(spark, lake.database, rows, batch, say)
