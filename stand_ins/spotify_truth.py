"""What a lake must hold that has read Spotify: worked out here in plain Python, from what is served.

Playlists fill all tables but ``popular_songs``, which the search fills. Of rows with one key the one served last holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from stand_ins.spotify_rows import (
    NO_ALBUM,
    Album,
    Artist,
    Entry,
    Listed,
    Song,
    SongArtist,
    album,
    artist,
    fault_of,
    fault_of_entry,
    listed,
    song,
    song_artists,
    track_of,
)

R = TypeVar("R", bound=tuple[Any, ...])


class Served(NamedTuple):
    """A record and where it was served: at a place of a playlist, or of the search where there is no playlist."""

    day: int
    position: int
    record: Any
    playlist_id: str | None = None


class Held(Generic[R]):
    """The rows of one table, the last for each key, and how many rows were set aside, by reason.

    The first ``key`` columns are the key. A row needs the columns that are ``required``.
    """

    def __init__(self, key: int, *required: str) -> None:
        self._key = key
        self._required = required
        self._rows: dict[tuple[Any, ...], R] = {}
        self.set_aside: Counter[str] = Counter()
        self.rows_in = 0

    def add(self, *rows: R) -> None:
        for row in rows:
            missing = next((name for name in self._required if getattr(row, name) is None), None)
            if missing:
                self.leave_out(f"no {missing}")
            else:
                self.rows_in += 1
                self._rows[row[: self._key]] = row

    def leave_out(self, reason: str) -> None:
        self.rows_in += 1
        self.set_aside[reason] += 1

    @property
    def rows(self) -> list[R]:
        """In the order of their keys."""
        return [row for _key, row in sorted(self._rows.items())]

    @property
    def duplicates(self) -> int:
        return self.rows_in - len(self._rows) - self.set_aside.total()


@dataclass
class Truth:
    """The tables, and the records that were read, by where they come from.

    A record gives one row, good or set aside, to each table of its origin; as many rows as it names artists to
    ``artists`` and ``song_artists``.
    """

    albums: Held[Album] = field(default_factory=lambda: Held(1, "album_id", "album_name"))
    artists: Held[Artist] = field(default_factory=lambda: Held(1, "artist_id", "artist_name"))
    songs: Held[Song] = field(default_factory=lambda: Held(1, "song_id", "song_name"))
    song_artists: Held[SongArtist] = field(default_factory=lambda: Held(2, "song_id", "artist_id"))
    playlist_entries: Held[Entry] = field(default_factory=lambda: Held(3, "song_id"))
    popular_songs: Held[Listed] = field(default_factory=lambda: Held(3, "song_id", "track"))
    top_played: Held[Listed] = field(default_factory=lambda: Held(3, "song_id", "track"))
    read: Counter[str] = field(default_factory=Counter)

    @property
    def of_playlists(self) -> tuple[Held[Any], ...]:
        return (self.albums, self.artists, self.songs, self.song_artists, self.playlist_entries, self.top_played)


def work_out(served: Iterable[Served]) -> Truth:
    """The truth about records in the order in which they were served."""
    truth = Truth()
    for each in served:
        if each.playlist_id is None:
            _add_found(truth, each)
        else:
            _add_entry(truth, each, each.playlist_id)
    return truth


def _add_found(truth: Truth, served: Served) -> None:
    truth.read["search"] += 1
    fault = fault_of(served.record)
    if fault:
        truth.popular_songs.leave_out(fault)
    else:
        truth.popular_songs.add(listed(served.record, served.day))


def _add_entry(truth: Truth, served: Served, playlist_id: str) -> None:
    truth.read["playlists"] += 1
    entry, fault = served.record, fault_of_entry(served.record)
    if fault:
        for table in truth.of_playlists:
            table.leave_out(fault)
        return
    track = track_of(entry)
    truth.songs.add(song(track, entry["added_at"]))
    truth.song_artists.add(*song_artists(track))
    truth.artists.add(*map(artist, track["artists"]))
    truth.playlist_entries.add(Entry(playlist_id, served.day, served.position, track.get("id"), entry["added_at"]))
    truth.top_played.add(listed(track, served.day, playlist_id))
    if track["album"]:
        truth.albums.add(album(track["album"]))
        truth.artists.add(*map(artist, track["album"]["artists"]))
    else:
        truth.albums.leave_out(NO_ALBUM)
