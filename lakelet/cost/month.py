"""What a month of a stack costs by its schedules, from what the last run of each stream used and what always stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lakelet.cost.bill import billed_bytes, rounded
from lakelet.cost.prices import Price, prices_in
from lakelet.usage.meter import quantities

HOURS = 730  # a month as AWS's own calculator has it
DAYS = Decimal(HOURS) / 24
GIGABYTE = 2**30
CENTS = Decimal("0.0001")  # each cell is rounded up to a hundredth of a cent; rows and columns add up
SHARED = "shared"

# Lambda asks a queue for messages all the time: five pollers, each waiting up to twenty seconds for an answer.
POLLERS, POLL_SECONDS = 5, 20
POLLS = Decimal(POLLERS * HOURS * 3600 // POLL_SECONDS)

# In a month these come from the pollers, not from the runs.
NOT_BY_RUN = ("sqs_polls",)


@dataclass(frozen=True)
class Stack:
    """What of a stack costs money whether something runs or not, and how often things run.

    ``runs`` is how often each stream runs in a month, by ``source/stream``; ``ticks`` how often reconcile does.
    ``shared`` are the parts of a usage that belong to no source: reconcile and its schedule; ``sweeps`` the functions
    that read an API.
    """

    runs: Mapping[str, Decimal]
    ticks: Decimal
    shared: tuple[str, ...]
    sweeps: tuple[str, ...]
    secrets: Mapping[str, int]
    alarm_metrics: int = 0
    dashboards: int = 0
    polled_queues: int = 1
    queries_a_day: int = 0


@dataclass(frozen=True)
class Row:
    """One price, and how much of it each owner uses in a month."""

    price: Price
    used: Mapping[str, Decimal]

    def amount(self, owner: str) -> Decimal:
        return rounded(self.price.of(self.used.get(owner, Decimal(0))), CENTS)


@dataclass(frozen=True)
class Month:
    """A month's costs by price and owner: the sources, and what they share."""

    region: str
    owners: tuple[str, ...]
    rows: tuple[Row, ...]
    assumptions: tuple[str, ...] = ()
    not_priced: tuple[str, ...] = ()

    def of_row(self, row: Row) -> Decimal:
        return sum((row.amount(owner) for owner in self.owners), Decimal(0))

    def of_owner(self, owner: str) -> Decimal:
        return sum((row.amount(owner) for row in self.rows), Decimal(0))

    @property
    def total(self) -> Decimal:
        return sum((self.of_row(row) for row in self.rows), Decimal(0))

    @property
    def services(self) -> dict[str, Decimal]:
        found: dict[str, Decimal] = {}
        for row in self.rows:
            found[row.price.service] = found.get(row.price.service, Decimal(0)) + self.of_row(row)
        return found


@dataclass
class _Tally:
    """How much of each quantity each owner uses."""

    used: dict[str, dict[str, Decimal]] = field(default_factory=dict)

    def add(self, owner: str, quantity: str, amount: Decimal) -> None:
        if amount:
            row = self.used.setdefault(quantity, {})
            row[owner] = row.get(owner, Decimal(0)) + amount

    def of(self, quantity: str) -> Decimal:
        return sum(self.used.get(quantity, {}).values(), Decimal(0))


def month_of(stack: Stack, usages: Mapping[str, Mapping[str, Any]], stored_bytes: int, region: str) -> Month:
    """``usages`` has the last usage of each stream, by ``source/stream``; ``stored_bytes`` is what S3 holds now.

    A stream that has never run is not in it; the assumptions say so.
    """
    tally, assumptions = _Tally(), list(_assumed(stack, usages))
    for stream, usage in usages.items():
        _add_runs(tally, stream, usage, stack)
    tick, was_measured = tick_of(list(usages.values()), stack)
    if not was_measured and tick:
        assumptions.append(
            "reconcile did not run in them: a call is taken to be as long as the longest that is no sweep"
        )
    for quantity, amount in tick.items():
        tally.add(SHARED, quantity, amount * stack.ticks)
    _add_standing(tally, stack, usages, stored_bytes)
    prices = prices_in(region)
    rows = [Row(price, tally.used[key]) for key, price in prices.prices.items() if key in tally.used]
    missing = [f"{tally.of(key):.0f} {key}" for key in tally.used if prices.get(key) is None]
    unknown = sorted({operation for usage in usages.values() for operation in usage["unknown"]})
    owners = (*dict.fromkeys(stream.split("/")[0] for stream in stack.runs), SHARED)
    return Month(region, owners, tuple(rows), tuple(assumptions), (*missing, *unknown))


