"""The truth: rules small enough to check by eye, and sums that come out."""

from __future__ import annotations

import pytest

from stand_ins.olympics import Olympics
from stand_ins.olympics_truth import Row, work_out


def test_the_last_served_of_one_key_holds() -> None:
    truth = work_out(
        [
            {"id": "1", "name": "Ana", "country": "nor", "sport": "Judo"},
            {"id": " 1 ", "name": " Ana M. ", "country": " swe ", "sport": " Judo "},
            {"id": "1", "name": "Ana", "country": None, "sport": "Golf"},
            {"id": "01", "name": "Ana", "country": "  ", "sport": "Judo"},
        ],
        keep_rows=True,
    )
    assert truth.rows == [
        Row("01", "Ana", None, "Judo"),
        Row("1", "Ana", None, "Golf"),
        Row("1", "Ana M.", "SWE", "Judo"),
    ]
    assert (truth.rows_in, truth.merged, truth.duplicates, truth.set_aside) == (4, 3, 1, 0)


def test_unknown_stands_only_where_no_record_has_a_sport() -> None:
    truth = work_out(
        [
            {"id": "1", "name": "Ana", "country": "NOR", "sport": None},
            {"id": "2", "name": "Bo", "country": "SWE"},
            {"id": "1", "name": "Ana", "country": "NOR", "sport": "Judo"},
            {"id": "1", "name": "Ana", "country": "NOR", "sport": ""},
            {"id": "2", "name": "Bob", "country": "SWE", "sport": "  "},
            {"id": "2", "name": None, "country": "SWE", "sport": "Judo"},
        ],
        keep_rows=True,
    )
    assert truth.rows == [Row("1", "Ana", "NOR", "Judo"), Row("2", "Bob", "SWE", "Unknown")]
    assert (truth.rows_in, truth.merged, truth.duplicates, truth.set_aside) == (6, 2, 3, 1)
    assert truth.by_sport == {"Judo": 1, "Unknown": 1}


def test_bad_records_are_set_aside_by_reason() -> None:
    bad = [None, 7, "Ana", ["1"], {"name": "Ana"}, {"id": " ", "name": None}, {"id": "1"}, {"id": "1", "name": " "}]
    truth = work_out(bad, keep_rows=True)
    assert truth.bad == {"no id": 2, "no name": 2, "not an object": 4}
    assert (truth.rows_in, truth.merged, truth.duplicates, truth.set_aside, truth.rows) == (8, 0, 0, 8, [])


@pytest.mark.parametrize("days", [[0], [3], [0, 1, 2], [2, 0], []])
def test_rows_in_are_merged_duplicates_and_set_aside(days: list[int]) -> None:
    truth = Olympics(athletes=1_500, sports_found=1).truth(days)
    assert truth.rows_in == truth.merged + truth.duplicates + truth.set_aside == 1_566 * len(days)
    assert truth.rows is not None and truth.merged == len(truth.rows) == sum(truth.by_sport.values())
    assert truth.set_aside == sum(truth.bad.values())


def test_counts_are_the_same_without_rows() -> None:
    api = Olympics(athletes=1_500)
    full, counts = api.truth([0, 1], rows=True), api.truth([0, 1], rows=False)
    assert counts.rows is None
    assert [counts.merged, counts.duplicates, counts.by_sport] == [full.merged, full.duplicates, full.by_sport]


def test_the_order_of_days_decides_which_row_holds() -> None:
    api = Olympics(athletes=200, changed_share=0.5)
    first, second = api.truth([0]).rows, api.truth([1]).rows
    assert api.truth([0, 1]).rows == second != first == api.truth([1, 0]).rows


def test_an_athlete_who_is_found_a_sport_leaves_unknown() -> None:
    api = Olympics(athletes=500, changed_share=1.0, sports_found=1)
    assert api.truth([0]).by_sport["Unknown"] == 10
    assert "Unknown" not in api.truth([1]).by_sport
    assert "Unknown" not in api.truth([0, 1]).by_sport
    assert "Unknown" not in api.truth([1, 0]).by_sport


def test_today_is_meant_where_no_day_is_given() -> None:
    api = Olympics(athletes=200, day=3)
    assert api.truth().rows == api.truth([3]).rows != api.truth([0]).rows
