"""The rows that a lake makes of the records that Spotify serves. What is missing is None, and so is an empty name."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

Record = dict[str, Any]

UNREADABLE, REMOVED, LOCAL_FILE, EPISODE = "unreadable", "removed track", "local file", "episode"
NO_ALBUM = "no album"


class Album(NamedTuple):
    """``released_on`` is the first day that the date served can mean, None where it has no year."""

    album_id: str | None
    album_name: str | None
    release_date: str
    release_date_precision: str
    released_on: date | None
    album_total_tracks: int
    album_url: str


class Artist(NamedTuple):
    artist_id: str | None
    artist_name: str | None
    external_url: str


class Song(NamedTuple):
    """``artist_id`` is the first of the song's own artists, not of its album's."""

    song_id: str | None
    song_name: str | None
    duration_ms: int
    song_url: str
    song_popularity: int | None
    song_added: str | None
    album_id: str | None
    artist_id: str


class SongArtist(NamedTuple):
    """``place`` counts from 0, the leading artist."""

    song_id: str | None
    artist_id: str
    place: int


class Entry(NamedTuple):
    """A place of a playlist on a day. Nothing else tells entries apart: a song may come twice, a date may be null."""

    playlist_id: str
    day: int
    position: int
    song_id: str | None
    added_at: str | None


class Listed(NamedTuple):
    """A song of a list on a day. A search is no playlist."""

    day: int
    playlist_id: str | None
    song_id: str | None
    artist: str
    track: str | None
    track_pop: int | None
    duration_ms: int
    album_nm: str | None
    album_dt: date | None


def track_of(entry: Any) -> Any:
    """The track of an entry of a playlist, in the newer shape or the older."""
    return entry.get("item", entry.get("track")) if isinstance(entry, dict) else entry


def fault_of(track: Any, is_local: bool = False) -> str | None:
    """Why a track is set aside in every table, or None where it is not."""
    if not isinstance(track, dict):
        return UNREADABLE
    if is_local or track.get("is_local"):
        return LOCAL_FILE
    return EPISODE if track.get("type") == "episode" else None


def fault_of_entry(entry: Any) -> str | None:
    if not isinstance(entry, dict):
        return UNREADABLE
    track = track_of(entry)
    return REMOVED if track is None else fault_of(track, entry["is_local"])


def first_day(released: str) -> date | None:
    """``2001-05`` is the first of May 2001; ``0000`` is no day."""
    year, month, day = (*map(int, released.split("-")), 1, 1)[:3]
    return date(year, month, day) if year else None


def album(record: Record) -> Album:
    return Album(
        **_named("album", record),
        release_date=record["release_date"],
        release_date_precision=record["release_date_precision"],
        released_on=first_day(record["release_date"]),
        album_total_tracks=record["total_tracks"],
        album_url=record["external_urls"]["spotify"],
    )


def artist(record: Record) -> Artist:
    return Artist(**_named("artist", record), external_url=record["external_urls"]["spotify"])


def song(track: Record, added_at: str | None) -> Song:
    return Song(
        **_named("song", track),
        duration_ms=track["duration_ms"],
        song_url=track["external_urls"]["spotify"],
        song_popularity=track.get("popularity"),
        song_added=added_at,
        album_id=track["album"]["id"] if track["album"] else None,
        artist_id=track["artists"][0]["id"],
    )


def song_artists(track: Record) -> list[SongArtist]:
    return [SongArtist(track.get("id"), each["id"], place) for place, each in enumerate(track["artists"])]


def listed(track: Record, day: int, playlist_id: str | None = None) -> Listed:
    of = track["album"]
    return Listed(
        day=day,
        playlist_id=playlist_id,
        song_id=track.get("id") or None,
        artist=track["artists"][0]["name"],
        track=track.get("name") or None,
        track_pop=track.get("popularity"),
        duration_ms=track["duration_ms"],
        album_nm=of["name"] if of else None,
        album_dt=first_day(of["release_date"]) if of else None,
    )


def _named(kind: str, record: Record) -> dict[str, Any]:
    return {f"{kind}_id": record.get("id") or None, f"{kind}_name": record.get("name") or None}
