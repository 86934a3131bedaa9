"""The page on limits is what the code says."""

from __future__ import annotations

import pytest

from lakelet.rehearsed.page import PAGE, main, tables, with_tables


def test_the_page_is_what_the_code_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_tables(page), "run: python -m lakelet.rehearsed.page --write"
    assert main([]) == 0


@pytest.mark.parametrize("title", list(tables()))
def test_each_table_has_its_place_on_the_page(title: str) -> None:
    assert tables()[title] in PAGE.read_text(encoding="utf-8")


def test_what_is_written_by_hand_stays() -> None:
    begin = "<!-- recorded: made by `python -m lakelet.rehearsed.page --write` -->"
    page = f"before\n{begin}\nout of date\n<!-- end -->\nafter"
    made = with_tables(page)
    assert made.startswith("before\n") and made.endswith("<!-- end -->\nafter")
    assert "out of date" not in made
