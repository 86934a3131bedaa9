"""All that the double of Spotify serves: its playlists, and what is found by years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from stand_ins.spotify_lists import Found, Kind, Playlist, kinds
from stand_ins.spotify_songs import Songs
from stand_ins.spotify_truth import Served

Years = tuple[int, int]


def playlist_id(number: int) -> str:
    """The id of a playlist, counted from 1. It is the same for every seed."""
    return f"StandInPlaylist{number:07d}"


@dataclass(frozen=True)
class World:
    """Lists of songs, by day and place. The first playlist is the one of the songs that are played most."""

    seed: int
    playlists: int
    tracks: int
    most_found: int
    overlap: int
    changed_share: float
    moved_per_day: int
    bad_per_thousand: int
    has_popularity: bool

    @cached_property
    def playlist_ids(self) -> tuple[str, ...]:
        return tuple(playlist_id(number + 1) for number in range(self.playlists))

    def entry(self, playlist: str, place: int, day: int, field: str = "item") -> Any:
        """What stands at a place of a playlist, with its track under ``field``."""
        return self._shown(self._lists[playlist].entry(place, day, field))

    def found(self, years: Years, place: int, day: int) -> Any:
        """What stands at a place of what a search for some years finds."""
        return self._shown(self._search(years).track(place, day))

    def places_found(self, years: Years, day: int) -> int:
        return self._search(years).size(day)

    def served(self, day: int, years: Years, most: int) -> Iterator[Served]:
        """All records of a day: list by list, the search last, in the order in which they are served."""
        for playlist in self.playlist_ids:
            for place in range(self.tracks):
                entry = self.entry(playlist, place, day)
                yield Served(day, place, entry, playlist)
        for place in range(min(self.places_found(years, day), most)):
            yield Served(day, place, self.found(years, place, day))

    def _shown(self, record: Any) -> Any:
        """A record without what the app may not see."""
        if self.has_popularity or not isinstance(record, dict):
            return record
        return {name: self._shown(value) for name, value in record.items() if name != "popularity"}

    def _search(self, years: Years) -> Found:
        made = self._searches.get(years)
        if made is None:
            new = Found(years, self.most_found, self.overlap, self.moved_per_day, self._songs, self._dealt)
            made = self._searches.setdefault(years, new)
        return made

    @cached_property
    def _searches(self) -> dict[Years, Found]:
        return {}

    @cached_property
    def _lists(self) -> dict[str, Playlist]:
        return {
            id: Playlist(number, self.tracks, self.moved_per_day, self._songs, self._dealt)
            for number, id in enumerate(self.playlist_ids)
        }

    @cached_property
    def _songs(self) -> Songs:
        return Songs(self.seed, self.changed_share)

    @cached_property
    def _dealt(self) -> list[Kind]:
        return kinds(self.bad_per_thousand)
