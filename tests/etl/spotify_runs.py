"""Runs of Spotify as the extract function stores them, from the answers of the stand-in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sources.configured import configured
from sources.model import Stream
from sources.spotify import SPOTIFY
from stand_ins.api import Request
from stand_ins.spotify import SEARCHED_YEARS, Spotify

from .conftest import Answer


def playlist_run(api: Spotify, day: int, endpoint: str = "items") -> list[Answer]:
    """The pages of all playlists on a day, one playlist after the other."""
    source = configured(SPOTIFY, {"endpoint": endpoint})
    stream = replace(source.stream("playlist"), parts=api.playlist_ids)
    return pages_of(api, stream, day)


def search_run(api: Spotify, day: int) -> list[Answer]:
    years = "-".join(map(str, SEARCHED_YEARS))
    return pages_of(api, configured(SPOTIFY, {"years": [years]}).stream("popular"), day)


def pages_of(api: Spotify, stream: Stream, day: int) -> list[Answer]:
    today = replace(api, day=day)
    return [page for part in stream.parts for page in _pages_of_part(today, stream, part)]


def _pages_of_part(api: Spotify, stream: Stream, part: str) -> list[Answer]:
    pages: list[Answer] = []
    params = {name: text.replace("{part}", part) for name, text in stream.params.items()}
    cursor: str | None = stream.paging.first()
    while cursor is not None:
        asked = {**params, **stream.paging.params(cursor)}
        answer = api.answer(Request(stream.path.replace("{part}", part), asked))
        assert answer.status == 200, answer.payload
        envelope: Any = answer.payload
        for name in stream.records.split(".")[:-1]:
            envelope = envelope[name]
        pages.append(Answer(answer.payload, len(envelope[stream.records.split(".")[-1]]), part))
        cursor = stream.paging.after(cursor, envelope)
    return pages
