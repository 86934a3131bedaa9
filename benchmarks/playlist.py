"""A playlist of 10,000 tracks: the first run, and the second with one song in a hundred changed.

The peer is what hand-made lakes do: read every page ever stored, and write each table anew. It runs in the same
account, on the same pages, in a Java as warm.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lakelet.hands import Lake
from lakelet.lake import open_lake
from lakelet.outcome import RunOutcome
from lakelet.progress import Progress
from lakelet.request import Request
from lakelet.tables import open_table
from rehearsal.identity.held import EVERYTHING
from rehearsal.spark.job import GLUE
from sources import find_source
from sources.layout import RAW

SOURCE, STREAM, TABLES = "spotify", "playlist", ("albums", "artists", "songs")
TRACKS = 10_000
STAND_IN = {"playlists": 1, "tracks": TRACKS, "changed_share": 0.01, "moved_per_day": 0, "bad_per_thousand": 0}
# No bad records: the first one that is no object breaks the peer.
PEER = Path(__file__).with_name("overwrite_job.py")
PEER_NAME = "overwrite"
ADDED_ROWS, ADDED_FILES = "added-records", "added-data-files"
BY_GLUE = {"Effect": "Allow", "Principal": {"Service": GLUE}, "Action": "sts:AssumeRole"}
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [BY_GLUE]})


def playlist() -> Iterator[str]:
    request = Request(sources=(SOURCE,), stand_in=STAND_IN)
    with Progress(io.StringIO()) as progress, open_lake(request, request.chosen(), progress, alone=True) as lake:
        first = played(lake, 0)
        before = {table: snapshots(lake, table) for table in TABLES}
        second = played(lake, 1)
        written = {table: added(lake, table, before[table]) for table in TABLES}
        declare_peer(lake)
        peer = [overwritten(lake), overwritten(lake)][1]  # the second has found everything loaded
        rows = {table: rows_of(lake, table) for table in TABLES}
    yield f"| a playlist of {TRACKS:,} tracks | from deploy to tables | extract | curate |"
    yield "|---|---:|---:|---:|"
    whole = sum(first.seconds.values())
    yield f"| first run, Java started | {whole:.1f} | {first.seconds['extract']:.1f} | {first.seconds['curate']:.1f} |"
    yield f"| second run, 1 % changed | | {second.seconds['extract']:.1f} | {second.seconds['curate']:.1f} |"
    yield ""
    yield "| second run, by the snapshots | rows in the table | rows written | files written |"
    yield "|---|---:|---:|---:|"
    for table in TABLES:
        yield f"| {table} | {rows[table]:,} | {written[table][0]:,} | {written[table][1]} |"
    ours = second.seconds["curate"]
    yield f"\nThe peer reads all pages, overwrites three tables without checks and takes {peer:.1f} s. Our job takes"
    yield f"{ours / peer:.1f} times that, for five tables, what is set aside of each, and the count of every row.\n"


def played(lake: Lake, day: int) -> RunOutcome:
    """What the stream that comes round most often came to."""
    outcomes = lake.play_day(find_source(SOURCE), day)
    if any(outcome.exit_code for outcome in outcomes):
        raise SystemExit(f"day {day} ended as {[each.state for each in outcomes]}; nothing was measured")
    print(f"day {day}: {outcomes[0].seconds}", file=sys.stderr, flush=True)
    return outcomes[0]


def snapshots(lake: Lake, table: str) -> list[Any]:
    found = open_table(lake.catalog(), lake.outputs["database"], table)
    return list(found.snapshots()) if found else []


def added(lake: Lake, table: str, before: list[Any]) -> tuple[int, int]:
    """Rows and data files that the snapshots since then have added."""
    known = {each.snapshot_id for each in before}
    new = [each.summary for each in snapshots(lake, table) if each.snapshot_id not in known]
    return sum(int(each[ADDED_ROWS] or 0) for each in new), sum(int(each[ADDED_FILES] or 0) for each in new)


def rows_of(lake: Lake, table: str) -> int:
    return int(snapshots(lake, table)[-1].summary["total-records"])


def declare_peer(lake: Lake) -> None:
    """Its role may do everything, and its Java is the one that our job has left."""
    client, outputs = lake.rehearsal.account.client, lake.outputs
    client("iam").create_role(RoleName=PEER_NAME, AssumeRolePolicyDocument=TRUST)
    client("iam").put_role_policy(RoleName=PEER_NAME, PolicyName="all", PolicyDocument=EVERYTHING)
    bucket, key = outputs["artifacts_bucket"], PEER.name
    client("s3").put_object(Bucket=bucket, Key=key, Body=PEER.read_bytes())
    arguments = {
        "--datalake-formats": "iceberg",
        "--conf": "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version=2",
        "--pages": f"s3://{outputs['raw_bucket']}/{RAW}{SOURCE}/{STREAM}/",
        "--tables": f"s3://{outputs['curated_bucket']}/{PEER_NAME}/",
    }
    command = {"Name": "glueetl", "ScriptLocation": f"s3://{bucket}/{key}"}
    client("glue").create_job(Name=PEER_NAME, Role=PEER_NAME, Command=command, DefaultArguments=arguments)


def overwritten(lake: Lake) -> float:
    """The seconds that the peer runs."""
    glue = lake.rehearsal.account.client("glue")
    run = glue.start_job_run(JobName=PEER_NAME)["JobRunId"]
    lake.rehearsal.settle()
    (record,) = [each for each in lake.rehearsal.jobs.records if each.run_id == run]
    if record.state != "SUCCEEDED":
        raise SystemExit(f"the peer ended as {record.state}: {record.message}; nothing was measured")
    return float(record.seconds_running)
