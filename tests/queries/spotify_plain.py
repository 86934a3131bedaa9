"""The answer to each of Spotify's queries in plain Python, from the records that were served: no table, no SQL."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.queries.plain import Rows, last
from tests.queries.spotify_served import Served, Track, day_of, fault_of, first_day, leader, monday, track_of

Picture = list[dict[str, Any]]  # the entries of a playlist that are places of the table


def picture(served: Served, playlist: str, run: str) -> Picture:
    return [entry for entry in served.entries[playlist, run] if fault_of(entry) is None]


def runs_of(served: Served) -> dict[str, list[str]]:
    """The runs that read each playlist, oldest first."""
    found: dict[str, list[str]] = defaultdict(list)
    for playlist, run in sorted(served.entries):
        found[playlist].append(run)
    return found


def now(served: Served) -> dict[str, Picture]:
    """The newest picture of each playlist."""
    return {playlist: picture(served, playlist, runs[-1]) for playlist, runs in runs_of(served).items()}


def ids(entries: Iterable[dict[str, Any]]) -> set[str]:
    return {entry["item"]["id"] for entry in entries}


def known(served: Served) -> dict[str, Track]:
    """Each song as it was served last; one without a name is no song."""
    found = {}
    for playlist, run in sorted(served.entries, key=lambda key: key[1]):
        for entry in picture(served, playlist, run):
            if entry["item"]["name"]:
                found[entry["item"]["id"]] = entry["item"]
    return found


def listed(served: Served) -> list[Track]:
    """The songs that are on a playlist now, each once."""
    there = set().union(*(ids(entries) for entries in now(served).values()))
    return [track for song, track in known(served).items() if song in there]


def rated(served: Served) -> list[Track]:
    return [track for track in listed(served) if track["popularity"] is not None]


def credits(tracks: Iterable[Track]) -> dict[tuple[str, str], list[tuple[int, Track]]]:
    """The tracks of each artist, by id and name, with the artist's place in each."""
    found: dict[tuple[str, str], list[tuple[int, Track]]] = defaultdict(list)
    for track in tracks:
        for place, artist in enumerate(track["artists"]):
            found[artist["id"], artist["name"]].append((place, track))
    return found


