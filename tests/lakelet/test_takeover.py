from __future__ import annotations

import pytest

from lakelet.takeover import set_free
from lambdas.clock import Clock
from lambdas.conduct.plan import Step, next_step
from lambdas.ledger import UNFINISHED, Ledger
from sources import SOURCES
from sources.layout import RunName
from sources.runs import State

NAME = RunName("olympics", "athletes", "20260302T050000Z")
AT = "2026-03-02T06:00:00+01:00"


def keyed_by(first: str, second: str) -> list[dict[str, str]]:
    return [{"AttributeName": first, "KeyType": "HASH"}, {"AttributeName": second, "KeyType": "RANGE"}]


@pytest.fixture
def runs_table(aws, unique) -> str:
    name = unique("runs")
    aws("dynamodb").create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("stream", "run", UNFINISHED)],
        KeySchema=keyed_by("stream", "run"),
        GlobalSecondaryIndexes=[{"IndexName": UNFINISHED, "KeySchema": keyed_by(UNFINISHED, "run"),
                                 "Projection": {"ProjectionType": "ALL"}}],
    )  # fmt: skip
    return name


@pytest.fixture
def ledger(aws, runs_table) -> Ledger:
    return Ledger(aws("dynamodb"), runs_table)


def left_over(aws, runs_table) -> list[str]:
    return [run.state for run in set_free(aws("dynamodb"), runs_table, tuple(SOURCES.values()))]


def test_a_lease_whose_holder_died_with_its_command_has_run_out(aws, runs_table, ledger) -> None:
    now = Clock().now()
    held = ledger.take_lease(NAME, AT, "somebody", int(now) + 900)
    assert next_step(held, now) == Step.LEAVE
    assert left_over(aws, runs_table) == ["extracting"]
    assert next_step(ledger.find(NAME), now) == Step.LAPSE


def test_a_claim_that_got_no_job_is_taken_back(aws, runs_table, ledger) -> None:
    now = Clock().now()
    run = ledger.extracted(ledger.take_lease(NAME, AT, "somebody", int(now) + 900), "manifests/m.json")
    ledger.claim([run], "batch", {NAME: "manifests/m.json"})
    assert next_step(ledger.find(NAME), now) == Step.LEAVE
    assert left_over(aws, runs_table) == ["curating"]
    assert next_step(ledger.find(NAME), now) == Step.RELEASE


def test_what_holds_nothing_stays_as_it_is(aws, runs_table, ledger) -> None:
    run = ledger.take_lease(NAME, AT, "somebody", int(Clock().now()) + 900)
    ledger.wait(run, "the API is down", 2_000_000_000)
    before = ledger.find(NAME)
    assert left_over(aws, runs_table) == [State.WAITING]
    assert ledger.find(NAME) == before


def test_a_nudge_whose_function_died_may_be_given_again(aws, runs_table, ledger) -> None:
    now = Clock().now()
    ledger.nudge(ledger.wait(ledger.take_lease(NAME, AT, "somebody", int(now) + 900), "down", int(now)))
    assert next_step(ledger.find(NAME), now) == Step.LEAVE
    left_over(aws, runs_table)
    assert next_step(ledger.find(NAME), now + 1) == Step.EXTRACT


def test_a_lake_without_runs_is_no_trouble(aws, runs_table) -> None:
    assert left_over(aws, runs_table) == []
