"""Bills, by formulas small enough to check by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lakelet.cost import Bill, NoPrices, athena_charge, cost_of_run, prices_in
from lakelet.cost.bill import MEGABYTE, billed_bytes, rounded
from lakelet.cost.prices import FILE
from lakelet.usage.operations import BILLED

EMPTY = {"parts": {}, "free": {}, "unknown": {}}


def bill_of(region: str = "us-east-1", **parts: dict[str, float]) -> Bill:
    return cost_of_run({**EMPTY, "region": region, "parts": parts})


def only(bill: Bill) -> Decimal:
    (line,) = bill.lines
    return line.amount


@pytest.mark.parametrize(
    ("quantity", "amount", "dollars"),
    [
        ("lambda_requests", 5_000_000, "1.000000"),
        ("lambda_gb_seconds", 1000, "0.013334"),  # 0.0133334, rounded up
        ("s3_puts", 2_000, "0.010000"),
        ("s3_gets", 10_000, "0.004000"),
        ("dynamodb_writes", 1_600, "0.001000"),
        ("dynamodb_reads", 8_000, "0.001000"),
        ("sqs_requests", 10_000, "0.004000"),
        ("glue_6_dpu_seconds", 120, "0.010267"),  # two DPU, one minute: 0.308 * 120 / 3600 = 0.0102666...
        ("glue_5_dpu_seconds", 120, "0.014667"),
        ("secret_calls", 200, "0.001000"),
        ("log_bytes", 2**30, "0.500000"),
        ("custom_metric_hours", 73, "0.030000"),
        ("schedule_invocations", 1_000, "0.001000"),
    ],
)
def test_each_quantity_is_priced_by_its_unit(quantity: str, amount: float, dollars: str) -> None:
    assert only(bill_of(part={quantity: amount})) == Decimal(dollars)


def test_what_was_used_never_shows_as_nothing() -> None:
    assert only(bill_of(part={"dynamodb_reads": 0.5})) == Decimal("0.000001")


def test_an_exact_amount_is_not_rounded_up_for_the_dust_of_a_division() -> None:
    assert rounded(Decimal(1) / 3 * 3 * Decimal("0.4") + Decimal("1e-27")) == Decimal("0.4")


def test_what_was_not_used_is_no_line() -> None:
    assert bill_of(part={"s3_gets": 0}).lines == ()
    assert bill_of().total == 0


def test_parts_are_priced_together_and_the_lines_as_shown_make_the_total() -> None:
    bill = bill_of(a={"s3_gets": 1, "dynamodb_reads": 0.5}, b={"s3_gets": 2, "lambda_requests": 1})
    shown = [(line.price.key, line.quantity, str(line.amount)) for line in bill.lines]
    assert shown == [
        ("lambda_requests", 1, "0.000001"),
        ("s3_gets", 3, "0.000002"),  # 0.0000012, rounded up
        ("dynamodb_reads", Decimal("0.5"), "0.000001"),
    ]
    assert str(bill.total) == "0.000004"
    assert bill.services == {"Lambda": Decimal("0.000001"), "S3": Decimal("0.000002"), "DynamoDB": Decimal("0.000001")}


def test_what_has_no_price_is_named() -> None:
    usage: dict[str, Any] = {
        "region": "us-east-1",
        "parts": {"curate": {"glue_4_dpu_seconds": 120}},
        "free": {"lambda:Invoke": 2},
        "unknown": {"kms:Decrypt": 1_000},
    }
    bill = cost_of_run(usage)
    assert bill.not_priced == ("120 glue_4_dpu_seconds", "kms:Decrypt (1,000 calls)")
    assert bill.free == ("lambda:Invoke (2)",)
    assert bill.lines == ()


@pytest.mark.parametrize(
    ("read", "billed"),
    [(0, 10), (1, 10), (10 * MEGABYTE, 10), (10 * MEGABYTE + 1, 11), (25 * MEGABYTE - 1, 25)],
)
def test_athena_bills_whole_megabytes_and_ten_at_least(read: int, billed: int) -> None:
    assert billed_bytes(read) == billed * MEGABYTE
    assert athena_charge(read) == Decimal(5) * billed / 2**20


def test_a_region_without_prices_is_refused_with_the_next_step() -> None:
    with pytest.raises(NoPrices) as refused:
        bill_of("mars-north-1")
    assert str(refused.value) == (
        f"no prices for region 'mars-north-1', only for eu-north-1, us-east-1; add its numbers to {FILE}"
    )


@pytest.mark.parametrize("region", ["eu-north-1", "us-east-1"])
def test_every_price_has_a_unit_a_page_and_a_date_in_every_region(region: str) -> None:
    found = prices_in(region)
    assert found.dated >= date(2026, 11, 21)
    assert set(found.prices) == set(prices_in("us-east-1").prices)
    for price in found.prices.values():
        assert price.service and price.what and price.unit and "ricing" in price.page, price
        assert price.per >= 1 and price.usd > 0 and date(2025, 1, 1) < price.read <= found.dated, price


def test_every_quantity_that_a_call_is_billed_as_has_a_price() -> None:
    quantities = {quantity for operations in BILLED.values() for quantity, _ in operations.values()}
    assert quantities - set(prices_in("eu-north-1").prices) == set()
