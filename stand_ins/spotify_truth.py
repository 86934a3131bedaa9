"""What a lake must hold that has read Spotify: worked out here in plain Python, from what is served.

Playlists fill all tables but ``popular_songs``, which the search fills; ``top_played`` is the first playlist alone.
Of rows with one key the one served last holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from stand_ins.spotify_rows import (
    NO_TRACK,
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
    is_top: bool = False


class Held(Generic[R]):
    """The rows of one table, the last for each key. The first ``key`` columns are the key."""

    def __init__(self, key: int) -> None:
        self._key = key
        self._rows: dict[tuple[Any, ...], R] = {}
        self.rows_in = 0

    def add(self, *rows: R) -> None:
        for row in rows:
            self.rows_in += 1
            self._rows[row[: self._key]] = row

    @property
    def rows(self) -> list[R]:
        """In the order of their keys."""
        return [row for _key, row in sorted(self._rows.items())]

    @property
    def duplicates(self) -> int:
        return self.rows_in - len(self._rows)


@dataclass
class Truth:
    """The tables, and the records that were read and set aside, by where they come from.

    ``read = set aside + rows_in`` of ``songs`` and ``playlist_entries`` for the playlists, of ``top_played`` for the
    top one, of ``popular_songs`` for the search. An album or an artist comes as often as the songs that name it.
    """

    albums: Held[Album] = field(default_factory=lambda: Held(1))
    artists: Held[Artist] = field(default_factory=lambda: Held(1))
    songs: Held[Song] = field(default_factory=lambda: Held(1))
    song_artists: Held[SongArtist] = field(default_factory=lambda: Held(2))
    playlist_entries: Held[Entry] = field(default_factory=lambda: Held(3))
    popular_songs: Held[Listed] = field(default_factory=lambda: Held(1))
    top_played: Held[Listed] = field(default_factory=lambda: Held(1))
    read: Counter[str] = field(default_factory=Counter)
    set_aside: dict[str, Counter[str]] = field(default_factory=dict)

    def count(self, origin: str, fault: str | None) -> None:
        self.read[origin] += 1
        if fault:
            self.set_aside.setdefault(origin, Counter())[fault] += 1


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
    fault = NO_TRACK if served.record is None else fault_of(served.record)
    truth.count("search", fault)
    if not fault:
        truth.popular_songs.add(listed(served.record, served.day))


def _add_entry(truth: Truth, served: Served, playlist_id: str) -> None:
    entry, fault = served.record, fault_of_entry(served.record)
    truth.count("playlists", fault)
    if served.is_top:
        truth.count("top playlist", fault)
    if fault:
        return
    track, by = track_of(entry), entry["added_by"]
    place = (playlist_id, served.day, served.position)
    truth.playlist_entries.add(Entry(*place, track["id"], entry["added_at"], by["id"] if by else None))
    truth.songs.add(song(track, entry["added_at"]))
    truth.song_artists.add(*song_artists(track))
    truth.artists.add(*map(artist, track["artists"]))
    if track["album"]:
        truth.albums.add(album(track["album"]))
        truth.artists.add(*map(artist, track["album"]["artists"]))
    if served.is_top:
        truth.top_played.add(listed(track, served.day))
