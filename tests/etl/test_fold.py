"""The rule of ``etl.fold``, told three times: by examples, by its own words in plain Python (``whole``), and by jobs in
plain Python that see only their batch (``merged``). Spark must agree with the first, on histories at random too."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.fold import DELETE, INSERT, NOTHING, SEEN, UPDATE, decide
from sources.model import Column, Fallback, Table
from sources.runs import ORDER

from .conftest import frame

SCORES = Table(
    "scores",
    key=("id", "sport"),
    columns=tuple(Column(name, "string") for name in ("id", "sport", "name")),
    fallback=Fallback("sport", "?", within=("id",)),
)
ROW = "id string, sport string, name string, source_run string, source_page int, source_position int"

Seen = tuple[str, str, str | None]  # id, sport, name
History = dict[str, list[Seen]]  # what each run saw, in order
Rows = dict[tuple[str, str], tuple[str | None, tuple[str, int, int]]]  # name and place, by key


def placed(history: History) -> list[tuple[Seen, tuple[str, int, int]]]:
    """Rows with their places, two to a page."""
    return [(row, (run, n // 2 + 1, n % 2)) for run in sorted(history) for n, row in enumerate(history[run])]


def whole(history: History) -> Rows:
    """The table of all these runs, in the words of the rule."""
    table: Rows = {}
    known = {id_ for (id_, sport, _), _ in placed(history) if sport != "?"}
    for key in {(id_, sport) for (id_, sport, _), _ in placed(history)}:
        by_run = {place[0]: (row[2], place) for row, place in placed(history) if row[:2] == key}
        seen = [by_run[run] for run in sorted(by_run)]
        first = len(seen) - 1
        while first and seen[first - 1][0] == seen[-1][0]:
            first -= 1
        if not (key[1] == "?" and key[0] in known):
            table[key] = (seen[-1][0], seen[first][1])
    return table


def merged(table: Rows, read: History) -> Rows:
    """What a job makes of a table with the runs that it reads: the target's row is one more sighting."""
    found: Rows = dict(table)
    for key in {row[:2] for row, _ in placed(read)}:
        present = [table[key]] if key in table else []
        seen = sorted(present + [(row[2], place) for row, place in placed(read) if row[:2] == key], key=lambda s: s[1])
        last = [s for s, after in zip(seen, [*seen[1:], None], strict=True) if not after or after[1][0] != s[1][0]]
        news = [s for s, before in zip(last, [None, *last], strict=False) if before is None or before[0] != s[0]]
        found[key] = news[-1]
    known = {id_ for id_, sport in found if sport != "?"}
    return {key: row for key, row in found.items() if not (key[1] == "?" and key[0] in known)}


def read_by_a_job(history: History, batch: set[str], stored: set[str]) -> History:
    """The batch, and every stored run newer than its oldest."""
    return {run: history[run] for run in stored if run in batch or run > min(batch)}


row = st.tuples(st.sampled_from("12"), st.sampled_from(["?", "judo", "golf"]), st.sampled_from(["A", "B", None]))
histories = st.lists(st.lists(row, max_size=4), min_size=1, max_size=6).map(
    lambda runs: {f"r{number}": rows for number, rows in enumerate(runs)}
)


@settings(max_examples=400, deadline=None)
@given(histories, st.randoms(use_true_random=False))
def test_the_table_depends_on_the_runs_merged_and_on_nothing_else(history, chance):
    table: Rows = {}
    stored: set[str] = set()
    for batch in jobs_at_random(history, chance):
        stored |= batch
        table = merged(table, read_by_a_job(history, batch, stored))
        assert table == whole({run: history[run] for run in stored})
    assert table == whole(history)


def jobs_at_random(history: History, chance: random.Random) -> list[set[str]]:
    """Every run in some batch, in any order, some of them twice."""
    runs = list(history) + chance.choices(list(history), k=3)
    chance.shuffle(runs)
    batches = []
    while runs:
        size = chance.randint(1, 3)
        batches.append(set(runs[:size]))
        runs = runs[size:]
    return batches


def flat(table: Rows) -> list[tuple[Any, ...]]:
    return [(*key, name, *place) for key, (name, place) in table.items()]


MANY = Table(
    "many",
    key=("history", *SCORES.key),
    columns=(Column("history", "int"), *SCORES.columns),
    fallback=Fallback("sport", "?", within=("history", "id")),
)


def decided(spark, tables: list[Rows], reads: list[History], batch: set[str]) -> dict[int, list[Any]]:
    """What Spark decides on many histories at once, told apart by a column more in the key."""
    rows = [(n, *row, *place) for n, read in enumerate(reads) for row, place in placed(read)]
    target = [(n, *row) for n, table in enumerate(tables) for row in flat(table)]
    schema = f"history int, {ROW}"
    found: dict[int, list[Any]] = {n: [] for n in range(len(tables))}
    for row in decide(frame(spark, rows, schema), frame(spark, target, schema), MANY, batch).collect():
        found[row.history].append(row)
    return {n: sorted(rows, key=lambda row: (row.id, row.sport)) for n, rows in found.items()}


EXAMPLES: list[tuple[Rows, History]] = []


def example(table: Rows, read: History) -> int:
    """A table and what a job reads, of which r1 and r2 are its batch."""
    EXAMPLES.append((table, read))
    return len(EXAMPLES) - 1


@pytest.fixture(scope="module")
def decisions(spark) -> dict[int, list[Any]]:
    """What is decided in each example."""
    tables, reads = zip(*EXAMPLES, strict=True)
    return decided(spark, list(tables), list(reads), {"r1", "r2"})


