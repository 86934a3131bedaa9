"""The rows that a lake makes of the records that Spotify serves."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

Record = dict[str, Any]

NOT_AN_OBJECT, NO_TRACK, LOCAL_FILE = "not an object", "no track", "local file"
EPISODE, NO_ID, NO_NAME = "episode", "no id", "no name"


class Album(NamedTuple):
    """``release_date`` is the first day of what is known, None where no year is; ``released`` is what was served."""

    album_id: str
    album_name: str
    release_date: date | None
    release_date_precision: str
    released: str
    album_total_tracks: int
    album_url: str


class Artist(NamedTuple):
    artist_id: str
    artist_name: str
    external_url: str


class Song(NamedTuple):
    """``artist_id`` is the first of the song's own artists, not of its album's."""

    song_id: str
    song_name: str
    duration_ms: int
    song_url: str
    song_popularity: int | None
    song_added: str | None
    album_id: str | None
    artist_id: str


class SongArtist(NamedTuple):
    """``place`` counts from 0, the leading artist."""

    song_id: str
    artist_id: str
    place: int


class Entry(NamedTuple):
    """A place of a playlist on a day. Nothing else tells entries apart: a song may come twice, a date may be null."""

    playlist_id: str
    day: int
    position: int
    song_id: str
    added_at: str | None
    added_by: str | None


class Listed(NamedTuple):
    """A song of one of the two lists, as it was on the day it was last there."""

    song_id: str
    artist: str
    track: str
    track_pop: int | None
    duration_ms: int
    album_nm: str | None
    album_dt: date | None
    day: int


def track_of(entry: Any) -> Any:
    """The track of an entry of a playlist, in the newer shape or the older."""
    return entry.get("item", entry.get("track")) if isinstance(entry, dict) else entry


def fault_of(track: Any, is_local: bool = False) -> str | None:
    """Why a track is set aside, or None where it is good."""
    if not isinstance(track, dict):
        return NOT_AN_OBJECT
    if is_local or track.get("is_local"):
        return LOCAL_FILE
    if track.get("type") == "episode":
        return EPISODE
    if not track.get("id"):
        return NO_ID
    return None if track.get("name") else NO_NAME


def fault_of_entry(entry: Any) -> str | None:
    if not isinstance(entry, dict):
        return NOT_AN_OBJECT
    track = track_of(entry)
    return NO_TRACK if track is None else fault_of(track, entry["is_local"])


def first_day(released: str) -> date | None:
    """``2001-05`` is the first of May 2001; ``0000`` is no day."""
    year, month, day = (*map(int, released.split("-")), 1, 1)[:3]
    return date(year, month, day) if year else None


def album(record: Record) -> Album:
    return Album(
        album_id=record["id"],
        album_name=record["name"],
        release_date=first_day(record["release_date"]),
        release_date_precision=record["release_date_precision"],
        released=record["release_date"],
        album_total_tracks=record["total_tracks"],
        album_url=record["external_urls"]["spotify"],
    )


def artist(record: Record) -> Artist:
    return Artist(record["id"], record["name"], record["external_urls"]["spotify"])


def song(track: Record, added_at: str | None) -> Song:
    return Song(
        song_id=track["id"],
        song_name=track["name"],
        duration_ms=track["duration_ms"],
        song_url=track["external_urls"]["spotify"],
        song_popularity=track.get("popularity"),
        song_added=added_at,
        album_id=track["album"]["id"] if track["album"] else None,
        artist_id=track["artists"][0]["id"],
    )


def song_artists(track: Record) -> list[SongArtist]:
    return [SongArtist(track["id"], each["id"], place) for place, each in enumerate(track["artists"])]


def listed(track: Record, day: int) -> Listed:
    of = track["album"]
    return Listed(
        song_id=track["id"],
        artist=track["artists"][0]["name"],
        track=track["name"],
        track_pop=track.get("popularity"),
        duration_ms=track["duration_ms"],
        album_nm=of["name"] if of else None,
        album_dt=first_day(of["release_date"]) if of else None,
        day=day,
    )
