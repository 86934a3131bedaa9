from __future__ import annotations

from sources.paging import PageNumber


def test_page_numbers_count_up_from_where_they_start() -> None:
    paging = PageNumber("page", start=0)
    assert paging.first() == "0"
    assert paging.params("0") == {"page": "0"}
    assert paging.after("9", {"athletes": []}) == "10"
