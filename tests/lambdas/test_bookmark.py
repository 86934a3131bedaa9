from __future__ import annotations

import json
from dataclasses import replace

import pytest

from lambdas.extract.bookmark import Bookmark, Step, to_next_part, within_part
from lambdas.extract.errors import Broken
from sources.olympics import OLYMPICS
from sources.spotify import SPOTIFY

ATHLETES = OLYMPICS.streams[0]
PLAYLIST = replace(SPOTIFY.streams[0], parts=("a", "b", "c"))


def test_a_stream_without_parts_is_one_part_and_its_bookmark_is_the_cursor() -> None:
    first = Bookmark.of(None, ATHLETES)
    assert (first.part, first.at, first.since) == ("", "1", 1)
    step = within_part(first, "2")
    assert step == Step("2")
    assert Bookmark.of(step.cursor, ATHLETES) == Bookmark("", "2")
    assert to_next_part(first.part_read(), ATHLETES, 7, "page 6 is empty") == Step(None, "page 6 is empty")


def test_a_bookmark_is_read_as_it_was_written() -> None:
    mark = Bookmark("b", "offset=100", since=4, to_read=("c",), read=1, left_out=("a (403)",))
    assert Bookmark.of(mark.text, PLAYLIST) == mark


def test_the_parts_are_read_in_their_order_each_from_its_first_page() -> None:
    mark = Bookmark.of(None, PLAYLIST)
    assert (mark.part, mark.at, mark.to_read) == ("a", "", ("b", "c"))
    mark = Bookmark.of(within_part(mark, "offset=100").cursor, PLAYLIST)
    second = Bookmark.of(to_next_part(mark.part_read(), PLAYLIST, 3, "").cursor, PLAYLIST)
    assert (second.part, second.at, second.since, second.to_read, second.read) == ("b", "", 3, ("c",), 1)
    third = Bookmark.of(to_next_part(second.part_left_out(404), PLAYLIST, 3, "").cursor, PLAYLIST)
    assert (third.part, third.left_out, third.has_none) == ("c", ("b (404)",), False)
    assert to_next_part(third.part_read(), PLAYLIST, 4, "") == Step(None, "2 of 3 playlists are read")


def test_nothing_is_read_when_the_last_part_is_left_out_too() -> None:
    mark = Bookmark("c", "", left_out=("a (404)", "b (404)"))
    assert mark.part_left_out(403).has_none
    assert not replace(mark, read=1).part_left_out(403).has_none
    assert not replace(mark, to_read=("d",)).part_left_out(403).has_none


def test_other_parts_that_are_chosen_meanwhile_are_not_those_of_the_bookmark() -> None:
    text = Bookmark.of(None, PLAYLIST).text
    assert Bookmark.of(text, replace(PLAYLIST, parts=("x",))).to_read == ("b", "c")


@pytest.mark.parametrize("text", ["3", "offset=100", "[]", "{}", json.dumps({"part": "a", "page": 3})])
def test_a_cursor_that_is_no_bookmark_is_refused(text: str) -> None:
    with pytest.raises(Broken, match="no bookmark of playlist"):
        Bookmark.of(text, PLAYLIST)