def tick_of(usages: Sequence[Mapping[str, Any]], stack: Stack) -> tuple[dict[str, Decimal], bool]:
    """What one call of reconcile uses, and whether that was measured: the last usage in which it ran tells."""
    for usage in reversed(usages):
        of_reconcile = {"parts": {name: usage["parts"].get(name, {}) for name in stack.shared}}
        used = _decimals(quantities(of_reconcile))
        if calls := used.get("lambda_requests"):
            return {name: value / calls for name, value in used.items()}, True
    return _guessed_tick(usages, stack), False


def _guessed_tick(usages: Sequence[Mapping[str, Any]], stack: Stack) -> dict[str, Decimal]:
    """A call, and a look into the index of what is unfinished; nothing where nothing has run."""
    parts = [_decimals(part) for usage in usages for name, part in usage["parts"].items() if name not in stack.sweeps]
    calls = [_each(part) for part in parts if part.get("lambda_requests")]
    if not calls:
        return {}
    longest = max(calls, key=lambda call: call["lambda_gb_seconds"])
    looks = {"schedule_invocations": Decimal(1), "dynamodb_reads": Decimal("0.5")}
    return {**looks, **{name: longest[name] for name in ("lambda_requests", "lambda_gb_seconds", "log_bytes")}}


def _each(part: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What one call of a function uses."""
    names = ("lambda_requests", "lambda_gb_seconds", "log_bytes")
    return {name: part.get(name, Decimal(0)) / part["lambda_requests"] for name in names}


def _add_runs(tally: _Tally, stream: str, usage: Mapping[str, Any], stack: Stack) -> None:
    runs, source = stack.runs.get(stream, Decimal(0)), stream.split("/")[0]
    for quantity, amount in _decimals(quantities(dict(usage), leave_out=stack.shared)).items():
        if quantity not in NOT_BY_RUN:
            tally.add(source, quantity, amount * runs)
    growth = Decimal(usage["written_bytes"]) * runs / GIGABYTE
    tally.add(source, "s3_storage", growth / 2)  # what is written in a month is there for half of it on average


def _add_standing(tally: _Tally, stack: Stack, usages: Mapping[str, Mapping[str, Any]], stored_bytes: int) -> None:
    for source, count in stack.secrets.items():
        tally.add(source, "secrets", Decimal(count))
    tally.add(SHARED, "sqs_polls", POLLS * stack.polled_queues)
    tally.add(SHARED, "s3_storage", Decimal(stored_bytes) / GIGABYTE)
    tally.add(SHARED, "log_storage", tally.of("log_bytes") / GIGABYTE)
    tally.add(SHARED, "alarms", Decimal(stack.alarm_metrics))
    tally.add(SHARED, "dashboards", Decimal(stack.dashboards))
    tally.add(SHARED, "athena_bytes", DAYS * stack.queries_a_day * billed_bytes(largest_query(usages.values())))


def largest_query(usages: Iterable[Mapping[str, Any]]) -> int:
    """The bytes of a query that reads all of every table."""
    return sum(sum(usage["table_bytes"].values()) for usage in usages)


def _assumed(stack: Stack, usages: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    yield f"a month has {HOURS} hours; each run uses what the last run of its stream used"
    for stream in stack.runs:
        if stream not in usages:
            yield f"{stream} has not run yet, and is not in it; run it first: lakelet run {stream.split('/')[0]}"
    yield "a job takes as long on AWS as it took here, one minute at least"
    polls = f"{POLLS * stack.polled_queues:,}"
    yield f"Lambda asks the queue for messages {polls} times: {POLLERS} pollers, every {POLL_SECONDS} seconds"
    yield f"{stack.queries_a_day} Athena queries a day, each reads all tables, ten megabytes at least"
    yield "logs are kept for thirty days; in S3 all that was ever written is kept"


def _decimals(values: Mapping[str, float]) -> dict[str, Decimal]:
    return {name: Decimal(str(value)) for name, value in values.items()}
