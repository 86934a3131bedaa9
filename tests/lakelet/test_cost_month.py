"""A month of a stack by its schedules, and the lake as it is made by hand beside it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from lakelet.cost.compare import Comparison, compare
from lakelet.cost.estimate import NothingMeasured, estimate, last_of_streams
from lakelet.cost.month import Month, Stack, month_of
from lakelet.cost.render import month_object, number
from lakelet.cost.standing import per_month
from lakelet.place import Place

MORNING = 1_772_400_000.0  # in March 2026
SHARED = ("reconcile", "reconcile-schedule")
GB = 2**30


def stack(**differing: Any) -> Stack:
    told: dict[str, Any] = {
        "runs": {"olympics/athletes": Decimal(30), "football/fixtures": Decimal(4)},
        "ticks": Decimal(2920),
        "shared": SHARED,
        "sweeps": ("extract",),
        "secrets": {"olympics": 1, "football": 1},
    }
    return Stack(**{**told, **differing})


def usage(written: int = 0, unknown: dict[str, int] | None = None, **parts: dict[str, float]) -> dict[str, Any]:
    return {
        "region": "us-east-1", "parts": parts, "free": {}, "unknown": unknown or {}, "pages": 10,
        "page_bytes": 1_000_000, "job_seconds": 40.0, "job_dpu": 2.0, "written_bytes": written,
        "table_bytes": {"athletes": 5_000_000},
    }  # fmt: skip


def quantity(month: Month, key: str) -> dict[str, Decimal]:
    return next((dict(row.used) for row in month.rows if row.price.key == key), {})


CURATE = {"glue_6_dpu_seconds": 120}
MEASURED_TICK = {"lambda_requests": 2, "lambda_gb_seconds": 0.5, "dynamodb_reads": 1, "log_bytes": 1400}


def test_each_run_of_a_month_uses_what_the_last_one_used() -> None:
    usages = {"olympics/athletes": usage(curate=CURATE), "football/fixtures": usage(curate={"glue_6_dpu_seconds": 200})}
    month = month_of(stack(), usages, 0, "us-east-1")
    assert quantity(month, "glue_6_dpu_seconds") == {"olympics": 3600, "football": 800}
    glue = next(row for row in month.rows if row.price.key == "glue_6_dpu_seconds")
    assert (glue.amount("olympics"), glue.amount("football"), glue.amount("shared")) == (
        Decimal("0.3080"), Decimal("0.0685"), 0,
    )  # fmt: skip


def test_reconcile_costs_what_it_was_last_measured_to_cost_and_no_source_pays_for_it() -> None:
    usages = {
        "olympics/athletes": usage(extract={"lambda_requests": 1, "lambda_gb_seconds": 9}, reconcile=MEASURED_TICK)
    }
    month = month_of(stack(), usages, 0, "us-east-1")
    assert quantity(month, "lambda_requests") == {"olympics": 30, "shared": 2920}
    assert quantity(month, "lambda_gb_seconds") == {"olympics": 270, "shared": 730}  # 2,920 quarters
    assert quantity(month, "dynamodb_reads") == {"shared": 1460}
    assert not any("reconcile" in each for each in month.assumptions)


def test_a_reconcile_that_was_never_seen_is_guessed_and_said_so() -> None:
    parts = {
        "extract": {"lambda_requests": 1, "lambda_gb_seconds": 9},
        "record": {"lambda_requests": 2, "lambda_gb_seconds": 1},
    }
    month = month_of(stack(), {"olympics/athletes": usage(**parts)}, 0, "us-east-1")
    assert quantity(month, "lambda_gb_seconds")["shared"] == 1460  # as long as record, not as the sweep
    assert quantity(month, "schedule_invocations") == {"shared": 2920}
    assert any(each.startswith("reconcile did not run") for each in month.assumptions)


def test_what_stands_costs_without_a_run() -> None:
    month = month_of(stack(alarm_metrics=3, dashboards=1, queries_a_day=24), {}, 4 * GB, "us-east-1")
    assert quantity(month, "secrets") == {"olympics": 1, "football": 1}
    assert quantity(month, "alarms") == {"shared": 3}
    assert quantity(month, "dashboards") == {"shared": 1}
    assert quantity(month, "sqs_polls") == {"shared": 657_000}  # 5 pollers * 3 a minute * 60 * 730
    # 24 queries a day: one an hour, ten megabytes each.
    assert quantity(month, "athena_bytes")["shared"] == pytest.approx(Decimal(730 * 10 * 2**20))
    assert quantity(month, "s3_storage") == {"shared": 4}
    assert month.of_owner("olympics") == Decimal("0.4")
    assert [each for each in month.assumptions if "has not run" in each] == [
        "olympics/athletes has not run yet, and is not in it; run it first: lakelet run olympics",
        "football/fixtures has not run yet, and is not in it; run it first: lakelet run football",
    ]


def test_what_is_written_in_a_month_is_kept_for_half_of_it() -> None:
    month = month_of(stack(), {"olympics/athletes": usage(written=GB)}, 0, "us-east-1")
    assert quantity(month, "s3_storage") == {"olympics": 15}


def test_asking_the_queue_is_counted_by_the_pollers_and_not_once_more_by_the_runs() -> None:
    usages = {"olympics/athletes": usage(start={"sqs_polls": 4, "sqs_requests": 1})}
    month = month_of(stack(), usages, 0, "us-east-1")
    assert quantity(month, "sqs_polls") == {"shared": 657_000}
    assert quantity(month, "sqs_requests") == {"olympics": 30}


def test_rows_and_columns_add_up_to_the_same_total_as_they_are_shown() -> None:
    parts = {"a": {"s3_puts": 7, "s3_gets": 13, "dynamodb_writes": 3, "secret_calls": 1}, "reconcile": MEASURED_TICK}
    usages = {"olympics/athletes": usage(written=12_345, **parts), "football/fixtures": usage(written=999, **parts)}
    month = month_of(stack(alarm_metrics=7), usages, 123_456, "eu-north-1")
    by_rows = sum((month.of_row(row) for row in month.rows), Decimal(0))
    by_owners = sum((month.of_owner(owner) for owner in month.owners), Decimal(0))
    assert by_rows == by_owners == month.total == sum(month.services.values())
    assert all(row.amount(owner) > 0 for row in month.rows for owner in row.used)
    assert month.total == month.total.quantize(Decimal("0.0001"))


def test_what_has_no_price_is_named_in_the_month_too() -> None:
    month = month_of(
        stack(), {"olympics/athletes": usage(unknown={"kms:Decrypt": 1}, a={"glue_4_dpu_seconds": 60})}, 0, "us-east-1"
    )
    assert month.not_priced == ("1800 glue_4_dpu_seconds", "kms:Decrypt")


@pytest.mark.parametrize(
    ("expression", "runs"),
    [("rate(15 minutes)", 2920), ("rate(1 day)", Decimal(730) / 24), ("cron(0 6 * * ? *)", Decimal(365) / 12),
     ("cron(0 8 ? * TUE *)", Decimal(52) / 12), ("at(2026-05-01T00:00:00)", Decimal(1) / 12)],
)  # fmt: skip
def test_a_schedule_is_due_so_often_in_a_month(expression: str, runs: Decimal) -> None:
    assert per_month(expression, "Europe/Stockholm", MORNING) == pytest.approx(runs, abs=Decimal("0.09"))


def beside() -> Comparison:
    told = usage(written=3_000_000, curate={**CURATE, "s3_gets": 50, "s3_puts": 60}, start={"lambda_gb_seconds": 1})
    month = month_of(stack(alarm_metrics=10), {"olympics/athletes": told}, 0, "us-east-1")
    return compare("olympics/athletes", told, month, queries_a_day=10)


def test_by_hand_each_run_reads_all_pages_again() -> None:
    job = beside().pairs[0]
    # 40 s, and two more for each earlier run's megabyte: 60 at least, then 98 and 768, of two DPU at 0.308 an hour.
    assert job.by_hand == (Decimal("0.0103"), Decimal("0.0168"), Decimal("0.1315"))
    assert job.here == (Decimal("0.0103"),) * 3


def test_by_hand_a_crawler_costs_ten_minutes_and_a_query_reads_all_that_was_ever_appended() -> None:
    _, crawler, requests, queries, storage, *_ = beside().pairs
    assert crawler.by_hand == (Decimal("0.1467"),) * 3  # 2 DPU * 600 s at 0.44 an hour
    assert crawler.here == (0, 0, 0)
    # 50 gets and 60 puts, and ten gets more for each earlier run.
    assert requests.by_hand == (Decimal("0.0003") + Decimal("0.0001"), Decimal("0.0005"), Decimal("0.0018"))
    # 30 runs have appended 465 million bytes (444 MB), 365 runs 66,795 million (63,701 MB); ten queries read them.
    assert queries.by_hand == (Decimal("0.0005"), Decimal("0.0212"), Decimal("3.0376"))  # 3.037500...4
    assert queries.here == (Decimal("0.0005"),) * 3
    assert storage.by_hand[2] > 20 * storage.here[2]


def test_a_comparison_says_on_what_each_line_rests_and_counts_what_stands_here_against_us() -> None:
    told = beside()
    assert all(pair.assumption for pair in told.pairs)
    standing = told.pairs[-1]
    assert standing.by_hand == (0, 0, 0)
    # 10 alarms, 2 secrets, and asking the queue, by the day: (1 + 0.8 + 0.2628) * 24 / 730.
    assert standing.here == (Decimal("0.0679"),) * 3
    by_hand, here = told.totals
    assert by_hand[2] == sum(pair.by_hand[2] for pair in told.pairs)
    assert here[0] == sum(pair.here[0] for pair in told.pairs)


def test_the_last_run_of_a_stream_is_the_one_that_was_scheduled_last() -> None:
    names = ["a/x/20260303T050000Z", "a/x/20260302T050000Z", "b/y/20250101T000000Z"]
    assert last_of_streams({name: {} for name in names}) == ("a/x/20260303T050000Z", "b/y/20250101T000000Z")


def test_without_a_measured_run_there_is_a_next_step() -> None:
    place = Place("the lake in x", {"region": "eu-north-1"}, client=lambda _: None)
    with pytest.raises(
        NothingMeasured, match="no run has been measured yet in the lake in x; let one run first: lakelet run"
    ):
        estimate(place, {})


def test_a_month_is_json_in_plain_numbers() -> None:
    month = month_of(stack(), {"olympics/athletes": usage(curate=CURATE)}, 0, "us-east-1")
    told = json.loads(json.dumps(month_object(month), default=number))
    assert told["total"] == float(month.total)
    assert told["owners"]["olympics"] == float(month.of_owner("olympics"))
