from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdas.extract.envelope import End, Page, check, decode
from lambdas.extract.errors import ChangedShape, Unavailable
from sources.olympics import OLYMPICS

STREAM = OLYMPICS.streams[0]
GOOD = {"id": "1", "name": "Ann"}

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.sampled_from(STREAM.fields), inner),
    max_leaves=12,
)


def test_a_page_as_declared_is_taken_as_it_is() -> None:
    answer = {"year": 2024, "athletes": [GOOD, {"id": None}]}
    assert check(STREAM, 1, answer) == Page(answer, answer["athletes"])  # type: ignore[arg-type]


def test_a_field_may_be_missing_but_none_may_be_new() -> None:
    assert isinstance(check(STREAM, 1, {"athletes": [GOOD]}), Page)
    with pytest.raises(ChangedShape, match='only the fields "year", "athletes", found also "next"'):
        check(STREAM, 1, {"athletes": [GOOD], "next": 2})


@pytest.mark.parametrize("answer", [{}, {"year": 2024}, {"athletes": None}])
def test_missing_records_are_an_end_only_past_the_first_page(answer: dict[str, Any]) -> None:
    assert check(STREAM, 2, answer) == End("page 2 has no athletes")
    with pytest.raises(ChangedShape, match="page 1 of athletes"):
        check(STREAM, 1, answer)


def test_a_field_of_the_records_must_be_in_one_of_them() -> None:
    assert isinstance(check(STREAM, 1, {"athletes": [{"id": 1}, 7, {"name": "Ann"}]}), Page)
    with pytest.raises(ChangedShape, match='expected the field "name"'):
        check(STREAM, 1, {"athletes": [{"id": 1}, {"id": 2}]})


def test_an_error_page_is_trouble_and_no_change() -> None:
    with pytest.raises(Unavailable, match="try later"):
        check(STREAM, 1, {"message": "try later"})
    with pytest.raises(ChangedShape):
        check(STREAM, 1, {"message": "all well", "athletes": [GOOD]})


def test_a_name_in_a_message_cannot_break_the_line() -> None:
    with pytest.raises(ChangedShape) as caught:
        check(STREAM, 1, {"athletes": [GOOD], "a\nb" + "c" * 500: 1} | {f"more{n}": n for n in range(20)})
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 600 and "and 13 more" in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"{", b"<html/>", b'{"a": NaN}', b'{"a": 1e999}', b"\xff", b"[" * 100_000])
def test_what_is_not_json_is_trouble(body: bytes) -> None:
    with pytest.raises(Unavailable, match="status 200"):
        decode(body)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 3), ANYTHING)
def test_any_json_is_a_page_an_end_or_said_to_be_wrong_in_one_line(page: int, answer: Any) -> None:
    try:
        found = check(STREAM, page, decode(json.dumps(answer).encode()))
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
