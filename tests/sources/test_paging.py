from __future__ import annotations

from typing import Any

import pytest

from sources.paging import NextLink, Offset, PageNumber, PagingBroken


def test_page_numbers_count_up_from_where_they_start() -> None:
    paging = PageNumber("page", start=0)
    assert paging.first() == "0"
    assert paging.params("0") == {"page": "0"}
    assert paging.after("9", {"athletes": []}) == "10"


def test_a_link_is_followed_by_its_query_wherever_it_leads() -> None:
    paging = NextLink()
    assert paging.params(paging.first()) == {}
    after = paging.after("", {"next": "https://elsewhere.example/v9/other?offset=100&limit=100&q=a%26b%20c&fields="})
    assert after is not None
    assert paging.params(after) == {"offset": "100", "limit": "100", "q": "a&b c", "fields": ""}


@pytest.mark.parametrize("envelope", [{"next": None}, {}])
def test_a_page_without_a_link_is_the_last(envelope: dict[str, Any]) -> None:
    assert NextLink().after("offset=100", envelope) is None


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("https://api.example/items?offset=100", "leads to itself"),
        ("https://api.example/items", "is no link to another page"),
        ("", "is no link to another page"),
        (7, "is no link to another page"),
        ({"href": "https://api.example/items?offset=200"}, "is no link to another page"),
    ],
)
def test_a_link_that_leads_nowhere_is_said_to(link: Any, said: str) -> None:
    with pytest.raises(PagingBroken, match=said):
        NextLink().after("offset=100", {"next": link})


def test_an_offset_moves_by_the_step_that_the_page_took() -> None:
    paging = Offset()
    assert paging.params(paging.first()) == {"offset": "0"}
    assert paging.after("100", {"limit": 50, "next": "there"}) == "150"
    assert paging.after("100", {"limit": 10, "next": "there"}) == "110"
    assert paging.after("100", {"limit": 50, "next": None}) is None


def test_an_offset_does_not_ask_for_more_than_the_api_gives() -> None:
    assert Offset().after("900", {"limit": 50, "next": "there"}) == "950"
    assert Offset().after("950", {"limit": 50, "next": "there"}) is None
    assert Offset(most=100).after("60", {"limit": 30, "next": "there"}) is None


@pytest.mark.parametrize("step", [None, 0, -50, "50", True, 2.5])
def test_a_page_that_does_not_say_its_step_leads_nowhere(step: Any) -> None:
    with pytest.raises(PagingBroken, match="its limit is"):
        Offset().after("0", {"limit": step, "next": "there"})


def test_what_the_api_keeps_back_is_told_in_words() -> None:
    assert Offset().held_back({"total": 1_300}) == "it finds 1,300 records, and the API gives 1,000 at most"
    for total in (1_000, 0, None, "1300"):
        assert Offset().held_back({"total": total}) == ""
    assert NextLink().held_back({"total": 1_300}) == PageNumber("page").held_back({"total": 1_300}) == ""


def test_only_where_no_page_says_that_it_is_the_last_a_repeated_one_may_be_the_end() -> None:
    assert PageNumber("page").ends_by_repeating
    assert not NextLink().ends_by_repeating
    assert not Offset().ends_by_repeating
