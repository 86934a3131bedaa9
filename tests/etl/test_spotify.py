"""Records of Spotify to rows: what each table takes of an entry, and what it leaves out."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from etl import spotify
from etl.quality import judge
from etl.raw import ROWS, parse_records
from sources.spotify import SPOTIFY

from .conftest import frame

RUN = "20261126T110000Z"  # a Thursday
ARTISTS = [
    {"id": "ar1", "name": 'Fern, "Moss"\n\N{FIRE}', "external_urls": {"spotify": "u1"}},
    {"id": "ar2", "name": "B", "external_urls": {}},
]
ALBUM = {
    "id": "al1",
    "name": "A",
    "release_date": "2001-05",
    "release_date_precision": "month",
    "total_tracks": 9,
    "external_urls": {"spotify": "ua"},
    "artists": [{"id": "various", "name": "Various"}],
}
TRACK = {
    "id": "s1",
    "name": " So, long ",
    "type": "track",
    "duration_ms": 1_000,
    "popularity": 0,
    "external_urls": {"spotify": "us"},
    "artists": ARTISTS,
    "album": ALBUM,
}


def entry(of: Any = TRACK, added_at: str | None = "2024-01-02T03:04:05Z", **other: Any) -> dict[str, Any]:
    return {"added_at": added_at, "added_by": None, "is_local": False, "item": of, **other}


def track(**other: Any) -> dict[str, Any]:
    return TRACK | other


@pytest.fixture
def rows(spark):
    """What a table holds of records of a playlist, or of a search: its columns, or the reason why it has none."""

    def made(name: str, *records: Any) -> list[Any]:
        stream = next(stream for stream in SPOTIFY.streams if name in {table.name for table in stream.feeds})
        table = next(table for table in stream.feeds if table.name == name)
        texts = [json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records]
        given = [(RUN, 2, n, "p1", 100 + n, "page", text) for n, text in enumerate(texts)]
        parsed = parse_records(frame(spark, given, ROWS), stream.record)
        found = judge(spotify.TRANSFORMS[name](parsed), table).orderBy("source_position", "element").collect()
        return [row.reason or tuple(row[column.name] for column in table.columns) for row in found]

    return made


def test_a_song_has_the_first_of_its_own_artists(rows):
    added = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC).astimezone().replace(tzinfo=None)
    assert rows("songs", entry(), entry(track(album=None, artists=[], popularity=None), added_at=None)) == [
        ("s1", " So, long ", 1_000, "us", 0, added, "al1", "ar1"),
        ("s1", " So, long ", 1_000, "us", None, None, None, None),
    ]


def test_an_album_is_that_of_the_song(rows):
    found = rows("albums", entry(), entry(track(album=None)), entry(track(id=None)))
    album = ("al1", "A", "2001-05", "month", date(2001, 5, 1), 9, "ua")
    assert found == [album, "no album", album]


def test_artists_are_those_of_the_song_and_of_its_album(rows):
    found = rows("artists", entry(), entry(track(artists=None, album=None)), entry(track(artists=[None], album=None)))
    own = [("ar1", 'Fern, "Moss"\n\N{FIRE}', "u1"), ("ar2", "B", None)]
    assert found == [*own, ("various", "Various", None), "no artist_id", "no artist_id"]


def test_the_artists_of_a_song_keep_their_order(rows):
    assert rows("song_artists", entry(), entry(track(artists=ARTISTS[::-1]))) == [
        ("s1", "ar1", 0),
        ("s1", "ar2", 1),
        ("s1", "ar2", 0),
        ("s1", "ar1", 1),
    ]


def test_an_entry_stands_at_its_place_on_the_playlist(rows):
    assert rows("playlist_entries", entry(added_at=None), entry(track(id="s2"), added_at="yesterday")) == [
        ("p1", RUN, date(2026, 11, 26), 100, "s1", None),
        ("p1", RUN, date(2026, 11, 26), 101, "s2", None),
    ]


def test_a_list_is_of_a_week_from_monday_on(rows):
    listed = ("s1", 'Fern, "Moss"\n\N{FIRE}', " So, long ", 0, 1_000, "A", date(2001, 5, 1))
    assert rows("top_played", entry()) == [(date(2026, 11, 23), "p1", *listed)]
    assert rows("popular_songs", TRACK, track(album=None, popularity=None)) == [
        (date(2026, 11, 23), "p1", *listed),
        (date(2026, 11, 23), "p1", "s1", 'Fern, "Moss"\n\N{FIRE}', " So, long ", None, 1_000, None, None),
    ]


@pytest.mark.parametrize("table", [table.name for table in SPOTIFY.stream("playlist").feeds])
def test_what_is_no_song_is_left_out_with_its_reason_as_one_row(rows, table):
    left_out = {
        "removed track": [entry(None)],
        "local file": [entry(is_local=True), entry(track(is_local=True))],
        "episode": [entry(track(type="episode"))],
        "unreadable": [None, "2024", entry("a name"), entry(track(artists=[{"name": {}}, {"id": "ar3"}]))],
    }
    found = rows(table, *(record for records in left_out.values() for record in records))
    assert found == [reason for reason, records in left_out.items() for _ in records]


def test_a_search_has_no_removed_tracks(rows):
    odd = [None, "name", track(type="episode"), track(is_local=True), track(id=""), track(name=" \t")]
    assert rows("popular_songs", *odd) == [
        "unreadable", "unreadable", "episode", "local file", "no song_id", "no track",
    ]  # fmt: skip


def test_a_release_is_dated_by_the_first_day_that_it_can_mean(rows):
    dates = {
        "2001": date(2001, 1, 1),
        "2001-05": date(2001, 5, 1),
        "2001-05-14": date(2001, 5, 14),
        "0000": None,
        "0000-00-00": None,
        "2001-13": None,
        "2001-02-30": None,
        "2001-5-4": None,
        "sometime": None,
        "": None,
    }
    found = rows("albums", *(entry(track(album=ALBUM | {"release_date": text})) for text in dates))
    assert {row[2]: row[4] for row in found} == dates


def test_the_older_shape_of_an_entry_gives_the_same_row(rows):
    older = entry()
    older["track"] = older.pop("item")
    newer_row, older_row = rows("songs", entry(), older)
    assert newer_row == older_row
