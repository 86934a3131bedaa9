"""Which songs and albums are odd, and in which way, and which songs are on which album."""

from __future__ import annotations

from enum import Enum, auto

_ALBUM_SIZES = (5, 3, 1, 2, 1)  # songs of the albums of a block
_BLOCK = tuple(album for album, size in enumerate(_ALBUM_SIZES) for _ in range(size))


class Odd(Enum):
    """What is odd about a song, or about an album."""

    NOTHING = auto()
    UNPOPULAR = auto()  # popularity 0, which is a value
    MANY_ARTISTS = auto()
    GUESTS = auto()  # two artists more
    NAMESAKE = auto()  # the name of the song before, by another artist
    NAME = auto()
    NO_ALBUM = auto()  # album is null
    MONTH = auto()  # released in "2001-05"
    YEAR = auto()  # released in "2001"
    NO_YEAR = auto()  # released in "0000"
    SAMPLER = auto()  # the artist of the album is of none of its songs


_OF_SONGS = {Odd.UNPOPULAR: 4, Odd.MANY_ARTISTS: 1, Odd.GUESTS: 25, Odd.NAMESAKE: 3, Odd.NAME: 12, Odd.NO_ALBUM: 2}
_OF_ALBUMS = {Odd.MONTH: 8, Odd.YEAR: 10, Odd.NO_YEAR: 2, Odd.SAMPLER: 8, Odd.NAME: 8}


def _dealt(per_hundred: dict[Odd, int]) -> tuple[Odd, ...]:
    """The oddities of a hundred, spread evenly."""
    odd = [each for each, count in per_hundred.items() for _ in range(count)]
    odd += [Odd.NOTHING] * (100 - len(odd))
    return tuple(odd[place * 37 % 100] for place in range(100))


_SONGS, _ALBUMS = _dealt(_OF_SONGS), _dealt(_OF_ALBUMS)


def odd_song(number: int) -> Odd:
    return _SONGS[number % 100]


def album_of(song: int) -> int:
    block, place = divmod(song, len(_BLOCK))
    return block * len(_ALBUM_SIZES) + _BLOCK[place]


def songs_of(album: int) -> range:
    block, place = divmod(album, len(_ALBUM_SIZES))
    first = block * len(_BLOCK) + sum(_ALBUM_SIZES[:place])
    return range(first, first + _ALBUM_SIZES[place])


def odd_album(number: int) -> Odd:
    return _ALBUMS[number % 100]
