"""A source's part of the page: its charts, or why there are none yet and what is next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboards import DASHBOARDS
from lakelet.ask import QueryRefused
from lakelet.place import Place
from lakelet.report.gather import RUNS, last_runs
from lakelet.report.model import Waiting
from lakelet.report.parts import NO_TABLE, part_of
from tests.lakelet.report import spotify_samples
from tests.lakelet.report.samples import answer

SPOTIFY = DASHBOARDS["spotify"]
UNTOUCHED = QueryRefused("Athena: TABLE_NOT_FOUND: line 1:15: Table 'songs' does not exist")
HOME = Place("the lake at home", {}, client=lambda service: None, kept=object())
STACK = replace(HOME, kept=None, option=" --stack dev")


def ledger(*names: str):
    return answer("run_ledger", "source stream run", [name.split("/") for name in names])


def found(**other: object):
    return dict.fromkeys(SPOTIFY.queries, UNTOUCHED) | other


@pytest.mark.parametrize(
    ("place", "runs", "why", "command"),
    [
        (HOME, (), "No run of spotify came yet. Make the first:", "lakelet run spotify"),
        (replace(HOME, option=" --live"), (), "No run of spotify came yet. Make the first:",
         "lakelet run spotify --live"),
        (STACK, (), "No run of spotify came yet; the first starts by itself when it is due. When:",
         "lakelet status spotify --stack dev"),
        (STACK, ("spotify/playlist/1", "olympics/athletes/1"), "1 run of spotify came, and none is in the tables yet. "
         "How each stands:", "lakelet status spotify --stack dev"),
        (HOME, ("spotify/playlist/1", "spotify/popular/1"), "2 runs of spotify came, and none is in the tables yet. "
         "How each stands:", "lakelet status spotify"),
    ],
)  # fmt: skip
def test_a_source_without_tables_says_why_and_what_is_next(place, runs, why, command):
    assert part_of(place, SPOTIFY, ledger(*runs), found()).waiting == Waiting(why, command)


def test_a_lake_without_a_ledger_has_no_run():
    waiting = part_of(HOME, SPOTIFY, UNTOUCHED, found()).waiting
    assert waiting and waiting.command == "lakelet run spotify"


def test_a_source_with_one_table_waits_no_more_and_says_what_is_to_come():
    popular = spotify_samples.answers()["popular_now"]
    part = part_of(HOME, SPOTIFY, ledger(), found(popular_now=popular))
    panels = {panel.chart.title: panel for panel in part.panels}
    assert part.waiting is None and panels["What is popular"].answer is popular
    assert panels["Songs"].problem == NO_TABLE and panels["Songs"].is_to_come
    assert not panels["Set aside"].is_to_come, "it has words of its own"


def test_a_query_that_is_refused_is_a_fault_and_no_waiting():
    part = part_of(HOME, SPOTIFY, ledger(), found(popular_now=QueryRefused("Athena: it said no")))
    (fault,) = [panel for panel in part.panels if panel.is_fault]
    assert part.waiting is None and fault.problem == "popular_now: Athena: it said no"


def test_the_last_run_of_each_stream_is_shown_however_many_came_after_it():
    names = [f"olympics/athletes/{200 - day}" for day in range(RUNS + 5)]
    names += ["spotify/popular/2", "spotify/popular/1"]
    shown = [line.entry["run"] for line in last_runs(ledger(*names), {})]
    assert shown == [str(200 - day) for day in range(RUNS)] + ["2"]
