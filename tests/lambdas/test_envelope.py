from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdas.extract.asked import Asked
from lambdas.extract.envelope import End, Page, check, decode
from lambdas.extract.errors import ChangedShape, Unavailable
from sources.model import Stream
from sources.olympics import OLYMPICS
from sources.spotify import SPOTIFY

STREAM, FOUND = OLYMPICS.streams[0], SPOTIFY.stream("popular")
GOOD = {"id": "1", "name": "Ann"}
SONG = {"id": "1", "name": "Waterloo", "type": "track", "duration_ms": 167_000}

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.sampled_from((*STREAM.fields, *FOUND.fields, "tracks")), inner)
    ),
    max_leaves=12,
)


def asked(page: int = 1, stream: Stream = STREAM) -> Asked:
    return Asked("olympics", stream, page, is_first=page == 1)


def test_a_part_stays_one_step_of_the_path_and_one_parameter() -> None:
    odd = replace(FOUND, path="/lists/{part}/items")
    found = Asked("spotify", odd, 1, "../a?b=c&d")
    assert found.path == "/lists/..%2Fa%3Fb%3Dc%26d/items"
    assert found.params["q"] == "year:../a?b=c&d"


def test_a_page_as_declared_is_taken_as_it_is() -> None:
    answer = {"year": 2024, "athletes": [GOOD, {"id": None}]}
    assert check(asked(), answer) == Page(answer, answer["athletes"], answer)  # type: ignore[arg-type]


def test_a_field_may_be_missing_and_a_new_one_is_told() -> None:
    assert check(asked(), {"athletes": [GOOD]}).news == {}  # type: ignore[union-attr]
    found = check(asked(), {"athletes": [GOOD], "next": 2})
    assert isinstance(found, Page) and found.news == {"next": "a whole number such as 2"}


@pytest.mark.parametrize("answer", [{"athletes": [], "next": 2}, {"next": 2}, {"athletes": None, "next": 2}])
def test_a_new_field_where_there_are_no_records_is_no_page(answer: dict[str, Any]) -> None:
    for page in (1, 2):
        with pytest.raises(ChangedShape, match='only the fields "year", "athletes", found also "next"'):
            check(asked(page), answer)


def test_a_stream_may_take_no_new_fields_at_all() -> None:
    strict = replace(STREAM, feeds=(replace(STREAM.feeds[0], on_new_field="stop"),))
    with pytest.raises(ChangedShape, match="field next: expected no such field, found a whole number such as 2"):
        check(asked(stream=strict), {"athletes": [GOOD], "next": 2})


@pytest.mark.parametrize("answer", [{}, {"year": 2024}, {"athletes": None}])
def test_missing_records_are_an_end_only_past_the_first_page(answer: dict[str, Any]) -> None:
    found = check(asked(2), answer)
    assert isinstance(found, End) and found.why == "page 2 has no athletes"
    with pytest.raises(ChangedShape, match="page 1 of olympics/athletes"):
        check(asked(), answer)


@pytest.mark.parametrize("answer", [{}, {"tracks": None}, {"tracks": {}}, {"tracks": {"items": None, "next": None}}])
def test_missing_records_are_no_end_where_each_page_says_whether_it_is_the_last(answer: dict[str, Any]) -> None:
    with pytest.raises(ChangedShape, match=r'the field "tracks\.items"'):
        check(asked(2, FOUND), answer)


def test_the_records_may_lie_within_another_field() -> None:
    page = {"items": [SONG], "next": None, "limit": 50}
    assert check(asked(1, FOUND), {"tracks": page}) == Page({"tracks": page}, [SONG], page)
    found = check(asked(1, FOUND), {"tracks": page | {"mood": "sad"}, "artists": {}})
    assert found.news == {"tracks.mood": 'a text such as "sad"', "artists": "an object"}  # type: ignore[union-attr]
    with pytest.raises(ChangedShape, match="field tracks: expected an object, found a list"):
        check(asked(1, FOUND), {"tracks": [SONG]})


def test_an_empty_page_is_an_end_on_any_page() -> None:
    for stream, answer in ((STREAM, {"athletes": []}), (FOUND, {"tracks": {"items": []}})):
        for page in (1, 2):
            found = check(asked(page, stream), answer)
            assert isinstance(found, End) and found.why == f"page {page} is empty"


@pytest.mark.parametrize(
    "answer", [{"message": "try later"}, {"error": "try later"}, {"error": {"status": 200, "message": "try later"}}]
)
def test_an_error_page_is_trouble_and_no_change(answer: dict[str, Any]) -> None:
    for stream in (STREAM, FOUND):
        with pytest.raises(Unavailable, match="try later"):
            check(asked(1, stream), answer)
    assert isinstance(check(asked(), answer | {"athletes": [GOOD]}), Page)


def test_a_name_in_a_message_cannot_break_the_line() -> None:
    with pytest.raises(ChangedShape) as caught:
        check(asked(), {"athletes": [], "a\nb" + "c" * 500: 1} | {f"more{n}": n for n in range(20)})
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 600 and "and 13 more" in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"{", b"<html/>", b'{"a": NaN}', b'{"a": 1e999}', b"\xff", b"[" * 100_000])
def test_what_is_not_json_is_trouble(body: bytes) -> None:
    with pytest.raises(Unavailable, match="status 200"):
        decode(body)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 3), st.sampled_from([STREAM, FOUND]), ANYTHING)
def test_any_json_is_a_page_an_end_or_said_to_be_wrong_in_one_line(page: int, stream: Stream, answer: Any) -> None:
    try:
        found = check(asked(page, stream), decode(json.dumps(answer).encode()))
    except (ChangedShape, Unavailable) as trouble:
        assert "\n" not in str(trouble)
    else:
        assert isinstance(found, End) or found.records


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_are_json_or_trouble(body: bytes) -> None:
    try:
        json.dumps(decode(body), allow_nan=False)
    except Unavailable:
        return
