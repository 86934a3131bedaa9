"""Days in the life of one lake, in order: each test goes on where the one before stopped."""

from __future__ import annotations

import gzip
import json

import pytest

from lakelet.ask import ask, named_queries
from lakelet.ledger import runs_of
from lakelet.place import Place
from lakelet.tables import properties_of
from sources.layout import LEDGER
from tests.end_to_end.written import PLACES
from tests.queries.plain import ANSWERS, UNTOLD
from tests.queries.world import COUNTS, World

SMALL = {"athletes": 400, "page_size": 50, "bad_per_thousand": 15}
GOOD_DAYS = [0]  # the stand-in's days that have been merged, oldest run first
SECRET = "planted-b7e1c0ffee"


@pytest.fixture(scope="module")
def lake(module_played):
    """The API asks for a planted key, which the last tests look for wherever something is written down."""
    with module_played(key=SECRET) as found:
        found.api.key = SECRET
        yield found


def test_day_0_the_table_is_what_the_api_served(lake, story) -> None:
    outcome = story(0, **SMALL)
    truth = lake.api.truth([0])
    assert (outcome.state, outcome.exit_code) == ("curated", 0)
    numbers = (outcome.counts[name] for name in ("rows_in", "merged", "duplicates", "set_aside", "inserted"))
    assert tuple(numbers) == (truth.rows_in, truth.merged, truth.duplicates, truth.set_aside, truth.merged)
    assert lake.athletes() == truth.rows
    assert outcome.rows_by["athletes by sport"] == truth.by_sport
    assert truth.set_aside > 0 and truth.duplicates > 0, "the stand-in served nothing odd: this test shows little"


def test_day_0_what_was_set_aside_says_why_and_where(lake) -> None:
    aside = lake.rows("athletes_set_aside")
    assert len(aside) == lake.api.truth([0]).set_aside
    assert {row["object"].split("/")[0] for row in aside} == {"raw"}
    assert all(row["reason"] and row["record"] for row in aside)


def test_day_0_where_each_row_came_from_can_be_looked_up(lake) -> None:
    row = lake.rows()[0]
    record = lake.api.api.page(row["source_page"], 0)[row["source_position"]]
    assert record["id"].strip() == row["id"]


def test_day_1_unchanged_data_change_nothing_and_commit_nothing(lake, story) -> None:
    before = (lake.snapshots(), lake.rows())
    outcome = story(1, **SMALL)
    assert outcome.state == "curated"
    assert outcome.counts["unchanged"] == outcome.counts["merged"] == lake.api.truth([0]).merged
    assert (outcome.counts["inserted"], outcome.counts["updated"], outcome.counts["deleted"]) == (0, 0, 0)
    assert (lake.snapshots(), lake.rows()) == before


def test_day_2_changed_athletes_change_and_only_their_partitions_are_rewritten(lake, story) -> None:
    before, rows_before, snapshots = lake.files(), set(lake.athletes()), lake.snapshots()
    outcome = story(2, **SMALL, day=1)
    changed = set(map(tuple, lake.api.truth([0, 0, 1]).rows)) ^ rows_before
    assert 0 < len(changed) < 60
    assert set(lake.athletes()) ^ rows_before == changed
    assert outcome.counts["updated"] + outcome.counts["inserted"] == len(changed - rows_before)
    after = lake.files()
    rewritten = {sport for sport in before | after if before.get(sport) != after.get(sport)}
    assert rewritten == {row[3] for row in changed}
    assert len(lake.snapshots()) == len(snapshots) + 1
    assert lake.table().current_snapshot().summary["run_id"] == "20260304T050000Z"
    GOOD_DAYS.extend([0, 1])


def test_day_4_comes_before_day_3_and_the_table_is_as_if_it_had_not(lake, story) -> None:
    story(4, **SMALL, day=3)
    late = story(3, **SMALL, day=2)
    assert late.state == "curated"
    GOOD_DAYS.extend([2, 3])
    assert lake.athletes() == lake.api.truth(GOOD_DAYS).rows


def test_a_run_that_is_over_is_not_done_again(lake) -> None:
    before, requests = (lake.snapshots(), lake.rows()), len(lake.api.requests)
    lake.extract(0)
    lake.lake.rehearsal.settle()
    assert ((lake.snapshots(), lake.rows()), len(lake.api.requests)) == (before, requests)


@pytest.mark.parametrize(
    ("day", "fault", "words"),
    [(5, "shape@3", ["athletes_v2", "page 3"]), (6, "record-shape@2", ["name_v2", "page 2"])],
)
def test_a_changed_shape_stops_the_stream_before_anything_is_stored_as_good(lake, story, day, fault, words) -> None:
    before = (lake.snapshots(), lake.rows())
    outcome = story(day, fault, **SMALL, day=3)
    assert (outcome.state, outcome.exit_code) == ("failed", 1)
    assert all(word in outcome.reason for word in [*words, "expected", "found"]), outcome.reason
    assert (lake.snapshots(), lake.rows()) == before


def test_day_7_no_rows_is_a_success_that_says_so(lake, story) -> None:
    before = (lake.snapshots(), lake.rows())
    outcome = story(7, athletes=0)
    assert (outcome.state, outcome.counts["rows_in"], outcome.counts["merged"]) == ("curated", 0, 0)
    assert (lake.snapshots(), lake.rows()) == before


