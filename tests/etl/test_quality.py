from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from etl.errors import PageDiffers, TooManyBadRows
from etl.manifests import Manifest, Page
from etl.quality import UNREADABLE, Tally, check_pages, is_too_bad, judge, refuse_bad_runs, rows_to_set_aside, tally
from sources.layout import RunName
from sources.olympics import ATHLETES

from .conftest import frame

RUN = "20261121T050000Z"
SHAPE = (
    "source_run string, source_page int, source_position int, object string, record string, readable boolean,"
    " id string, name string, country string, sport string"
)


@pytest.fixture
def judged(spark):
    rows = [
        (RUN, 1, 0, "page1", '{"a":1}', True, "1", "Ana", None, None),
        (RUN, 1, 1, "page1", '{"b":1}', True, None, None, None, "Judo"),
        (RUN, 1, 2, "page1", '{"c":1}', True, "3", None, None, None),
        (RUN, 2, 0, "page2", None, False, None, None, None, None),
    ]
    return judge(frame(spark, rows, SHAPE), ATHLETES)


@pytest.fixture
def judged_elements(spark):
    """A record of two rows, one of them bad; and one that is left out, which would be bad too."""
    rows = [
        (RUN, 1, 0, "page1", "{}", True, "1", "Ana", None, None, 0, None),
        (RUN, 1, 0, "page1", "{}", True, None, "Ana", None, None, 1, None),
        (RUN, 1, 1, "page1", "{}", True, None, None, None, None, 0, "local file"),
    ]
    return judge(frame(spark, rows, f"{SHAPE}, element int, left_out string"), ATHLETES)


def test_the_first_broken_rule_is_the_reason_and_a_fallback_heals(judged):
    found = judged.orderBy("source_page", "source_position").select("id", "sport", "reason", "record").collect()
    assert [tuple(row) for row in found] == [
        ("1", "Unknown", None, None),
        (None, "Judo", "no id", '{"b":1}'),
        ("3", "Unknown", "no name", '{"c":1}'),
        (None, "Unknown", UNREADABLE, None),
    ]


def test_rows_are_counted_by_run_page_and_reason(judged):
    assert tally({"t": judged})["t"] == {
        RUN: Tally(4, Counter(page1=3, page2=1), Counter({"no id": 1, "no name": 1, UNREADABLE: 1}))
    }


def test_bad_rows_keep_their_place_and_text(judged):
    assert sorted(tuple(row) for row in rows_to_set_aside(judged).collect()) == [
        ("page1", 1, 0, "no id", '{"b":1}', RUN),
        ("page1", 2, 0, "no name", '{"c":1}', RUN),
        ("page2", 0, 0, UNREADABLE, "null", RUN),
    ]


def test_rows_are_counted_by_element_and_records_by_page(judged_elements):
    reasons = Counter({"no id": 1, "local file": 1})
    assert tally({"t": judged_elements})["t"] == {RUN: Tally(3, Counter(page1=2), reasons)}


def test_bad_rows_of_one_record_are_set_aside_by_element(judged_elements):
    found = sorted(tuple(row)[1:4] for row in rows_to_set_aside(judged_elements).collect())
    assert found == [(0, 1, "no id"), (1, 0, "local file")]


def manifest(rows: int) -> Manifest:
    return Manifest(RunName("olympics", "athletes", RUN), rows, (Page(1, "page1", rows),))


def test_a_page_with_other_rows_than_promised_stops_with_both_numbers():
    check_pages(manifest(3), Tally(3, Counter(page1=3)))
    with pytest.raises(PageDiffers, match="page page1 holds 3 rows, its manifest says 4"):
        check_pages(manifest(4), Tally(3, Counter(page1=3)))


def test_the_declared_share_of_bad_rows_is_still_allowed():
    assert not is_too_bad(Tally(20, Counter(page1=20), Counter({"no id": 1})), ATHLETES)
    assert is_too_bad(Tally(19, Counter(page1=19), Counter({"no id": 1})), ATHLETES)
    assert not is_too_bad(Tally(), ATHLETES)


def test_what_a_table_expects_is_set_aside_and_is_not_bad():
    local_files = Tally(20, Counter(page1=20), Counter({"local file": 19, "no id": 1}))
    assert is_too_bad(local_files, ATHLETES)
    assert not is_too_bad(local_files, replace(ATHLETES, expects=("local file",)))


def test_a_run_that_is_too_bad_is_refused_with_the_faults_alone():
    read = Tally(100, Counter(page1=100), Counter({"local file": 50, "no id": 9}))
    table = replace(ATHLETES, expects=("local file",))
    with pytest.raises(TooManyBadRows, match=r"9 of 100 rows are bad \(9.0%, limit 5.0%\), most often 'no id' \(9"):
        refuse_bad_runs(table, [(manifest(100), read)], "here")


def test_a_bad_run_is_refused_with_its_numbers_and_where_to_look():
    read = Tally(100, Counter(page1=100), Counter({"no id": 2, "no name": 9}))
    with pytest.raises(TooManyBadRows) as refused:
        refuse_bad_runs(ATHLETES, [(manifest(100), read)], "glue_catalog.lake.athletes_set_aside")
    assert str(refused.value) == (
        f"olympics/athletes/{RUN}: 11 of 100 rows are bad (11.0%, limit 5.0%), most often 'no name' (9 times);"
        " table athletes is as it was, the rows are in glue_catalog.lake.athletes_set_aside"
    )
