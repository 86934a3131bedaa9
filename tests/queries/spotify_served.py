"""Some weeks of playlists and of a search, as the stand-in serves them: the records, kept as they came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sources.spotify import EPISODE, LOCAL_FILE, REMOVED
from stand_ins.api import Request
from stand_ins.spotify import Spotify

Track = dict[str, Any]
Runs = Mapping[str, tuple[Any, ...]]

# Which playlists each run read. The first has two pictures on each of two days, the second was left out of the last
# runs, the third was never read before.
PLAYLIST_RUNS = {
    "20261106T110000Z": (0, 1),
    "20261109T110000Z": (0, 1),
    "20261110T110000Z": (0,),
    "20261110T150000Z": (0,),
    "20261111T110000Z": (0,),
    "20261116T110000Z": (0, 1),
    "20261117T110000Z": (0, 2),
    "20261117T150000Z": (0,),
}
SEARCH_RUNS = {  # one week was missed for all years, and one for those before 2000
    "20261019T050000Z": ("2022-2023", "1990-1999"),
    "20261102T050000Z": ("2022-2023",),
    "20261116T050000Z": ("2022-2023", "1990-1999"),
}


@dataclass
class Served:
    """Entries by playlist and run, tracks by years and run."""

    entries: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    found: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    @property
    def last_run(self) -> str:
        """The last that read a playlist."""
        return max(run for _, run in self.entries)


def monday(run: str) -> date:
    day = day_of(run)
    return day - timedelta(days=day.weekday())


def day_of(run: str) -> date:
    return datetime.strptime(run, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).date()


def odd() -> Served:
    """All that can happen: of some songs the popularity is not shown, and some were added in another month."""
    api = Spotify(tracks=60, found=110, changed_share=0.2, bad_per_thousand=120, moved_per_day=2)
    served = serve(api, PLAYLIST_RUNS, SEARCH_RUNS)
    for records in (*served.entries.values(), *served.found.values()):
        for record in records:
            _change(record)
    _share(served)
    return served


def _share(served: Served) -> None:
    """A song that everybody likes, and one without a name, enter all playlists; one of nobody's enters the first."""
    newest = dict(sorted(served.entries))
    first = min(newest.items())
    good = next(entry for entry in served.entries[first] if fault_of(entry) is None)

    def like(**other: Any) -> Any:
        return {**good, "item": {**good["item"], "popularity": 100, **other}}

    for key in newest.items():
        served.entries[key] += [like(), like(id="0NamelessNamelessNames", name="")]
    served.entries[first].append(like(id="0NobodysNobodysNobodys", name="Nobody's", artists=[], album=None))


def serve(api: Spotify, playlist_runs: Runs, search_runs: Runs) -> Served:
    """What these runs read: playlists by their numbers, searches by their years. What is not shown is None."""
    served = Served()
    for number, (run, playlists) in enumerate(playlist_runs.items()):
        api.day = number
        for playlist in (api.playlist_ids[each] for each in playlists):
            served.entries[playlist, run] = list(_entries(api, playlist))
    for number, (run, spans) in enumerate(search_runs.items()):
        api.day = number
        for years in spans:
            served.found[years, run] = list(_found(api, years))
    for records in (*served.entries.values(), *served.found.values()):
        for track in filter(None, map(track_of, records)):
            track.setdefault("popularity", None)
    return served


def _entries(api: Spotify, playlist: str) -> Iterator[Any]:
    for offset in range(0, api.tracks, 25):
        asked = {"limit": "25", "offset": str(offset)}
        yield from api.answer(Request(f"/v1/playlists/{playlist}/items", asked)).payload["items"]


def _found(api: Spotify, years: str) -> Iterator[Any]:
    for offset in range(0, api.found, 10):
        asked = {"q": f"year:{years}", "type": "track", "limit": "10", "offset": str(offset)}
        yield from api.answer(Request("/v1/search", asked)).payload["tracks"]["items"]


def _change(record: Any) -> None:
    track = track_of(record)
    if not track or not track.get("id"):
        return
    if track["id"][0] in "BCDE":
        track["popularity"] = None
    if record.get("added_at") and track["id"][0] in "FGH":
        record["added_at"] = record["added_at"].replace("-01-", "-03-", 1)


def track_of(record: Any) -> Track | None:
    """The track of an entry, or of what a search found; None where there is none."""
    track = record.get("item", record) if isinstance(record, dict) else None
    return track if isinstance(track, dict) else None


def leader(track: Track) -> str | None:
    """The name of the first artist."""
    return track["artists"][0]["name"] if track["artists"] else None


def fault_of(entry: Any) -> str | None:
    """Why an entry is no place of the table; a song without a name keeps its place."""
    track = track_of(entry)
    if isinstance(entry, dict) and "item" in entry and entry["item"] is None:
        return REMOVED
    if track is None:
        return "unreadable"
    if track.get("is_local"):
        return LOCAL_FILE
    if track.get("type") == "episode":
        return EPISODE
    return None if track.get("id") else "song_id is missing"


def first_day(text: str | None) -> date | None:
    """The first day that a release date can mean."""
    if not text or text == "0000":
        return None
    return date.fromisoformat(f"{text}-01-01"[:10])
