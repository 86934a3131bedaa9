from __future__ import annotations

import json
from dataclasses import replace

from lakelet.outcome import RunOutcome
from lakelet.render import as_json, as_text

COUNTS = {
    "rows_in": 1200,
    "merged": 1100,
    "duplicates": 90,
    "set_aside": 10,
    "inserted": 1,
    "updated": 2,
    "unchanged": 1097,
}
GOOD = RunOutcome(
    "olympics/athletes/20260302T050000Z", "curated", pages=3, counts=COUNTS,
    rows_by={"athletes by sport": {"Judo": 900, "Golf": 200}}, seconds={"deploy": 2.0, "curate": 9.5},
)  # fmt: skip


def test_a_good_run_is_a_table_and_three_lines() -> None:
    assert as_text([GOOD]).splitlines() == [
        "athletes by sport          rows",
        "  Judo                      900",
        "  Golf                      200",
        "  all                     1,100",
        "",
        "run olympics/athletes/20260302T050000Z is curated",
        "rows in  1,200 = merged 1,100 + duplicates 90 + set aside 10",
        "merged   1,100 = inserted 1 + updated 2 + unchanged 1,097; deleted 0",
        "seconds  deploy 2.0 · curate 9.5 · all 11.5",
    ]


def test_a_run_that_waits_says_why_and_shows_no_numbers_it_does_not_have() -> None:
    waits = RunOutcome(
        "a/b/c", "waiting", reason="the API is down; goes on by itself at 06:15", seconds={"extract": 1.0}
    )
    assert as_text([waits]).splitlines() == [
        "run a/b/c is waiting: the API is down; goes on by itself at 06:15",
        "seconds  extract 1.0 · all 1.0",
    ]


def test_a_run_that_was_over_before_shows_no_seconds() -> None:
    (first, *rest) = as_text([replace(GOOD, seconds={}, rows_by={})]).splitlines()
    assert first.endswith("is curated") and [line.split()[0] for line in rest] == ["rows", "merged"]


def test_a_run_that_broke_names_the_file_with_its_log_before_the_next_step() -> None:
    broken = RunOutcome("a/b/c", "failed", reason="why", log="logs/a-b-c.log", next_step="mend it")
    assert as_text([broken]).splitlines() == ["run a/b/c is failed: why", "log      logs/a-b-c.log", "next     mend it"]


def test_no_rows_are_a_success_that_says_so() -> None:
    nothing = RunOutcome("a/b/c", "curated", counts={"rows_in": 0, "merged": 0}, rows_by={"t by x": {}})
    assert "rows in  0: there was nothing to read" in as_text([nothing])


def test_many_values_are_cut_short_and_still_add_up() -> None:
    rows = {f"sport {number:02}": 100 - number for number in range(12)}
    text = as_text([RunOutcome("a/b/c", "curated", counts=COUNTS, rows_by={"t by sport": rows})])
    assert "... and 2 more" in text and f"{sum(rows.values()):,}" in text


def test_json_holds_what_the_text_says() -> None:
    (found,) = json.loads(as_json([GOOD]))
    assert (found["state"], found["counts"], found["rows_by"]) == ("curated", COUNTS, GOOD.rows_by)


def test_exit_codes() -> None:
    codes = {
        state: RunOutcome("a/b/c", state).exit_code for state in ("curated", "waiting", "failed", "parked", "unknown")
    }
    assert codes == {"curated": 0, "waiting": 3, "failed": 1, "parked": 1, "unknown": 1}