def test_day_8_an_api_that_is_down_makes_the_run_wait(lake, story) -> None:
    outcome = story(8, "down", **SMALL)
    assert (outcome.state, outcome.exit_code) == ("waiting", 3)
    assert "reconcile" in outcome.reason or "goes on" in outcome.reason, outcome.reason


def test_day_8_goes_on_by_itself_when_the_api_is_back(lake) -> None:
    lake.serve(**SMALL, day=4)
    lake.lake.reconcile()
    assert lake.state_of_day(8) == "curated"
    GOOD_DAYS.append(4)
    assert lake.athletes() == lake.api.truth(GOOD_DAYS).rows


@pytest.mark.parametrize(("day", "fault", "state"), [(9, "error-page", "waiting"), (10, "401xalways", "failed")])
def test_days_9_and_10_the_api_answers_with_errors(story, day, fault, state) -> None:
    assert story(day, fault, **SMALL).state == state


def test_day_11_too_many_bad_rows_fail_the_run_and_leave_the_table(lake, story) -> None:
    before, aside = (lake.snapshots(), lake.rows()), len(lake.rows("athletes_set_aside"))
    outcome = story(11, athletes=300, page_size=100, bad_per_thousand=100)
    assert (outcome.state, outcome.exit_code) == ("failed", 1)
    assert "limit 5.0%" in outcome.reason and "athletes_set_aside" in outcome.reason, outcome.reason
    assert (lake.snapshots(), lake.rows()) == before
    assert len(lake.rows("athletes_set_aside")) == aside + lake.api.truth([0]).set_aside


@pytest.fixture(scope="module")
def world(lake) -> World:
    """What the days have left: the rows of the tables, and the runs as they were copied for Athena."""
    account, outputs = lake.account, lake.lake.outputs
    s3, bucket = account.client("s3"), outputs["curated_bucket"]
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket, Prefix=LEDGER)["Contents"]]
    runs = [json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read()) for key in keys]
    tables = {name: lake.table(name) for name in ("athletes", "athletes_set_aside")}
    place = Place("the lake", outputs, account.client, account.clock.now, properties_of(account.credentials()))
    return World(place, lake.rows(), lake.rows("athletes_set_aside"), runs, tables)


def test_the_runs_in_the_tables_are_copied_for_athena_as_the_ledger_has_them(lake, world) -> None:
    dynamodb, table = lake.account.client("dynamodb"), lake.lake.outputs["runs_table"]
    curated = [row_of(item) for item in runs_of(dynamodb, table, "olympics", "athletes") if item["state"] == "curated"]
    copies = {row["run"]: row for row in world.runs}
    assert curated and [row for row in curated if copies.get(row["run"]) != row] == []


def row_of(item: dict) -> dict:
    source, _, stream = item["stream"].partition("/")
    counts = dict.fromkeys(COUNTS, 0) | {name: item.get("counts", {}).get(name, 0) for name in COUNTS}
    known = {name: item[name] for name in ("run", "state", "attempts", "scheduled_at", "updated_at")}
    seconds = round(sum(item.get("seconds", {}).values()), 3)
    told = {"source": source, "stream": stream, "reason": item.get("reason", ""), "pages": item["page"] - 1}
    told["notes"] = "; ".join(item.get("notes", ()))
    return told | known | counts | {"seconds": seconds}


def test_the_queries_answer_what_the_days_have_left(lake, world) -> None:
    lake.serve(**SMALL)  # or the truth would be that of the last day's other athletes
    assert lake.athletes() == lake.api.truth(GOOD_DAYS).rows
    parameters = {"rows_since": {"run": "20260303T050000Z"}, "set_aside_records": {"run": "20260302T050000Z"}}
    different, queries = {}, [query for query in named_queries(world.place) if query.name in ANSWERS]
    assert len(queries) == len(ANSWERS)
    for query in queries:
        given = parameters.get(query.name, {})
        answer, expected = ask(world.place, query.name, given), ANSWERS[query.name](world, **given)
        told = [at for at, column in enumerate(answer.columns) if column not in UNTOLD.get(query.name, ())]
        rows = [tuple(row[at] for at in told) for row in answer.rows]
        if rows != expected:
            different[query.name] = [pair for pair in zip(rows, expected, strict=False) if pair[0] != pair[1]][:3]
        assert answer.bytes_read > 0 or not rows or "$" in query.sql, query.name  # the metadata are not data
    assert different == {}


def test_the_secret_is_where_it_belongs(lake) -> None:
    secrets = lake.account.client("secretsmanager")
    names = [found["Name"] for found in secrets.list_secrets()["SecretList"]]
    assert any(SECRET in secrets.get_secret_value(SecretId=name)["SecretString"] for name in names)


@pytest.mark.parametrize("place", PLACES)
def test_the_secret_is_nowhere_else_after_all_these_days(lake, place) -> None:
    texts = list(PLACES[place](lake.account))
    assert texts, f"no {place} were looked at: this test shows nothing"
    assert not [text for text in texts if SECRET in text]


def test_the_search_would_find_it(lake) -> None:
    account = lake.account
    account.client("s3").create_bucket(Bucket="leak", CreateBucketConfiguration={"LocationConstraint": account.region})
    account.client("s3").put_object(Bucket="leak", Key="page.json.gz", Body=gzip.compress(SECRET.encode()))
    assert any(SECRET in text for text in PLACES["objects"](account))
