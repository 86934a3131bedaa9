"""What was served, in the tables of an embedded account: made into rows here, without Spark."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import DateType, IntegerType, NestedField, StringType, TimestamptzType

from infra.catalog import LEDGER_COLUMNS
from infra.queries import queries_of
from lakelet.place import Place
from lakelet.tables import open_catalog, properties_of
from rehearsal.account import Account
from sources.layout import LEDGER, RunName, ledger_key
from sources.model import Column, Table
from sources.spotify import PLAYLIST_ENTRIES, SPOTIFY
from tests.queries.spotify_served import Served, Track, day_of, fault_of, first_day, leader, monday, track_of
from tests.queries.world import run_row

Row = dict[str, Any]

FAILED_RUN = "20261118T110000Z"
PLACE_COLUMNS = {"source_run": "string", "source_page": "int", "source_position": "int"}
TYPES = {"string": StringType(), "int": IntegerType(), "date": DateType(), "timestamptz": TimestamptzType()}


def fill(account: Account, served: Served, name: str = "lakelet_test") -> Place:
    """A lake of that name, with its tables, queries and workgroup, and all that was served in it."""
    s3, glue, athena, bucket = *(account.client(each) for each in ("s3", "glue", "athena")), name.replace("_", "-")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": account.region})
    glue.create_database(DatabaseInput={"Name": name})
    results = {"OutputLocation": f"s3://{bucket}/athena/", "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"}}
    athena.create_work_group(Name=name, Configuration={"ResultConfiguration": results})
    for query in queries_of([SPOTIFY.name]):
        athena.create_named_query(Name=query.name, Database=name, QueryString=query.sql, WorkGroup=name)
    properties = properties_of(account.credentials())
    catalog = open_catalog(properties, glue)
    for table, rows in {**tables_of(served), _aside(): _set_aside(served)}.items():
        _make(catalog, (name, table.name), bucket, table, rows)
    _ledger(served, s3, glue, name, bucket)
    outputs = {"database": name, "workgroup": name, "curate_jobs": {SPOTIFY.name: f"{bucket}-spotify"}}
    return Place("the test's lake", outputs, account.client, account.clock.now, properties)


def tables_of(served: Served) -> dict[Table, list[Row]]:
    """The rows of each table; of rows with one key the last."""
    rows = {table: {} for table in SPOTIFY.tables}  # type: dict[Table, dict[Any, Row]]
    for run in sorted({run for _, run in (*served.entries, *served.found)}):
        for (playlist, _), entries in _of(served.entries, run):
            for position, entry in enumerate(entries):
                if fault_of(entry) is None:
                    _put(rows, run, position, _of_entry(playlist, run, position, entry))
        for (years, _), tracks in _of(served.found, run):
            for position, record in enumerate(tracks):
                track = track_of(record)
                if track and track.get("id") and track.get("name"):
                    _put(rows, run, position, {"popular_songs": [{"years": years, **_listed(run, track)}]})
    return {table: list(found.values()) for table, found in rows.items()}


def _of(served: dict[tuple[str, str], list[Any]], run: str) -> list[tuple[tuple[str, str], list[Any]]]:
    return [(key, records) for key, records in served.items() if key[1] == run]


def _put(rows: dict[Table, dict[Any, Row]], run: str, position: int, made: dict[str, list[Row]]) -> None:
    for table, found in rows.items():
        for row in made.get(table.name, ()):
            if all(row[name] not in (None, "") for name in table.required):
                place = {"source_run": run, "source_page": position // 25 + 1, "source_position": position % 25}
                found[tuple(row[name] for name in table.key)] = row | place


def _of_entry(playlist: str, run: str, position: int, entry: Row) -> dict[str, list[Row]]:
    track = track_of(entry) or {}
    album, artists = track.get("album") or {}, track["artists"]
    added = datetime.fromisoformat(entry["added_at"]) if entry["added_at"] else None
    return {
        "playlist_entries": [
            {"playlist_id": playlist, "run": run, "day": day_of(run), "position": position, "song_id": track["id"],
             "added_at": added}
        ],
        "songs": [
            {"song_id": track["id"], "song_name": track["name"], "duration_ms": track["duration_ms"],
             "song_url": track["external_urls"]["spotify"], "song_popularity": track["popularity"],
             "song_added": added, "album_id": album.get("id"), "artist_id": artists[0]["id"] if artists else None}
        ],
        "albums": [
            {"album_id": album["id"], "album_name": album["name"], "release_date": album["release_date"],
             "release_date_precision": album["release_date_precision"], "released_on": first_day(album["release_date"]),
             "album_total_tracks": album["total_tracks"], "album_url": album["external_urls"]["spotify"]}
        ] if album else [],
        "artists": [
            {"artist_id": each["id"], "artist_name": each["name"], "external_url": each["external_urls"]["spotify"]}
            for each in (*artists, *album.get("artists", ()))
        ],
        "song_artists": [
            {"song_id": track["id"], "artist_id": each["id"], "place": place} for place, each in enumerate(artists)
        ],
        "top_played": [{"playlist_id": playlist, **_listed(run, track)}],
    }  # fmt: skip


def _listed(run: str, track: Track) -> Row:
    album = track["album"] or {}
    return {"week": monday(run), "song_id": track["id"], "artist": leader(track), "track": track["name"],
            "track_pop": track["popularity"], "duration_ms": track["duration_ms"], "album_nm": album.get("name"),
            "album_dt": first_day(album.get("release_date"))}  # fmt: skip


def _aside() -> Table:
    columns = tuple(Column(name, "int" if name == "position" else "string") for name in
                    ("object", "position", "reason", "record", "source_run"))  # fmt: skip
    return Table(PLAYLIST_ENTRIES.set_aside, key=("object", "position"), columns=columns, partition=("source_run",))


def _set_aside(served: Served) -> list[Row]:
    return [
        {"object": f"raw/spotify/playlist/run={run}/{playlist}", "position": position, "reason": fault,
         "record": json.dumps(entry), "source_run": run}
        for (playlist, run), entries in served.entries.items()
        for position, entry in enumerate(entries)
        if (fault := fault_of(entry))
    ]  # fmt: skip


def _make(catalog: Catalog, name: tuple[str, str], bucket: str, table: Table, rows: list[Row]) -> None:
    types = {column.name: column.type for column in table.columns}
    if "source_run" not in types:
        types |= PLACE_COLUMNS
    schema = Schema(*(NestedField(number, name, TYPES[type_]) for number, (name, type_) in enumerate(types.items(), 1)))
    by = [PartitionField(schema.find_field(name).field_id, 1000 + at, IdentityTransform(), name)
          for at, name in enumerate(table.partition)]  # fmt: skip
    made = catalog.create_table(name, schema, f"s3://{bucket}/warehouse/{name[0]}/{name[1]}", PartitionSpec(*by))
    made.append(pa.Table.from_pylist(rows, made.schema().as_arrow()), snapshot_properties={"run_id": FAILED_RUN})


def _ledger(served: Served, s3: Any, glue: Any, database: str, bucket: str) -> None:
    curated = {("playlist", run) for _, run in served.entries} | {("popular", run) for _, run in served.found}
    rows = [run_row(f"spotify/{stream}/{run}", "curated", (9, 7, 1, 1, 4)) for stream, run in sorted(curated)]
    rows.append(run_row(f"spotify/playlist/{FAILED_RUN}", "failed", notes="new field items[].item.isrc"))
    for row in rows:
        key = ledger_key(RunName(row["source"], row["stream"], row["run"]))
        s3.put_object(Bucket=bucket, Key=key, Body=(json.dumps(row) + "\n").encode())
    glue.create_table(DatabaseName=database, TableInput={
        "Name": "runs", "TableType": "EXTERNAL_TABLE", "Parameters": {"classification": "json"},
        "StorageDescriptor": {
            "Location": f"s3://{bucket}/{LEDGER}",
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": {"SerializationLibrary": "org.apache.hive.hcatalog.data.JsonSerDe"},
            "Columns": [{"Name": name, "Type": type_} for name, (type_, _) in LEDGER_COLUMNS.items()],
        },
    })  # fmt: skip