def told_apart(artists: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What each artist is called, by id: namesakes with their ids."""
    pairs = list(artists)
    names = Counter(name for _, name in pairs)
    return {artist: name if names[name] == 1 else f"{name} ({artist})" for artist, name in pairs}


def average(values: Iterable[int], places: str = "0.01") -> Decimal | None:
    numbers = list(values)
    return (Decimal(sum(numbers)) / len(numbers)).quantize(Decimal(places), ROUND_HALF_UP) if numbers else None


def popularity(track: Track) -> tuple[int, str]:
    return (-track["popularity"], track["id"])


def album_name(track: Track) -> str | None:
    return track["album"]["name"] if track["album"] else None


def credited(track: Track) -> tuple[Any, ...]:
    artists = ", ".join(artist["name"] for artist in track["artists"]) or None
    return (track["id"], track["name"], artists, album_name(track), track["popularity"], track["duration_ms"])


def named(track: Track | None) -> tuple[Any, ...]:
    return (track["name"], leader(track), track["popularity"]) if track else (None, None, None)


def albums(served: Served) -> list[dict[str, Any]]:
    return list({track["album"]["id"]: track["album"] for track in listed(served) if track["album"]}.values())


def albums_released_in_year(served: Served, year: str = "2023") -> Rows:
    rows = [
        (album["id"], album["name"], first_day(album["release_date"]), album["release_date"],
         album["release_date_precision"], album["total_tracks"], album["external_urls"]["spotify"])
        for album in albums(served)
        if album["release_date"].startswith(year)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row[2].toordinal(), row[1], row[0]))


def tracks_by_popularity(served: Served) -> Rows:
    return [(track["id"], track["name"], track["popularity"]) for track in sorted(rated(served), key=popularity)[:10]]


def popularity_by_artist(served: Served) -> Rows:
    found = credits(rated(served))
    names = told_apart(found)
    rows = [
        (names[artist], average(track["popularity"] for _, track in tracks), len(tracks), artist)
        for (artist, _), tracks in found.items()
    ]
    return sorted(rows, key=lambda row: (-(row[1] or 0), -row[2], row[3]))


def tracks_longer_than(served: Served, milliseconds: str = "240000") -> Rows:
    long = [track for track in listed(served) if track["duration_ms"] > int(milliseconds)]
    long.sort(key=lambda track: (-track["duration_ms"], track["id"]))
    return [(track["id"], track["name"], track["duration_ms"], track["popularity"]) for track in long]


def tracks_with_artists_and_album(served: Served) -> Rows:
    return [credited(track) for track in sorted(listed(served), key=lambda track: (track["name"], track["id"]))]


def top_tracks_with_artists_and_album(served: Served) -> Rows:
    return [credited(track) for track in sorted(rated(served), key=popularity)[:10]]


def artists_with_unpopular_tracks(served: Served, popularity: str = "40") -> Rows:
    rows = []
    for (artist, name), tracks in credits(rated(served)).items():
        under = [track["popularity"] for _, track in tracks if track["popularity"] < int(popularity)]
        if under:
            rows.append((artist, name, len(under), min(under), max(under)))
    return sorted(rows, key=lambda row: (-row[2], row[1], row[0]))


def tracks_of_artist(served: Served, artist: str) -> Rows:
    rows = [
        (id_, name, track["id"], track["name"], place, album_name(track), track["popularity"])
        for (id_, name), tracks in credits(listed(served)).items()
        if artist in (id_, name)
        for place, track in tracks
    ]
    return sorted(rows, key=lambda row: (row[1], row[0], row[3], row[2]))


def albums_with_most_tracks(served: Served) -> Rows:
    on_playlists = Counter(track["album"]["id"] for track in listed(served) if track["album"])
    rows = [
        (album["id"], album["name"], album["total_tracks"], on_playlists[album["id"]],
         first_day(album["release_date"]))
        for album in albums(served)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row[2], -row[3], row[0]))[:5]


def track_durations(served: Served) -> Rows:
    lengths = [track["duration_ms"] for track in listed(served)]
    mean = average(lengths, "0.001") or Decimal(0)
    seconds = [(Decimal(each) / 1000).quantize(Decimal("0.001"), ROUND_HALF_UP)
               for each in (mean, min(lengths), max(lengths))]  # fmt: skip
    return [(len(lengths), mean, min(lengths), max(lengths), *seconds)]


def songs_entered_and_left(served: Served, days: str = "7") -> Rows:
    songs, rows = known(served), []
    for playlist, runs in runs_of(served).items():
        newest = runs[-1]
        earlier = [run for run in runs[:-1] if (day_of(newest) - day_of(run)).days >= int(days)]
        if not earlier:
            continue
        here, before = ids(picture(served, playlist, newest)), ids(picture(served, playlist, earlier[-1]))
        for change, moved in (("entered", here - before), ("left", before - here)):
            for song in moved:
                rows.append((playlist, change, song, *named(songs.get(song)), earlier[-1], newest))
    return sorted(rows, key=lambda row: (row[0], row[1], last(row[3]), row[2]))


def playlist_changes_by_run(served: Served) -> Rows:
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for playlist, runs in runs_of(served).items():
        pictures = [ids(picture(served, playlist, run)) for run in runs]
        for run, here, before in zip(runs, pictures, [None, *pictures], strict=False):
            entered, gone = (len(here - before), len(before - here)) if before is not None else (0, 0)
            totals[run] = [a + b for a, b in zip(totals[run], (1, len(here), entered, gone), strict=True)]
    return [(run, *totals[run]) for run in sorted(totals, reverse=True)]


def playlists_now(served: Served) -> Rows:
    songs, rows = known(served), []
    for playlist, entries in now(served).items():
        tracks = [songs[song] for song in ids(entries) if song in songs]
        minutes = sum(songs[entry["item"]["id"]]["duration_ms"] for entry in entries if entry["item"]["id"] in songs)
        mean = average(track["popularity"] for track in tracks if track["popularity"] is not None)
        added = max(entry["added_at"] for entry in entries if entry["added_at"])
        artists = {artist["id"] for entry in entries for artist in entry["item"]["artists"]}
        rows.append((playlist, len(entries), len(ids(entries)), len(artists), minutes // 60_000, mean,
                     datetime.fromisoformat(added), runs_of(served)[playlist][-1]))  # fmt: skip
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def songs_on_several_playlists(served: Served) -> Rows:
    where: dict[str, list[str]] = defaultdict(list)
    for playlist, entries in sorted(now(served).items()):
        for song in ids(entries):
            where[song].append(playlist)
    songs = known(served)
    rows = [
        (song, *named(songs.get(song)), len(playlists), ", ".join(playlists))
        for song, playlists in where.items()
        if len(playlists) > 1
    ]
    return sorted(rows, key=lambda row: (-row[4], last(row[1]), row[0]))


def additions_by_month(served: Served) -> Rows:
    months: dict[str | None, list[str]] = defaultdict(list)
    for entries in now(served).values():
        for entry in entries:
            months[entry["added_at"][:7] if entry["added_at"] else None].append(entry["item"]["id"])
    rows = [(month, len(songs), len(set(songs))) for month, songs in months.items()]
    dated = sorted((row for row in rows if row[0]), key=lambda row: str(row[0]), reverse=True)
    return [*dated, *(row for row in rows if not row[0])]


def albums_by_release_precision(served: Served) -> Rows:
    groups: dict[str, list[date | None]] = defaultdict(list)
    for album in albums(served):
        groups[album["release_date_precision"]].append(first_day(album["release_date"]))
    rows = []
    for precision, days in groups.items():
        dated = sorted(day for day in days if day)
        rows.append((precision, len(days), len(dated), dated[0] if dated else None, dated[-1] if dated else None))
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def artists_by_songs(served: Served) -> Rows:
    found = credits(listed(served))
    names = told_apart(found)
    rows = [
        (names[artist], len(tracks), sum(place == 0 for place, _ in tracks), artist)
        for (artist, _), tracks in found.items()
    ]
    return sorted(rows, key=lambda row: (-row[1], -row[2], row[3]))


def _weekly(lists: dict[tuple[str, str], Iterator[Track]]) -> dict[date, dict[tuple[str, str], Track]]:
    """The songs of each list by week, each as it was served last in the week."""
    weeks: dict[date, dict[tuple[str, str], Track]] = defaultdict(dict)
    for name, run in sorted(lists, key=lambda key: key[1]):
        for track in lists[name, run]:
            weeks[monday(run)][name, track["id"]] = track
    return weeks


def _searched(served: Served) -> dict[date, dict[tuple[str, str], Track]]:
    def good(records: list[Any]) -> Iterator[Track]:
        return (track for each in records if (track := track_of(each)) and track.get("id") and track.get("name"))

    return _weekly({key: good(records) for key, records in served.found.items()})


def popular_now(served: Served) -> Rows:
    weeks = _searched(served)
    week = max(weeks)
    rows = [
        (track["id"], track["name"], leader(track), track["popularity"], album_name(track),
         first_day(track["album"]["release_date"]), years, week)
        for (years, _), track in weeks[week].items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row[3] is None, -(row[3] or 0), row[6], row[0]))


def _movers(weeks: dict[date, dict[tuple[str, str], Track]]) -> Rows:
    before, week = sorted(weeks)[-2:]
    rows = []
    for key in weeks[week].keys() & weeks[before].keys():
        track, was, is_ = weeks[week][key], weeks[before][key]["popularity"], weeks[week][key]["popularity"]
        if was is not None and is_ is not None and was != is_:
            rows.append((*key, track["name"], leader(track), was, is_, is_ - was, before, week))
    return sorted(rows, key=lambda row: (-abs(row[6]), row[0], row[1]))


def popular_songs_movers(served: Served) -> Rows:
    return _movers(_searched(served))


def top_played_movers(served: Served) -> Rows:
    played = {}
    for playlist, run in served.entries:
        tracks = (entry["item"] for entry in picture(served, playlist, run))
        played[playlist, run] = (track for track in tracks if track["name"])
    return _movers(_weekly(played))


def entries_set_aside_by_reason(served: Served) -> Rows:
    found = Counter(
        fault
        for (_, run), entries in served.entries.items()
        if run == served.last_run
        for fault in map(fault_of, entries)
        if fault
    )
    rows = [(fault, "bad record" if fault in ("unreadable", "song_id is missing") else "no song", count)
            for fault, count in found.items()]  # fmt: skip
    return sorted(rows, key=lambda row: (-row[2], row[0]))


ANSWERS: dict[str, Callable[..., Rows]] = {
    answer.__name__: answer
    for answer in (
        albums_released_in_year, tracks_by_popularity, popularity_by_artist, tracks_longer_than,
        tracks_with_artists_and_album, top_tracks_with_artists_and_album, artists_with_unpopular_tracks,
        tracks_of_artist, albums_with_most_tracks, track_durations, songs_entered_and_left, playlist_changes_by_run,
        playlists_now, songs_on_several_playlists, additions_by_month, albums_by_release_precision, artists_by_songs,
        popular_now, popular_songs_movers, top_played_movers, entries_set_aside_by_reason,
    )
}  # fmt: skip
