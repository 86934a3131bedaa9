"""The truth: rules small enough to check by eye, and sums that come out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from stand_ins.spotify import Spotify
from stand_ins.spotify_rows import Album, Artist, Entry, Listed, Song, SongArtist, fault_of_entry, first_day
from stand_ins.spotify_truth import Served, work_out


def named(kind: str, id: str | None) -> dict[str, Any]:
    return {"id": id, "name": f"{kind} {id}", "external_urls": {"spotify": f"https://open/{kind}/{id}"}}


def track(id: str | None = "s1", **other: Any) -> dict[str, Any]:
    album = {
        **named("album", "al1"),
        "release_date": "2001",
        "release_date_precision": "year",
        "total_tracks": 9,
        "artists": [named("artist", "various")],
    }
    artists = [named("artist", "ar1"), named("artist", "ar2")]
    song = {**named("song", id), "type": "track", "duration_ms": 1_000, "popularity": 0, "artists": artists}
    return {**song, "album": album, **other}


def entry(
    of: Any, added_at: str | None = "2024-01-01T00:00:00Z", by: str | None = "ed", **other: Any
) -> dict[str, Any]:
    return {"added_at": added_at, "added_by": {"id": by} if by else None, "is_local": False, "item": of, **other}


def test_an_entry_fills_all_tables_of_its_playlist() -> None:
    truth = work_out([Served(0, 7, entry(track()), "p1")])
    assert truth.songs.rows == [
        Song("s1", "song s1", 1_000, "https://open/song/s1", 0, "2024-01-01T00:00:00Z", "al1", "ar1")
    ]
    assert truth.albums.rows == [
        Album("al1", "album al1", "2001", "year", date(2001, 1, 1), 9, "https://open/album/al1")
    ]
    assert truth.artists.rows == [
        Artist(id, f"artist {id}", f"https://open/artist/{id}") for id in ("ar1", "ar2", "various")
    ]
    assert truth.song_artists.rows == [SongArtist("s1", "ar1", 0), SongArtist("s1", "ar2", 1)]
    assert truth.playlist_entries.rows == [Entry("p1", 0, 7, "s1", "2024-01-01T00:00:00Z")]
    assert truth.top_played.rows == [
        Listed(0, "p1", "s1", "artist ar1", "song s1", 0, 1_000, "album al1", date(2001, 1, 1))
    ]
    assert truth.popular_songs.rows == []


def test_a_song_that_was_found_fills_the_popular_songs_alone() -> None:
    truth = work_out([Served(3, 0, track())])
    assert truth.popular_songs.rows == [
        Listed(3, None, "s1", "artist ar1", "song s1", 0, 1_000, "album al1", date(2001, 1, 1))
    ]
    assert not any(table.rows for table in truth.of_playlists)


def test_the_older_shape_of_an_entry_is_the_same() -> None:
    newer, older = entry(track()), entry(track())
    older["track"] = older.pop("item")
    newer_rows, older_rows = (work_out([Served(0, 0, each, "p1")]).songs.rows for each in (newer, older))
    assert newer_rows == older_rows


def test_the_last_served_of_one_key_holds() -> None:
    truth = work_out(
        [
            Served(0, 0, entry(track(popularity=5)), "p1"),
            Served(0, 1, entry(track(popularity=6), added_at="2024-02-02T00:00:00Z"), "p1"),
            Served(1, 0, entry(track(popularity=7), added_at=None), "p2"),
        ]
    )
    (song,), top = truth.songs.rows, truth.top_played.rows
    assert (song.song_popularity, song.song_added, [row.track_pop for row in top]) == (7, None, [6, 7])
    assert (truth.songs.rows_in, truth.songs.duplicates) == (3, 2)


def test_a_song_that_is_twice_on_a_playlist_is_one_song_and_two_entries() -> None:
    truth = work_out([Served(0, place, entry(track()), "p1") for place in (0, 5)])
    assert (len(truth.songs.rows), [row.position for row in truth.playlist_entries.rows]) == (1, [0, 5])


def test_songs_of_one_name_are_two() -> None:
    truth = work_out(
        [Served(0, 0, entry(track("s1", name="Same")), "p1"), Served(0, 1, entry(track("s2", name="Same")), "p1")]
    )
    assert [(row.song_id, row.song_name) for row in truth.songs.rows] == [("s1", "Same"), ("s2", "Same")]


def test_a_song_without_an_album_is_kept() -> None:
    truth = work_out([Served(0, 0, entry(track(album=None)), "p1")])
    assert (truth.songs.rows[0].album_id, truth.top_played.rows[0].album_dt) == (None, None)
    assert truth.albums.rows == [] and len(truth.artists.rows) == 2


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        (entry(track()), None),
        (None, "unreadable"),
        ("2024-01-01", "unreadable"),
        (entry("a name"), "unreadable"),
        (entry(None), "removed track"),
        (entry(track(id=None), is_local=True), "local file"),
        (entry(track(id=None, is_local=True)), "local file"),
        (entry(track(type="episode")), "episode"),
    ],
)
def test_what_no_table_can_hold_is_set_aside_in_all_of_them(record: Any, fault: str | None) -> None:
    assert fault_of_entry(record) == fault
    for table in work_out([Served(0, 0, record, "p1")]).of_playlists:
        assert table.set_aside == ({fault: table.rows_in} if fault else {})
        assert bool(table.rows) == (fault is None)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [({"id": None}, "no song_id"), ({"name": None}, "no song_name"), ({"name": ""}, "no song_name")],
)
def test_a_song_without_id_or_name_is_set_aside_and_its_album_and_artists_are_not(
    wrong: dict[str, Any], reason: str
) -> None:
    truth = work_out([Served(0, 0, entry(track(**wrong)), "p1")])
    assert (truth.songs.set_aside, truth.songs.rows) == ({reason: 1}, [])
    assert (len(truth.albums.rows), len(truth.artists.rows)) == (1, 3)
    assert len(truth.playlist_entries.rows) == ("id" not in wrong)


def test_an_entry_of_a_song_without_an_album_is_set_aside_of_the_albums_alone() -> None:
    truth = work_out([Served(0, 0, entry(track(album=None)), "p1")])
    assert [table.set_aside.total() for table in truth.of_playlists] == [1, 0, 0, 0, 0, 0]
    assert truth.albums.set_aside == {"no album": 1}


def test_nothing_where_a_song_should_be_found_is_set_aside() -> None:
    truth = work_out([Served(0, 0, None), Served(0, 1, track(id=""))])
    assert truth.popular_songs.set_aside == {"unreadable": 1, "no song_id": 1}


@pytest.mark.parametrize(
    ("released", "day"),
    [("2001-05-09", date(2001, 5, 9)), ("2001-05", date(2001, 5, 1)), ("2001", date(2001, 1, 1)), ("0000", None)],
)
def test_a_release_is_dated_by_the_first_day_of_what_is_known(released: str, day: date | None) -> None:
    assert first_day(released) == day


@pytest.mark.parametrize("days", [[0], [3], [0, 1, 2], [2, 0], []])
def test_what_was_read_is_in_a_table_a_duplicate_or_set_aside(days: list[int]) -> None:
    truth = Spotify(tracks=120, found=120, bad_per_thousand=50).truth(days)
    assert truth.read == ({"playlists": 360 * len(days), "search": 120 * len(days)} if days else {})
    for table in (truth.songs, truth.playlist_entries, truth.top_played, truth.albums):
        assert truth.read["playlists"] == len(table.rows) + table.duplicates + table.set_aside.total()
    found = truth.popular_songs
    assert truth.read["search"] == len(found.rows) + found.duplicates + found.set_aside.total()
    assert not days or all(table.set_aside for table in (*truth.of_playlists, found))


def test_reading_a_day_again_changes_no_table() -> None:
    api = Spotify(tracks=60, found=60)
    once, twice = api.truth([0, 1]), api.truth([0, 1, 1])
    for table in ("albums", "artists", "songs", "song_artists", "playlist_entries", "popular_songs", "top_played"):
        assert getattr(once, table).rows == getattr(twice, table).rows != []


def test_the_order_of_days_decides_which_row_holds() -> None:
    api = Spotify(tracks=100, found=0, changed_share=0.5, moved_per_day=0)
    first, second = api.truth([0]).songs.rows, api.truth([1]).songs.rows
    assert api.truth([0, 1]).songs.rows == second != first == api.truth([1, 0]).songs.rows


def test_the_lists_have_the_songs_of_each_day() -> None:
    truth = Spotify(tracks=20, found=20, moved_per_day=2, overlap=0, bad_per_thousand=0).truth([0, 1, 2])
    assert [sum(row.day == day for row in truth.popular_songs.rows) for day in (0, 1, 2)] == [20, 20, 20]
    assert {(row.day, row.playlist_id) for row in truth.top_played.rows} == {
        (day, id) for day in (0, 1, 2) for id in Spotify().playlist_ids
    }


def test_today_is_meant_where_no_day_is_given() -> None:
    api = Spotify(tracks=60, day=3)
    assert api.truth().songs.rows == api.truth([3]).songs.rows != api.truth([0]).songs.rows


def test_every_song_has_its_album_and_its_artists() -> None:
    truth = Spotify(tracks=120, bad_per_thousand=0).truth()
    artists, albums = ({row[0] for row in rows} for rows in (truth.artists.rows, truth.albums.rows))
    assert {row.artist_id for row in truth.song_artists.rows} <= artists
    assert {row.album_id for row in truth.songs.rows} - {None} == albums
    assert {row.song_id for row in truth.playlist_entries.rows} == {row.song_id for row in truth.songs.rows}
