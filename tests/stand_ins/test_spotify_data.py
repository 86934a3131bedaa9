"""The songs: the same on any machine, and as odd as promised."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from stand_ins.api import Request
from stand_ins.spotify import Spotify
from stand_ins.spotify_rows import fault_of_entry, track_of

FIRST = "StandInPlaylist0000001"


def page(api: Spotify, path: str = f"/v1/playlists/{FIRST}/items", **params: object) -> dict[str, Any]:
    body = api.answer(Request(path, {name: str(value) for name, value in params.items()})).payload
    return body.get("tracks", body)  # type: ignore[no-any-return]


def entries(api: Spotify, number: int = 0) -> list[Any]:
    path, size = f"/v1/playlists/{api.playlist_ids[number]}/items", api.tracks
    return [each for offset in range(0, size, 100) for each in page(api, path, offset=offset)["items"]]


def search(api: Spotify, offset: int, limit: int = 50, years: str = "year:2022-2023") -> list[Any]:
    return page(api, "/v1/search", q=years, type="track", limit=limit, offset=offset)["items"]  # type: ignore[no-any-return]


def is_song(entry: Any) -> bool:
    """Whether an entry has a song that every table can hold."""
    return fault_of_entry(entry) is None and all(track_of(entry).get(name) for name in ("id", "name"))


@pytest.fixture(scope="module")
def api() -> Spotify:
    return Spotify()


@pytest.fixture(scope="module")
def served(api: Spotify) -> list[Any]:
    return [entry for number in range(api.playlists) for entry in entries(api, number)]


@pytest.fixture(scope="module")
def good(served: list[Any]) -> list[dict[str, Any]]:
    return [entry for entry in served if is_song(entry)]


@pytest.fixture(scope="module")
def tracks(good: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [track_of(entry) for entry in good]


DAY_0 = "a105b64d98d473ae7f2375f49e997c7d8ce702e5c50df9fe23ee131666192254"
DAY_7 = "751a9dfe648a263a87b476d68eb61f1464a98275e65c65f5c10181cc4760e41e"


@pytest.mark.parametrize(("day", "expected"), [(0, DAY_0), (7, DAY_7)])
def test_the_same_seed_gives_the_same_bytes_on_any_machine(day: int, expected: str) -> None:
    api = Spotify(tracks=120, found=120, day=day)
    bodies = json.dumps([entries(api), entries(api, 1), search(api, 0), search(api, 50)]).encode()
    assert hashlib.sha256(bodies).hexdigest() == expected


def test_another_seed_gives_other_songs_under_the_same_playlists() -> None:
    one, other = (Spotify(seed=seed, tracks=60) for seed in (1, 2))
    assert one.playlist_ids == other.playlist_ids
    names = [{entry["item"]["id"] for entry in entries(api) if is_song(entry)} for api in (one, other)]
    assert not names[0] & names[1]


def test_a_playlist_holds_what_no_table_can(served: list[Any]) -> None:
    faults = Counter(fault_of_entry(entry) for entry in served)
    assert faults.keys() == {None, "removed track", "local file", "episode", "unreadable"}
    assert 0.95 * len(served) < sum(map(is_song, served)) < faults[None]


def test_a_local_file_has_a_name_and_nothing_that_spotify_knows(served: list[Any]) -> None:
    local = next(entry for entry in served if fault_of_entry(entry) == "local file")
    track = local["item"]
    assert local["is_local"] and track["name"] and (track["id"], track["external_urls"]) == (None, {})
    assert (track["album"]["id"], track["album"]["release_date"], track["artists"][0]["id"]) == (None, None, None)


def test_a_song_may_come_twice_on_one_playlist(api: Spotify) -> None:
    good = [entry for entry in entries(api) if is_song(entry)]
    times = Counter(entry["item"]["id"] for entry in good)
    twice = [[entry["added_at"] for entry in good if entry["item"]["id"] == id] for id, n in times.items() if n == 2]
    assert twice and all(first != second for first, second in twice)


def test_when_and_by_whom_a_song_was_added_may_each_be_null(good: list[dict[str, Any]]) -> None:
    seen = {(entry["added_at"] is None, entry["added_by"] is None) for entry in good}
    assert seen == {(False, False), (False, True), (True, False), (True, True)}


def test_playlists_share_songs(api: Spotify) -> None:
    ids = [{entry["item"]["id"] for entry in entries(api, n) if is_song(entry)} for n in (0, 1, 2)]
    assert ids[0] & ids[1] and ids[1] & ids[2] and not ids[0] & ids[2]


def test_release_dates_are_days_months_years_and_no_year(tracks: list[dict[str, Any]]) -> None:
    albums = [track["album"] for track in tracks if track["album"]]
    shapes = {(album["release_date_precision"], len(album["release_date"])) for album in albums}
    assert shapes == {("day", 10), ("month", 7), ("year", 4)}
    years = {album["release_date"] for album in albums if album["release_date_precision"] == "year"}
    assert "0000" in years and len(years) > 5


def test_some_songs_have_no_album(tracks: list[dict[str, Any]]) -> None:
    assert 0 < sum(track["album"] is None for track in tracks) < 0.05 * len(tracks)


def test_popularity_runs_from_0_to_100(tracks: list[dict[str, Any]]) -> None:
    seen = Counter(track["popularity"] for track in tracks)
    assert set(seen) <= set(range(101)) and max(seen) == 100
    assert seen[0] > 0.03 * len(tracks)


def test_a_song_may_have_40_artists(tracks: list[dict[str, Any]]) -> None:
    sizes = Counter(len({artist["id"] for artist in track["artists"]}) for track in tracks)
    assert sizes.keys() == {1, 3, 40}


def test_an_album_may_be_by_none_of_its_songs_artists(tracks: list[dict[str, Any]]) -> None:
    by_others = [
        track
        for track in tracks
        if track["album"] and track["album"]["artists"][0]["id"] not in {each["id"] for each in track["artists"]}
    ]
    assert "Various Artists" in {track["album"]["artists"][0]["name"] for track in by_others}


def test_neighbours_of_one_name_are_by_different_artists(tracks: list[dict[str, Any]]) -> None:
    pairs = [(one, other) for one, other in pairwise(tracks) if one["name"] == other["name"]]
    assert len(pairs) > 0.02 * len(tracks)
    assert all(one["artists"][0]["id"] != other["artists"][0]["id"] for one, other in pairs)


@pytest.mark.parametrize("nasty", [",", '"', "\n", "\r\n", "\N{FIRE}", "\\", "\N{LINE SEPARATOR}"])
def test_names_hold_what_breaks_careless_readers(tracks: list[dict[str, Any]], nasty: str) -> None:
    assert any(nasty in track["name"] for track in tracks)


def test_no_name_begins_or_ends_with_a_blank(tracks: list[dict[str, Any]]) -> None:
    names = {track["name"] for track in tracks} | {each["name"] for track in tracks for each in track["artists"]}
    assert all(name == name.strip() for name in names)


def test_each_day_a_share_of_the_songs_changes_popularity() -> None:
    apis = [Spotify(playlists=1, tracks=1_000, moved_per_day=0, day=day) for day in (0, 1)]
    before, after = ({row.song_id: row for row in api.truth().songs.rows} for api in apis)
    changed = [id for id in before if before[id] != after[id]]
    assert 5 <= len(changed) <= 20
    assert all(before[id]._replace(song_popularity=after[id].song_popularity) == after[id] for id in changed)


def test_each_day_songs_leave_at_the_head_and_enter_at_the_end() -> None:
    today, tomorrow = (entries(Spotify(tracks=50, moved_per_day=3, changed_share=0, day=day)) for day in (0, 1))
    assert tomorrow[:47] == today[3:]
    assert not {json.dumps(entry) for entry in tomorrow[47:]} & {json.dumps(entry) for entry in today}


def test_a_search_finds_songs_of_its_years_only() -> None:
    api = Spotify(found=200, bad_per_thousand=0)
    years = {track["album"]["release_date"][:4] for track in search(api, 0) + search(api, 50)}
    assert years == {"2022", "2023"}
    assert {track["album"]["release_date"][:4] for track in search(api, 0, years="year:1999")} == {"1999"}


def test_pages_of_a_search_overlap_and_the_repeat_is_newer() -> None:
    api = Spotify(overlap=3, bad_per_thousand=0)
    first, second = search(api, 0), search(api, 50)
    assert [track["id"] for track in second[:3]] == [track["id"] for track in first[-3:]]
    assert [track["popularity"] for track in second[:3]] == [min(t["popularity"] + 1, 100) for t in first[-3:]]
    assert len({track["id"] for track in first + second}) == 97


def test_a_search_finds_the_same_whatever_the_size_of_its_pages() -> None:
    api = Spotify(found=100)
    assert [each for offset in range(0, 100, 10) for each in search(api, offset, 10)] == search(api, 0) + search(
        api, 50
    )


def test_bad_records_of_a_search_are_as_many_as_asked_for() -> None:
    good, bad = Spotify(bad_per_thousand=0, found=1_000), Spotify(bad_per_thousand=100, found=1_000)
    assert not good.truth().popular_songs.set_aside
    assert 80 <= bad.truth().popular_songs.set_aside.total() <= 120


def test_an_app_in_development_mode_is_shown_no_popularity() -> None:
    api = Spotify(development=1, tracks=100)
    assert "popularity" not in json.dumps([entries(api), search(api, 0, 10)])
    assert {row.song_popularity for row in api.truth().songs.rows} == {None}
