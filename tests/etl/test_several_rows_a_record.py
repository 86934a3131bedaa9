"""A table with several rows a record is as sure as any: conserved, repeatable, and the same whatever comes late."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from etl import spotify
from etl.conserve import Counts
from etl.curation import Batch, Curated, curate_all
from etl.errors import PageDiffers
from etl.manifests import Manifest
from etl.merge import Changed
from etl.raw import parse_records, read_records
from sources.spotify import ARTISTS, SPOTIFY

from .conftest import Answer

R1, R2, R3 = "20261121T110000Z", "20261122T110000Z", "20261123T110000Z"
LENIENT = replace(ARTISTS, at_most_bad=0.5)


@pytest.fixture
def curated(spark, database, pages):
    def into(of: str, *runs: Manifest, along: tuple[Manifest, ...] = (), transform: Any = spotify.artists) -> Curated:
        records = read_records(spark, pages.root, (*runs, *along), "items")
        rows = transform(parse_records(records, SPOTIFY.stream("playlist").record))
        tables = {replace(LENIENT, name=of): rows}
        return curate_all(spark, database, tables, Batch(runs, along), say=lambda _: None)[of]

    return into


@pytest.fixture
def run(pages):
    def stored(name: str, *songs: list[tuple[str | None, str]]) -> Manifest:
        """A run of one page: each record a song with these artists, by id and name."""
        items = [
            {"is_local": False, "item": {"artists": [{"id": id_, "name": called} for id_, called in song]}}
            for song in songs
        ]
        return pages.write_answers("spotify", "playlist", name, [Answer({"items": items}, len(items), "p1")])

    return stored


def test_runs_give_one_table_in_any_order_and_any_number_of_times(spark, database, curated, run):
    first, second, third = (
        run(R1, [("1", "A"), ("2", "A")], [("2", "B")]),
        run(R2, [("1", "B"), ("2", "B"), ("1", "C")]),
        run(R3, [("2", "B"), ("1", "A")]),
    )
    curated("in_order", first)
    curated("in_order", second, third)
    curated("late", third, second)
    curated("late", second, first, along=(third,))
    in_order, late = (
        sorted(tuple(row) for row in spark.table(f"{database}.{name}").collect()) for name in ("in_order", "late")
    )
    assert in_order == late == [("1", "A", None, R3, 1, 0), ("2", "B", None, R1, 1, 1)]


def test_each_row_is_counted_and_a_bad_one_is_set_aside_by_its_element(spark, database, curated, run):
    manifest = run(R1, [("1", "A"), (None, "B"), ("1", "A")], [("2", "C"), ("3", "")], [])
    for changed in (Changed(inserted=2), Changed()):
        done = curated("artists", manifest)
        assert done.counts == replace(done.counts, rows_in=6, merged=2, duplicates=1, set_aside=3)
        assert done.changed == changed
        aside = spark.table(f"{database}.artists_set_aside").select("position", "element", "reason").collect()
        assert sorted(map(tuple, aside)) == [(0, 1, "no artist_id"), (1, 1, "no artist_name"), (2, 0, "no artist_id")]


def test_a_transform_that_loses_a_record_or_invents_one_publishes_nothing(spark, database, curated, run):
    manifest = run(R1, [("1", "A"), ("2", "B")], [("3", "C")])
    for wrong in ("source_position = 0", "element = 1"):
        with pytest.raises(PageDiffers, match="its manifest says 2"):
            curated("artists", manifest, transform=lambda records, wrong=wrong: spotify.artists(records).where(wrong))
    assert spark.table(f"{database}.artists").count() == 0
    fewer = curated("artists", manifest, transform=lambda records: spotify.artists(records).where("element = 0"))
    assert fewer.counts == Counts(rows_in=2, merged=2)  # how many rows a record gives is the transform's to say
