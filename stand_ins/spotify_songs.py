"""Made-up songs, their albums and their artists, by number. Same seed, same songs, on any machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from stand_ins.chance import draws, pick
from stand_ins.spotify_names import FIRST, LAST, ODD_ARTISTS, ODD_NAMES, QUALITIES, THINGS
from stand_ins.spotify_order import Odd, album_of, odd_album, odd_song, songs_of

Record = dict[str, Any]

ARTISTS = 600
MOST_ARTISTS = 40
VARIOUS = -1  # the artist of an album that has a song of everyone
NEWEST_YEAR, YEARS = 2024, 60
ALBUMS_SEARCHED = 100_000
_CIRCLE = 1_000_003
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Songs:
    """All songs of a seed."""

    def __init__(self, seed: int, changed_share: float) -> None:
        self._seed = seed
        self._changed = round(changed_share * _CIRCLE)
        self.artist: Callable[[int], Record] = lru_cache(ARTISTS + 1)(self._artist)
        self.album: Callable[[int], Record] = lru_cache(10_000)(self._album)

    def odd(self, number: int) -> Odd:
        return odd_song(number + self._seed)

    def track(self, number: int, day: int) -> Record:
        """A song as it is served on a day."""
        album = album_of(number)
        return {
            **_named("track", self.id("track", number), self.name(number)),
            "duration_ms": 95_000 + self.draws("song", number)[3] * 5,
            "popularity": self.popularity(number, day),
            "explicit": number % 9 == 4,
            "is_local": False,
            "disc_number": 1,
            "track_number": songs_of(album).index(number) + 1,
            "artists": [self.artist(each) for each in self.artists(number)],
            "album": None if self.odd(number) is Odd.NO_ALBUM else self.album(album),
        }

    def name(self, number: int) -> str:
        odd = self.odd(number)
        return self._title("song", number - (odd is Odd.NAMESAKE), odd is Odd.NAME)

    def popularity(self, number: int, day: int) -> int:
        first = 0 if self.odd(number) is Odd.UNPOPULAR else self.draws("song", number)[4] * 101 >> 16
        return (first + 13 * self._changes(number, day)) % 101

    def artists(self, number: int) -> tuple[int, ...]:
        """The numbers of a song's artists, the leading one first."""
        odd, album = self.odd(number), album_of(number)
        leader = self._album_leader(album)
        if leader == VARIOUS:
            leader = self.draws("song", number)[5] * ARTISTS >> 16
        elif odd is Odd.NAMESAKE:
            leader = (leader + 1) % ARTISTS
        others = {Odd.MANY_ARTISTS: MOST_ARTISTS - 1, Odd.GUESTS: 2}.get(odd, 0)
        return tuple((leader + each * 7) % ARTISTS for each in range(others + 1))

    def _artist(self, number: int) -> Record:
        return _named("artist", self.id("artist", number), self._artist_name(number))

    def _album(self, number: int) -> Record:
        size = len(songs_of(number))
        released, precision = self._released(number)
        return {
            **_named("album", self.id("album", number), self._title("album", number, odd_album(number) is Odd.NAME)),
            "album_type": "single" if size == 1 else "album",
            "release_date": released,
            "release_date_precision": precision,
            "total_tracks": size,
            "artists": [self.artist(self._album_leader(number))],
        }

    def released_in(self, first: int, last: int) -> Iterator[int]:
        """The songs whose album came out in these years."""
        for album in range(ALBUMS_SEARCHED):
            if odd_album(album) is not Odd.NO_YEAR and first <= self._year(album) <= last:
                yield from (song for song in songs_of(album) if self.odd(song) is not Odd.NO_ALBUM)

    def id(self, kind: str, number: int) -> str:
        """22 digits of base 62, as all ids are."""
        rest = int.from_bytes(blake2b(f"{self._seed}/{kind}/{number}".encode(), digest_size=16).digest(), "big")
        digits = []
        for _ in range(22):
            rest, digit = divmod(rest, 62)
            digits.append(_DIGITS[digit])
        return "".join(digits)

    def _released(self, album: int) -> tuple[str, str]:
        _, month, day, *_ = self.draws("album", album)
        year, month, day = self._year(album), 1 + (month * 12 >> 16), 1 + (day * 28 >> 16)
        odd = odd_album(album)
        if odd is Odd.NO_YEAR:
            return "0000", "year"
        if odd is Odd.YEAR:
            return f"{year}", "year"
        return (f"{year}-{month:02d}", "month") if odd is Odd.MONTH else (f"{year}-{month:02d}-{day:02d}", "day")

    def _year(self, album: int) -> int:
        draw = self.draws("album", album)[0]
        return NEWEST_YEAR - (draw * draw * YEARS >> 32)  # rather new than old

    def _album_leader(self, album: int) -> int:
        return VARIOUS if odd_album(album) is Odd.SAMPLER else self.draws("album", album)[5] * ARTISTS >> 16

    def _artist_name(self, number: int) -> str:
        if number == VARIOUS:
            return "Various Artists"
        chance = self.draws("artist", number)
        return pick(ODD_ARTISTS, chance[0]) if number % 12 == 5 else f"{pick(FIRST, chance[0])} {pick(LAST, chance[1])}"

    def _title(self, kind: str, number: int, is_odd: bool) -> str:
        chance = self.draws(kind, number)
        form = pick(ODD_NAMES, chance[8]) if is_odd else "{quality} {thing}"
        return form.format(quality=pick(QUALITIES, chance[6]), thing=pick(THINGS, chance[7]))

    def _changes(self, number: int, day: int) -> int:
        """How often a song has changed by a day. Each day takes its share of the songs, evenly spread."""
        turn = number * 618_041
        return sum((turn + start) % _CIRCLE < self._changed for start in _starts(self._seed, day))

    def draws(self, *of: object) -> tuple[int, ...]:
        """Sixteen numbers below 65,536 that depend on the seed and on nothing but ``of``."""
        return draws(self._seed, *of)


def _named(kind: str, id: str, name: str) -> Record:
    return {
        "id": id,
        "name": name,
        "type": kind,
        "uri": f"spotify:{kind}:{id}",
        "href": f"https://api.spotify.com/v1/{kind}s/{id}",
        "external_urls": {"spotify": f"https://open.spotify.com/{kind}/{id}"},
    }


@lru_cache(maxsize=1024)
def _starts(seed: int, day: int) -> tuple[int, ...]:
    """Where on the circle of songs the changes of each day begin."""
    return tuple(draws(seed, "songs", each)[0] * 15 for each in range(1, day + 1))