def actions(found: list[Any]) -> dict[tuple[str, str], str]:
    return {(row.id, row.sport): row._action for row in found}


THREE_ROWS = example({}, {"r1": [("1", "judo", "A"), ("1", "judo", None), ("1", "judo", "B")]})


def test_the_last_row_of_a_run_stands_and_the_others_are_counted(decisions):
    (found,) = decisions[THREE_ROWS]
    assert (found._action, found.name, found._runs) == (INSERT, "B", ["r1", "r1", "r1"])
    assert [found[name] for name in ORDER] == ["r1", 2, 0]
    assert [found[name] for name in SEEN] == [None, None, None]


def test_of_rows_at_one_place_the_row_itself_decides(spark):
    """As where a record names one artist twice: whatever order Spark has them in, the same one stands."""
    rows = [("1", "judo", name, "r1", 1, 0) for name in ("B", "C", "A")]
    for order in (rows, rows[::-1]):
        given, target = frame(spark, order, ROW), frame(spark, [], ROW)
        (found,) = decide(given, target, SCORES, {"r1"}).collect()
        assert (found.name, found._runs) == ("C", ["r1", "r1", "r1"])
    replay = decide(given, frame(spark, [rows[1]], ROW), SCORES, {"r1"})
    assert [row._action for row in replay.collect()] == [NOTHING]


THE_SAME_AGAIN = example(
    whole({"r1": [("1", "judo", "A"), ("1", "judo", "B"), ("2", "golf", None)]}),
    {"r2": [("2", "golf", None), ("1", "judo", "A"), ("1", "judo", "B")]},
)


def test_a_run_that_sees_the_same_changes_nothing_even_when_it_sees_two_versions(decisions):
    assert actions(decisions[THE_SAME_AGAIN]) == {("1", "judo"): NOTHING, ("2", "golf"): NOTHING}


TO_NULL = example(whole({"r1": [("1", "judo", "A")]}), {"r2": [("1", "judo", None)]})


def test_null_is_a_value_like_any_other(decisions):
    (found,) = decisions[TO_NULL]
    assert (found._action, found.name, found.source_run, found._seen_source_run) == (UPDATE, None, "r2", "r1")


LATE = example(
    whole({"r1": [("1", "judo", "A")], "r3": [("1", "judo", "A")]}),
    {"r2": [("1", "judo", "B")], "r3": [("1", "judo", "A")]},
)


def test_a_late_run_that_breaks_a_streak_moves_its_start(decisions):
    (found,) = decisions[LATE]
    assert (found._action, found.name, found.source_run, found._runs) == (UPDATE, "A", "r3", ["r2"])


VALUE_COMES = example(whole({"r1": [("1", "?", "A"), ("2", "?", "B")]}), {"r2": [("1", "judo", "A")]})


def test_a_row_under_the_fallback_is_taken_back_when_a_value_comes(decisions):
    assert actions(decisions[VALUE_COMES]) == {("1", "?"): DELETE, ("1", "judo"): INSERT}


VALUE_KNOWN = example(
    whole({"r1": [("1", "judo", "A")]}), {"r2": [("1", "?", "New name"), ("2", "golf", "B"), ("2", "?", "B")]}
)


def test_a_row_without_a_value_is_a_duplicate_where_one_is_known(decisions):
    assert [(row.id, row.sport, row._action, row._stands, row._runs) for row in decisions[VALUE_KNOWN]] == [
        ("1", "?", NOTHING, False, ["r2"]),
        ("1", "judo", NOTHING, True, []),
        ("2", "?", NOTHING, False, ["r2"]),
        ("2", "golf", INSERT, True, ["r2"]),
    ]


REPLAY = example(whole({"r1": [("1", "judo", "z")]}), {"r1": [("1", "judo", "A")]})


def test_a_replay_under_new_rules_takes_effect(decisions):
    (found,) = decisions[REPLAY]
    assert (found._action, found.name, found.source_run) == (UPDATE, "A", "r1")


def test_spark_decides_as_the_rule_says_on_histories_at_random(spark):
    """Forty histories at once."""
    chance = random.Random(7)
    histories = [history_at_random(chance) for _ in range(40)]
    jobs = [jobs_at_random(history, chance) for history in histories]
    tables: list[Rows] = [{} for _ in histories]
    stored: list[set[str]] = [set() for _ in histories]
    for step in range(3):
        reads: list[History] = [{} for _ in histories]
        for n, history in enumerate(histories):
            if step < len(jobs[n]):
                stored[n] |= jobs[n][step]
                reads[n] = read_by_a_job(history, jobs[n][step], stored[n])
        for n, rows in decided(spark, tables, reads, {"r0"}).items():
            for row in rows:
                apply(row, tables[n])
        expected = [whole({run: history[run] for run in stored[n]}) for n, history in enumerate(histories)]
        assert tables == expected


def history_at_random(chance: random.Random) -> History:
    def row() -> Seen:
        return chance.choice("12"), chance.choice(["?", "judo", "golf"]), chance.choice(["A", "B", None])

    return {f"r{run}": [row() for _ in range(chance.randint(1, 4))] for run in range(chance.randint(1, 5))}


def apply(row: Any, table: Rows) -> None:
    """What the merge does with a decision, refused where the decision does not fit the table."""
    key = (row.id, row.sport)
    present = table.get(key)
    assert tuple(row[name] for name in SEEN) == (present[1] if present else (None, None, None))
    if row._action in (INSERT, UPDATE):
        assert (row._action == UPDATE) == bool(present)
        table[key] = (row.name, (row.source_run, row.source_page, row.source_position))
    elif row._action == DELETE:
        del table[key]
