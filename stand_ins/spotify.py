"""The double of the Spotify Web API: tokens for client credentials, the entries of playlists, a search by year."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from stand_ins.api import Answer, Api, Request
from stand_ins.errors import StandInError
from stand_ins.spotify_lists import BLOCK, MOST_BAD
from stand_ins.spotify_pages import Paging, Slice, before
from stand_ins.spotify_tokens import Tokens, Window, bearer, given_credentials
from stand_ins.spotify_truth import Truth, work_out
from stand_ins.spotify_world import World

TOKEN_PATH, SEARCH_PATH = "/api/token", "/v1/search"
SEARCHED_YEARS = (2022, 2023)
MOST_FOUND = 1_000  # offset and limit of a search together
EMPTY_PLAYLIST, PRIVATE_PLAYLIST = "StandInPlaylistEmpty00", "StandInPlaylistPrivate"
_PLAYLIST_PATH = re.compile(r"/v1/playlists/(?P<id>[^/]+)/(?P<shape>items|tracks)")
_YEARS = re.compile(r"year:(?P<first>\d{4})(-(?P<last>\d{4}))?")
_FIELD = {"items": "item", "tracks": "track"}


def _option(default: Any, help: str) -> Any:
    return field(default=default, metadata={"help": help})


@dataclass
class Spotify(Api):
    """Playlists and a search, with all that is odd about real ones. Each field is an option."""

    seed: int = _option(1, "another seed, other songs")
    playlists: int = _option(3, "how many playlists there are, besides an empty and a private one")
    tracks: int = _option(250, "entries on each playlist")
    found: int = _option(300, "places that a search finds; above 1,000 the last next-link that works leads to a 400")
    overlap: int = _option(2, "places of each 50 found that repeat the last of the 50 before")
    day: int = _option(0, "the day of the data; each differs a little from the one before")
    changed_share: float = _option(0.01, "share of the songs whose popularity changes from day to day")
    moved_per_day: int = _option(3, "songs that leave each list, and enter it, from day to day")
    bad_per_thousand: int = _option(5, "bad records to a thousand")
    looping_page: int = _option(0, "the page whose next-link leads to itself; 0: none")
    token_seconds: int = _option(3_600, "how long a token holds")
    token_calls: int = _option(0, "calls after which a token holds no more; 0: any number")
    calls_per_30_seconds: int = _option(0, "calls let in within any 30 seconds; 0: any number")
    development: int = _option(0, "1: as apps in development mode see it: no /tracks, no popularity, 10 found a page")

    key_header = "authorization"
    methods = ("GET", "POST")
    default_key = "stand-in-id:stand-in-secret"

    def __post_init__(self) -> None:
        for name, least, most in (
            ("playlists", 1, 1_000),
            ("tracks", 0, 10_000),
            ("found", 0, 5_000),
            ("overlap", 0, BLOCK - 1),
            ("day", 0, 100_000),
            ("changed_share", 0, 1),
            ("moved_per_day", 0, 10_000),
            ("bad_per_thousand", 0, MOST_BAD),
            ("looping_page", 0, 100_000),
            ("token_seconds", 1, 1_000_000),
            ("token_calls", 0, 1_000_000),
            ("calls_per_30_seconds", 0, 1_000_000),
        ):
            if not least <= getattr(self, name) <= most:
                raise StandInError(f"{name} {getattr(self, name)} is out of range; give {least:,} to {most:,}")
        self.clock: Callable[[], float] = time.time
        self.tokens = Tokens(self.token_seconds, self.token_calls or None)
        self._window = Window(self.calls_per_30_seconds)

    @property
    def playlist_ids(self) -> tuple[str, ...]:
        """The playlists with entries. The first is the one of the songs that are played most."""
        return self._world.playlist_ids

    def choices(self) -> dict[str, Any]:
        return {"playlists": list(self.playlist_ids)} | ({"found_a_page": "10"} if self.development else {})

    def refuses(self, request: Request, key: str) -> Answer | None:
        authorization = request.headers.get(self.key_header, "")
        if request.path == TOKEN_PATH:
            return None if given_credentials(authorization) == key else Answer(400, {"error": "invalid_client"})
        if not authorization:
            return self.refusal(401, "No token provided")
        token = bearer(authorization)
        if token is None:
            return self.refusal(400, "Only valid bearer authentication supported")
        if not self.tokens.admit(token, self.clock()):
            return self.refusal(401, "The access token expired")
        seconds = self._window.wait(self.clock())
        if seconds:
            return replace(self.refusal(429, "API rate limit exceeded"), headers={"Retry-After": str(seconds)})
        return None

    def refusal(self, status: int, message: str) -> Answer:
        return Answer(status, {"error": {"status": status, "message": message}})

    def answer(self, request: Request) -> Answer:
        if request.method != ("POST" if request.path == TOKEN_PATH else "GET"):
            return self.refusal(405, f"{request.method} is not allowed")
        if request.path == TOKEN_PATH:
            return self._token(request)
        here = self._slice(request)
        if here is None:
            return self.refusal(404, "Service not found")
        if isinstance(here, str):
            return self.refusal(400, here)
        paging = Paging(request, here, self.looping_page)
        return self._search(request, paging) if request.path == SEARCH_PATH else self._entries(request, paging)

    def page_of(self, request: Request) -> int | None:
        here = self._slice(request)
        return here.page if isinstance(here, Slice) else None

    def before(self, request: Request) -> Request:
        here = self._slice(request)
        return before(request, here) if isinstance(here, Slice) else request

    def describe(self) -> str:
        return (
            f"{self.playlists:,} playlists ({self.playlist_ids[0]} and so on) of {self.tracks:,} entries each, "
            f"and {self._world.places_found(SEARCHED_YEARS, self.day):,} places of a search"
        )

    def truth(self, days: Iterable[int] | None = None) -> Truth:
        """What a lake must hold that has read all playlists and the search on these days, in this order."""
        read = [self.day] if days is None else days
        return work_out(each for day in read for each in self._world.served(day, SEARCHED_YEARS, MOST_FOUND))

    def _slice(self, request: Request) -> Slice | str | None:
        """The places that a request asks for, what is wrong with it, or None where it asks for no list."""
        if request.path == SEARCH_PATH:
            return Slice.asked(request, *((5, 10) if self.development else (20, 50)))
        return Slice.asked(request, 100, 100) if _PLAYLIST_PATH.fullmatch(request.path) else None

    def _token(self, request: Request) -> Answer:
        if request.form.get("grant_type") != "client_credentials":
            return Answer(400, {"error": "unsupported_grant_type"})
        token = self.tokens.issue(self.clock())
        return Answer(200, {"access_token": token, "token_type": "Bearer", "expires_in": self.token_seconds})

    def _entries(self, request: Request, paging: Paging) -> Answer:
        asked = _PLAYLIST_PATH.fullmatch(request.path)
        assert asked
        id, day = asked["id"], self.day
        if id == PRIVATE_PLAYLIST or (self.development and asked["shape"] == "tracks"):
            return self.refusal(403, "Forbidden")
        if id == EMPTY_PLAYLIST:
            return Answer(200, paging.page(0, lambda _place: None))
        if id not in self.playlist_ids:
            return self.refusal(404, "Resource not found")
        field = _FIELD[asked["shape"]]
        return Answer(200, paging.page(self.tracks, lambda place: self._world.entry(id, place, day, field)))

    def _search(self, request: Request, paging: Paging) -> Answer:
        text, day = request.params.get("q", request.params.get("query", "")), self.day
        years = _YEARS.fullmatch(text)
        if request.params.get("type") != "track":
            return self.refusal(400, f"Bad search type field {request.params.get('type', '')}")
        if years is None:
            return self.refusal(400, f"no search for {text!r} here, but for year:2022 or year:2022-2023")
        if paging.slice.offset + paging.slice.limit > MOST_FOUND:
            return self.refusal(400, "Invalid offset")
        span = int(years["first"]), int(years["last"] or years["first"])
        total, asked = self._world.places_found(span, day), {"query": text, "type": "track"}
        page = paging.page(total, lambda place: self._world.found(span, place, day), **asked)
        return Answer(200, {"tracks": page})

    @cached_property
    def _world(self) -> World:
        return World(
            seed=self.seed,
            playlists=self.playlists,
            tracks=self.tracks,
            most_found=self.found,
            overlap=self.overlap,
            changed_share=self.changed_share,
            moved_per_day=self.moved_per_day,
            bad_per_thousand=self.bad_per_thousand,
            has_popularity=not self.development,
        )
