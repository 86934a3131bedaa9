"""What is on a playlist, and what a search finds: which song stands at which place on which day.

From day to day some songs leave at the head of a list and as many enter at its end, so all others change places.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from itertools import islice
from typing import Any

from stand_ins.chance import pick
from stand_ins.spotify_names import USERS
from stand_ins.spotify_songs import Record, Songs

FIRST_ADDED = datetime(2023, 1, 1, tzinfo=UTC)
BLOCK = 50  # the first of each so many places of a search repeat the last of the ones before
_APART = 11  # places between a song and its second entry
_CYCLE = 1_000


class Kind(Enum):
    """What is odd about an entry of a playlist."""

    PLAIN = auto()
    REMOVED = auto()  # the track is null
    LOCAL = auto()  # a file of somebody's own, without an id
    EPISODE = auto()
    SECOND = auto()  # a song that is on the playlist already
    UNDATED = auto()  # added_at, added_by or both are null
    BAD = auto()


_PER_CYCLE = {Kind.REMOVED: 10, Kind.LOCAL: 12, Kind.EPISODE: 8, Kind.SECOND: 16, Kind.UNDATED: 24}
MOST_BAD = _CYCLE - sum(_PER_CYCLE.values())


def kinds(bad_per_thousand: int) -> list[Kind]:
    """The kinds of a thousand entries, each spread evenly."""
    dealt = [kind for kind, count in _PER_CYCLE.items() for _ in range(count)] + [Kind.BAD] * bad_per_thousand
    dealt += [Kind.PLAIN] * (_CYCLE - len(dealt))
    return [dealt[number * 309 % _CYCLE] for number in range(_CYCLE)]


class Playlist:
    """One playlist: ``entry(place, day)`` is what is served there."""

    def __init__(self, number: int, size: int, moved_per_day: int, songs: Songs, dealt: list[Kind]) -> None:
        self.size = size
        self._number = number
        self._moved = moved_per_day
        self._songs = songs
        self._dealt = dealt

    def entry(self, place: int, day: int, field: str) -> Any:
        """The entry at a place, with its track under ``field``."""
        turn = place + day * self._moved  # which of all entries that were ever added this is
        kind, chance = self._kind(turn), self._songs.draws("entry", self._number, turn)
        if kind is Kind.BAD:
            return pick(_BAD_ENTRIES, chance[0])(self._added(turn, kind, chance), field, self._track(turn, kind, day))
        return {**self._added(turn, kind, chance), field: self._track(turn, kind, day)}

    def _kind(self, turn: int) -> Kind:
        kind = self._dealt[(turn + 131 * self._number) % _CYCLE]
        return Kind.PLAIN if kind is Kind.SECOND and turn < _APART else kind

    def _track(self, turn: int, kind: Kind, day: int) -> Record | None:
        song = self._number * (self.size * 3 // 4) + turn - (_APART if kind is Kind.SECOND else 0)
        if kind is Kind.REMOVED:
            return None
        track = self._songs.track(song, day)
        if kind is Kind.LOCAL:
            return _local(track)
        return _episode(track) if kind is Kind.EPISODE else track

    def _added(self, turn: int, kind: Kind, chance: tuple[int, ...]) -> Record:
        moment = FIRST_ADDED + timedelta(seconds=turn * 5_400 + chance[1] % 5_400)
        user, whim = pick(USERS, chance[2]), chance[3] % 3 if kind is Kind.UNDATED else None
        by = {"id": user, "type": "user", "uri": f"spotify:user:{user}"}
        return {
            "added_at": None if whim in (0, 1) else moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "added_by": None if whim in (1, 2) else by,
            "is_local": kind is Kind.LOCAL,
            "primary_color": None,
        }


class Found:
    """What a search for songs of some years finds: ``track(place, day)`` is what is served there."""

    def __init__(
        self, years: tuple[int, int], size: int, overlap: int, moved_per_day: int, songs: Songs, dealt: list[Kind]
    ) -> None:
        self._size = size
        self._overlap = overlap
        self._moved = moved_per_day
        self._songs = songs
        self._dealt = dealt
        self._matching = songs.released_in(*years)
        self._known: list[int] = []
        self._lock = threading.Lock()

    def size(self, day: int) -> int:
        """How many places there are, repeats included."""
        return min(self._size, max(len(self._numbers(day)) - day * self._moved, 0))

    def track(self, place: int, day: int) -> Any:
        """The song at a place. A repeat is a little more popular than it was a page before."""
        block, within = divmod(place, BLOCK)
        turn = block * (BLOCK - self._overlap) + within + day * self._moved
        track = self._songs.track(self._numbers(day)[turn], day)
        if block and within < self._overlap:
            track["popularity"] = min(track["popularity"] + 1, 100)
        if self._dealt[turn % _CYCLE] is Kind.BAD:
            track = pick(_BAD_TRACKS, self._songs.draws("found", turn)[0])(track)
        return track

    def _numbers(self, day: int) -> list[int]:
        """The numbers of the songs that match, as far as this day needs them."""
        with self._lock:
            more = day * self._moved + self._size - len(self._known)
            self._known.extend(islice(self._matching, max(more, 0)))
        return self._known


def _local(track: Record) -> Record:
    """A file that somebody added: what names it is there, what Spotify knows of it is not."""
    nothing: Record = {"id": None, "uri": None, "href": None, "external_urls": {}}
    return {
        **track,
        **nothing,
        "uri": "spotify:local:::",
        "is_local": True,
        "popularity": 0,
        "artists": [{**track["artists"][0], **nothing}],
        "album": {
            **nothing,
            "name": "",
            "type": "album",
            "album_type": None,
            "release_date": None,
            "release_date_precision": None,
            "total_tracks": None,
            "artists": [],
        },
    }


def _episode(track: Record) -> Record:
    """A part of a podcast: it has an id and a name as well, and no artists."""
    kept = {name: track[name] for name in ("id", "name", "duration_ms", "explicit", "external_urls")}
    return {**kept, "type": "episode", "uri": f"spotify:episode:{track['id']}", "release_date": "2023-05-01"}


_BAD_TRACKS: tuple[Callable[[Record], Any], ...] = (
    lambda _track: None,
    lambda track: track["name"],
    lambda track: {**track, "id": None},
    lambda track: {name: value for name, value in track.items() if name != "id"},
    lambda track: {**track, "name": None},
    lambda track: {**track, "name": ""},
)
_BAD_ENTRIES: tuple[Callable[[Record, str, Record | None], Any], ...] = (
    lambda _added, _field, _track: None,
    lambda added, _field, _track: added["added_at"],
    lambda added, field, track: {**added, field: (track or {}).get("name")},
    lambda added, field, track: {**added, field: {**(track or {}), "id": None}},
    lambda added, field, track: {**added, field: {**(track or {}), "name": None}},
    lambda added, field, track: {**added, field: {**(track or {}), "name": ""}},
)
