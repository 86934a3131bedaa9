"""Each of Spotify's queries, asked through Athena's API, answers what plain Python finds in the pages served."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from dashboards import DASHBOARDS, filled
from infra.naming import Names
from infra.queries import FOLDER
from infra.quicksight import shaped
from lakelet.ask import ask
from lakelet.place import Place
from lakelet.report.gather import gather
from lakelet.report.page import page
from lakelet.report.series import series_of
from rehearsal.account import Account
from sources.query import read_queries
from sources.spotify import SPOTIFY
from stand_ins.spotify import Spotify
from tests.queries.spotify_plain import ANSWERS, credits, ids, known, listed, now, rated
from tests.queries.spotify_served import Served, fault_of, odd, serve
from tests.queries.spotify_world import FAILED_RUN, fill

QUERIES = {query.name: query for query in read_queries(FOLDER / "spotify")}
NAMESAKES = "🌸koi"
NOBODY, NEVER = {"artist": "nobody' OR '1' = '1"}, {"days": "365"}
ASKED = [
    *((name, {}) for name in QUERIES if name != "tracks_of_artist"),
    ("tracks_of_artist", {"artist": NAMESAKES}),
    ("tracks_of_artist", {"artist": "ffyu5yoiub6LMOl9gREmE3"}),
    ("tracks_of_artist", NOBODY),
    ("albums_released_in_year", {"year": "2024"}),
    ("tracks_longer_than", {"milliseconds": "418655"}),
    ("artists_with_unpopular_tracks", {"popularity": "1"}),
    ("songs_entered_and_left", {"days": "0"}),
    ("songs_entered_and_left", {"days": "8"}),
    ("songs_entered_and_left", NEVER),
]
# What an app in development mode gets: nothing says how popular a song is.
BY_POPULARITY = {
    "artists_with_unpopular_tracks": True, "popular_now": False, "popularity_by_artist": True,
    "top_tracks_with_artists_and_album": True, "tracks_by_popularity": True, "playlists_now": False,
    "top_played_movers": True, "popular_songs_movers": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with Account() as started:
        yield started


@pytest.fixture(scope="module")
def served() -> Served:
    return odd()


@pytest.fixture(scope="module")
def place(account, served) -> Place:
    return fill(account, served)


@pytest.fixture(scope="module")
def report(place):
    return gather(place)


@pytest.mark.parametrize(("name", "parameters"), ASKED, ids=str)
def test_a_query_answers_what_was_served(place, served, name, parameters):
    assert ask(place, name, parameters).rows == ANSWERS[name](served, **parameters)


def test_every_query_has_an_answer_in_plain_python_and_none_is_left_over():
    assert sorted(QUERIES) == sorted(ANSWERS)


def test_where_no_popularity_is_shown_none_is_made_up(account):
    api = Spotify(tracks=7, found=9, development=1)
    playlist_runs = dict.fromkeys(("20261110T110000Z", "20261117T110000Z"), (0,))
    search_runs = dict.fromkeys(("20261109T050000Z", "20261116T050000Z"), ("2022-2023",))
    bare = serve(api, playlist_runs, search_runs)
    place = fill(account, bare, "lakelet_bare")
    for name, is_empty in BY_POPULARITY.items():
        rows = ask(place, name).rows
        assert rows == ANSWERS[name](bare), name
        assert (not rows) == is_empty, name


def test_the_playlists_are_odd_enough_to_show_something(served):
    empty = [(name, given) for name, given in ASKED if not ANSWERS[name](served, **given)]
    assert empty == [("tracks_of_artist", NOBODY), ("songs_entered_and_left", NEVER)]
    tracks, entries = listed(served), list(now(served).values())
    assert len(rated(served)) < len(tracks) < len(known(served)), "some have no popularity, some have left"
    assert any(track["popularity"] == 0 for track in tracks) and any(track["album"] is None for track in tracks)
    assert Counter(name for _, name in credits(tracks))[NAMESAKES] > 1
    assert any(len(each) > len(ids(each)) for each in entries), "a song that stands twice on one playlist"
    assert any(entry["item"]["id"] not in known(served) for each in entries for entry in each), "a place without a song"
    assert len({fault_of(entry) for each in served.entries.values() for entry in each}) == 6


def test_every_chart_has_its_answer_with_its_columns(report):
    assert report.problems == [] and not report.moved
    (part,) = report.parts
    assert part.waiting is None and [panel.chart for panel in part.panels] == list(DASHBOARDS["spotify"].charts)
    for panel in part.panels:
        assert series_of(panel.chart, panel.answer.columns, panel.answer.rows).rows, panel.chart.title


def test_a_chart_over_a_query_with_parameters_shows_its_defaults(report, served):
    panel = next(each for each in report.parts[0].panels if each.chart.query == "songs_entered_and_left")
    assert panel.answer.rows == ANSWERS["songs_entered_and_left"](served, days="7")


def test_the_page_shows_the_last_run_of_each_stream(report):
    streams = [(line.entry["stream"], line.entry["run"]) for line in report.runs]
    assert streams[0] == ("playlist", FAILED_RUN) and ("popular", "20261116T050000Z") in streams
    assert "Spotify playlists" in page(report)


@pytest.mark.parametrize("query", DASHBOARDS["spotify"].queries)
def test_quicksight_asks_the_same_from_outside_of_the_database(account, place, query):
    elsewhere = replace(place, outputs={**place.outputs, "database": "default"})
    columns = [field.column for field in DASHBOARDS["spotify"].columns(query)]
    names = Names("test", "123456789012", "eu-north-1")
    assert names.database == place.outputs["database"]
    asked = ask(elsewhere, shaped(filled(QUERIES[query]), columns, names, [SPOTIFY]))
    direct = ask(place, query)
    at = [direct.columns.index(column) for column in columns]
    assert asked.columns == tuple(columns)
    assert sorted(map(repr, asked.rows)) == sorted(repr(tuple(row[each] for each in at)) for row in direct.rows)
