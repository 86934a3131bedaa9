"""Days of Spotify from the stand-in's pages into the tables: all of them are what the stand-in says they must be."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from etl import work
from etl.conserve import Counts
from etl.curation import Curated
from etl.manifests import Manifest
from etl.merge import Changed
from sources import SOURCES
from sources.layout import RunName
from sources.spotify import SPOTIFY
from stand_ins.spotify import Spotify

from .conftest import Pages
from .spotify_runs import playlist_run, search_run

API = Spotify(playlists=2, tracks=110, found=70, bad_per_thousand=20, moved_per_day=2)
RUNS = {0: "20261124T110000Z", 1: "20261125T110000Z"}  # Tuesday and Wednesday
TABLES = {table.name: table for table in SPOTIFY.tables}
OF_PLAYLISTS = [table.name for table in SPOTIFY.stream("playlist").feeds]


class Lake:
    """Runs of Spotify in a folder, and the tables of a database that they go into."""

    def __init__(self, spark: Any, folder: Any) -> None:
        self.spark = spark
        self.pages = Pages(folder)
        self.database = f"glue_catalog.spotify_{uuid.uuid4().hex[:8]}"
        spark.sql(f"CREATE DATABASE {self.database}")
        self.manifests: dict[RunName, Manifest] = {}

    def store(self, stream: str, run: str, answers: list[Any]) -> RunName:
        manifest = self.pages.write_answers("spotify", stream, run, answers)
        self.manifests[manifest.name] = manifest
        return manifest.name

    def curate(self, *names: RunName) -> dict[str, Curated]:
        lake = work.Lake(None, "raw", self.pages.root, self.database)
        return work.curate_runs(self.spark, lake, "spotify", names, {}, say=lambda _: None)

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        """The rows of a table in the order of their keys, times as numbers."""
        table = TABLES[name]
        columns = [
            f"unix_seconds({column.name})" if column.type == "timestamptz" else column.name for column in table.columns
        ]
        self.spark.catalog.refreshTable(f"{self.database}.{name}")
        found = self.spark.table(f"{self.database}.{name}").selectExpr(*columns)
        return sorted((tuple(row) for row in found.collect()), key=repr)

    def set_aside(self, name: str) -> dict[str, int]:
        found = self.spark.table(f"{self.database}.{name}_set_aside").groupBy("reason").count()
        return dict(tuple(row) for row in found.collect())


@pytest.fixture(scope="module")
def lake(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    lake = Lake(spark, tmp_path_factory.mktemp("spotify"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(SOURCES, "spotify", SPOTIFY)
        patch.setattr(work, "read_manifest", lambda _s3, _bucket, name: lake.manifests[name])
        patch.setattr(work, "newer_runs", lambda *_: [])
        yield lake


@pytest.fixture(scope="module")
def done(lake: Lake) -> dict[int, dict[str, Curated]]:
    """What became of each day: the playlists on both, the first in the older shape; the search on the second."""
    first = lake.store("playlist", RUNS[0], playlist_run(API, 0, "tracks"))
    second = lake.store("playlist", RUNS[1], playlist_run(API, 1))
    found = lake.store("popular", RUNS[1], search_run(API, 1))
    return {0: lake.curate(first), 1: lake.curate(second, found)}


def expected(name: str, days: tuple[int, ...] = (0, 1)) -> list[tuple[Any, ...]]:
    """What the stand-in says of a table, with runs and weeks for its days."""
    truth = getattr(API.truth(days), name).rows
    if name == "playlist_entries":
        return in_order(
            (row.playlist_id, RUNS[row.day], day_of(row.day), row.position, row.song_id, seconds(row.added_at))
            for row in truth
        )
    if name == "songs":
        return in_order(tuple(row._replace(song_added=seconds(row.song_added))) for row in truth)
    if name in ("top_played", "popular_songs"):
        newest = {(week_of(row.day), row.playlist_id or "2022-2023", row.song_id): row[3:] for row in truth}
        return in_order((*key, *values) for key, values in newest.items())
    return in_order(map(tuple, truth))


def by_key(name: str, rows: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    columns = [column.name for column in TABLES[name].columns]
    key = [columns.index(column) for column in TABLES[name].key]
    return {tuple(row[place] for place in key): row for row in rows}


def in_order(rows: Any) -> list[tuple[Any, ...]]:
    return sorted(rows, key=repr)


def day_of(day: int) -> date:
    return datetime.strptime(RUNS[day][:8], "%Y%m%d").replace(tzinfo=UTC).date()


def week_of(day: int) -> date:
    return day_of(day) - timedelta(days=day_of(day).weekday())


def seconds(moment: str | None) -> int | None:
    return None if moment is None else int(datetime.fromisoformat(moment).timestamp())


@pytest.mark.parametrize("name", OF_PLAYLISTS)
def test_after_two_days_a_table_of_the_playlists_is_the_truth(lake, done, name):
    rows = lake.rows(name)
    assert rows == expected(name) != []
    assert lake.set_aside(name) == dict(getattr(API.truth([0, 1]), name).set_aside)


def test_the_songs_that_were_found_are_the_truth(lake, done):
    assert lake.rows("popular_songs") == expected("popular_songs", (1,)) != []
    assert lake.set_aside("popular_songs") == dict(API.truth([1]).popular_songs.set_aside)


@pytest.mark.parametrize("name", OF_PLAYLISTS)
def test_the_second_day_is_counted_by_its_rows_and_only_news_is_written(done, name):
    held = getattr(API.truth([1]), name)
    before, after, mine = (by_key(name, expected(name, days)) for days in ((0,), (0, 1), (1,)))
    unchanged = sum(before.get(row) == after[row] for row in mine)
    inserted = len(after.keys() - before.keys())
    counts = done[1][name].counts
    bad = sum(count for reason, count in held.set_aside.items() if reason not in TABLES[name].expects)
    assert counts == Counts(held.rows_in, len(mine), held.duplicates, held.set_aside.total(), unchanged, bad)
    assert done[1][name].changed == Changed(inserted, len(mine) - unchanged - inserted)
