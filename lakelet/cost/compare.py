"""The lake beside the shape in which such lakes are made by hand, computed from the numbers of one run.

By hand: each run reads the whole bucket again and appends all of it; a crawler looks for new partitions; a query reads
the whole table. Both are given the same pages, the same Lambda time, the same job size and price, the same queries.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lakelet.cost.bill import Bill, Line, billed_bytes, cost_of_run, rounded
from lakelet.cost.month import CENTS, DAYS, GIGABYTE, SHARED, Month
from lakelet.cost.prices import PriceList, prices_in
from lakelet.usage.meter import LEAST_JOB_SECONDS, glue_kind_of, quantities

RUNS = (1, 30, 365)
CRAWLER_SECONDS, CRAWLER_DPU = 600, 2

# A million rows in gzip pages of 19 MB were read and written in 37 s by a job of this kind (2 cores).
BYTES_A_SECOND = 500_000

Used = dict[str, Decimal]  # by the key of the price


@dataclass(frozen=True)
class Pair:
    """What one thing costs in a run, by hand and here, for each of ``RUNS``; and on which assumption."""

    what: str
    by_hand: tuple[Decimal, ...]
    here: tuple[Decimal, ...]
    assumption: str


@dataclass(frozen=True)
class Comparison:
    """One stream: what its n-th run costs. The runs are a day apart; what stands is counted by the day."""

    stream: str
    runs: tuple[int, ...]
    pairs: tuple[Pair, ...]

    @property
    def totals(self) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]]:
        return _sums(pair.by_hand for pair in self.pairs), _sums(pair.here for pair in self.pairs)


@dataclass(frozen=True)
class _Lake:
    """The numbers of one run, and what follows from them for the n-th."""

    usage: Mapping[str, Any]
    used: Mapping[str, float]
    queries: int

    @property
    def page_bytes(self) -> int:
        return int(self.usage["page_bytes"])

    def read_by_hand(self, run: int) -> int:
        """All pages of all runs so far."""
        return run * self.page_bytes

    def kept_by_hand(self, run: int) -> int:
        """Each run has appended all that was there: 1 + 2 + ... + n times the pages of a run."""
        return run * (run + 1) // 2 * self.page_bytes

    def job_seconds_by_hand(self, run: int) -> int:
        more = (self.read_by_hand(run) - self.page_bytes) / BYTES_A_SECOND
        return max(LEAST_JOB_SECONDS, math.ceil(float(self.usage["job_seconds"]) + more))


def compare(stream: str, usage: Mapping[str, Any], month: Month, queries_a_day: int) -> Comparison:
    """``usage`` is the stream's last; ``month`` the stack's, for what stands here and does not stand there."""
    lake, prices = _Lake(usage, quantities(dict(usage)), queries_a_day), prices_in(usage["region"])
    pairs = (
        _job(lake, prices),
        _crawler(prices),
        _requests(lake, prices),
        _queries(lake, prices),
        _storage(lake, prices),
        _the_rest(cost_of_run(usage)),
        _standing(month),
    )
    return Comparison(stream, RUNS, pairs)


def _job(lake: _Lake, prices: PriceList) -> Pair:
    kind, dpu = glue_kind_of(lake.used), Decimal(str(lake.usage["job_dpu"]))
    return Pair(
        "Spark job",
        _priced(prices, [{kind: lake.job_seconds_by_hand(run) * dpu} for run in RUNS]),
        _priced(prices, [{kind: Decimal(str(lake.used.get(kind, 0)))}] * len(RUNS)),
        f"by hand it reads all pages again, {BYTES_A_SECOND:,} bytes a second after the first run; here only its own",
    )


def _crawler(prices: PriceList) -> Pair:
    used: Used = {"glue_crawler_dpu_seconds": Decimal(CRAWLER_SECONDS * CRAWLER_DPU)}
    return Pair(
        "crawler",
        _priced(prices, [used] * len(RUNS)),
        _nothing(),
        f"by hand one crawl a run, of {CRAWLER_DPU} DPU and the ten minutes that are billed at least; "
        "here the job tells the catalog",
    )


def _requests(lake: _Lake, prices: PriceList) -> Pair:
    puts, gets = Decimal(str(lake.used.get("s3_puts", 0))), Decimal(str(lake.used.get("s3_gets", 0)))
    before = [Decimal((run - 1) * lake.usage["pages"]) for run in RUNS]
    return Pair(
        "S3 requests",
        _priced(prices, [{"s3_puts": puts, "s3_gets": gets + more} for more in before]),
        _priced(prices, [{"s3_puts": puts, "s3_gets": gets}] * len(RUNS)),
        "by hand one get more for each page of each earlier run",
    )


def _queries(lake: _Lake, prices: PriceList) -> Pair:
    table = sum(lake.usage["table_bytes"].values())

    def used(read: int) -> Used:
        return {"athena_bytes": Decimal(lake.queries * billed_bytes(read))}

    return Pair(
        f"{lake.queries} queries",
        _priced(prices, [used(lake.kept_by_hand(run)) for run in RUNS]),
        _priced(prices, [used(table)] * len(RUNS)),
        "by hand each reads all that was ever appended; here all of the table as it is, ten megabytes at least in both",
    )


def _storage(lake: _Lake, prices: PriceList) -> Pair:
    def used(held: int) -> Used:
        return {"s3_storage": Decimal(held) / GIGABYTE / DAYS}

    written = int(lake.usage["written_bytes"])
    return Pair(
        "S3 storage, a day",
        _priced(prices, [used(lake.read_by_hand(run) + lake.kept_by_hand(run)) for run in RUNS]),
        _priced(prices, [used(run * written) for run in RUNS]),
        "by hand the pages, and all of them once more with each run; here all that a run writes, for ever",
    )


def _is_elsewhere(line: Line) -> bool:
    """Whether another line of the comparison has it."""
    return line.price.key.endswith("_dpu_seconds") or line.price.service == "S3"


def _the_rest(bill: Bill) -> Pair:
    functions = rounded(bill.services.get("Lambda", Decimal(0)), CENTS)
    everything = sum((line.amount for line in bill.lines if not _is_elsewhere(line)), Decimal(0))
    return Pair(
        "functions, ledger, queue, logs",
        (functions,) * len(RUNS),
        (rounded(everything, CENTS),) * len(RUNS),
        "by hand one function that asks for all pages, as long as the functions here; no ledger, no queue, no secret",
    )


STANDING = ("secrets", "alarms", "dashboards", "sqs_polls")


def _standing(month: Month) -> Pair:
    """What the stack costs by the day without a run, and reconcile."""
    standing = sum((month.of_row(row) for row in month.rows if row.price.key in STANDING), Decimal(0))
    others = (row for row in month.rows if row.price.key not in (*STANDING, "s3_storage", "athena_bytes"))
    reconcile = sum((row.amount(SHARED) for row in others), Decimal(0))
    a_day = rounded((standing + reconcile) / DAYS, CENTS)
    return Pair(
        "what stands, a day",
        _nothing(),
        (a_day,) * len(RUNS),
        "by hand nothing stands: no alarm, no dashboard, no secret, nothing that takes up what stopped",
    )


def _nothing() -> tuple[Decimal, ...]:
    return (Decimal(0),) * len(RUNS)


def _priced(prices: PriceList, many: list[Used]) -> tuple[Decimal, ...]:
    return tuple(
        sum((rounded(prices[key].of(value), CENTS) for key, value in used.items() if prices.get(key)), Decimal(0))
        for used in many
    )


def _sums(rows: Any) -> tuple[Decimal, ...]:
    return tuple(sum(column, Decimal(0)) for column in zip(*rows, strict=True))
