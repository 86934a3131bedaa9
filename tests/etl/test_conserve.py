from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from etl.conserve import Counts, count_decided, counts_by_run
from etl.errors import RowsNotConserved
from etl.fold import DELETE, INSERT, NOTHING
from etl.manifests import Manifest
from etl.merge import Changed
from etl.quality import Tally
from sources.layout import RunName
from sources.olympics import ATHLETES

from .conftest import frame

SHAPE = "_action string, _stands boolean, _runs array<string>"


def run(name: str, rows: int, bad: int) -> tuple[Manifest, Tally]:
    reasons = Counter({"no id": bad}) if bad else Counter()
    return Manifest(RunName("olympics", "athletes", name), rows, ()), Tally(rows, Counter(), reasons)


@pytest.fixture(scope="module")
def decided(spark):
    """One key seen twice by r1 and once by r2; one known already; one without a sport where one is known; one of a
    run that was only read along; one that is taken back."""
    rows = [
        (INSERT, True, ["r1", "r1", "r2"]),
        (NOTHING, True, ["r1"]),
        (NOTHING, False, ["r2"]),
        (INSERT, True, []),
        (DELETE, False, []),
    ]
    return count_decided(frame(spark, rows, SHAPE))


def test_a_key_is_changed_once_whoever_brought_its_rows(decided):
    assert decided.changed == Changed(inserted=2, deleted=1)


def test_each_row_is_merged_or_a_duplicate_or_set_aside(decided):
    counts = counts_by_run(decided, ATHLETES, [run("r1", 4, 1), run("r2", 2, 0), run("r3", 0, 0)])
    assert counts == {
        "olympics/athletes/r1": Counts(rows_in=4, merged=1, duplicates=2, set_aside=1, unchanged=1, bad=1),
        "olympics/athletes/r2": Counts(rows_in=2, merged=1, duplicates=1, set_aside=0, unchanged=0),
        "olympics/athletes/r3": Counts(),
    }


def test_rows_in_are_those_that_the_transform_gave(decided):
    (manifest, read), *_ = batch = [run("r1", 4, 1), run("r2", 2, 0)]
    fewer_records = [(replace(manifest, rows=2), read), *batch[1:]]
    assert counts_by_run(decided, ATHLETES, fewer_records)["olympics/athletes/r1"].rows_in == 4


def test_a_lost_row_stops_the_run_with_all_numbers(decided):
    with pytest.raises(
        RowsNotConserved, match=r"r1: 5 rows in, but 1 merged \+ 2 duplicates \+ 1 set aside = 4; nothing"
    ):
        counts_by_run(decided, ATHLETES, [run("r1", 5, 1), run("r2", 2, 0)])
