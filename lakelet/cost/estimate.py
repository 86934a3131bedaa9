"""What `lakelet cost` tells of a place: the last runs, a month, and the comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lakelet.cost.bill import Bill, cost_of_run
from lakelet.cost.compare import Comparison, compare
from lakelet.cost.month import Month, month_of
from lakelet.cost.prices import PriceList, prices_in
from lakelet.cost.standing import stack_of
from lakelet.errors import LakeletError, UsageError
from lakelet.place import Place
from sources.layout import RunName

Usages = Mapping[str, Mapping[str, Any]]  # by the names of runs

NOT_COUNTED = (
    "taxes, support, free tiers (they are not taken off), discounts",
    "data transfer: what comes in is free, what goes out is not",
    "what one does oneself: queries by `lakelet query`, the S3 requests that Athena makes for them, QuickSight",
    "alarm e-mails, the storage of DynamoDB and its backups, the budget: each under a cent a month here",
)


class NothingMeasured(LakeletError):
    """No run has left a record of what it used."""


@dataclass(frozen=True)
class Estimate:
    """Bills by the names of runs, the month of the stack, and a comparison for each stream where asked for."""

    title: str
    region: str
    prices: PriceList
    bills: Mapping[str, Bill]
    month: Month
    comparisons: tuple[Comparison, ...] = ()

    @property
    def dated(self) -> date:
        return self.prices.dated

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """The services of which a price that was used is not confirmed for the region."""
        used = [line.price for bill in self.bills.values() for line in bill.lines] + [
            row.price for row in self.month.rows
        ]
        return tuple(dict.fromkeys(price.service for price in used if not price.is_confirmed))


def estimate(
    place: Place, usages: Usages, wanted: str | None = None, queries_a_day: int | None = None, beside: bool = False
) -> Estimate:
    """``wanted`` is a run, or a source; without it, the last run of each stream is told.

    Raises NothingMeasured where no run has been, UsageError for one that is not known.
    """
    if not usages:
        raise NothingMeasured(f"no run has been measured yet in {place.title}; let one run first: lakelet run")
    region = str(place.outputs["region"])
    here = {name: {**usage, "region": region} for name, usage in usages.items()}
    last, stack = last_of_streams(here), stack_of(place, queries_a_day)
    streams = {_stream_of(name): here[name] for name in last}
    month = month_of(stack, streams, sum(usage["written_bytes"] for usage in here.values()), region)
    comparisons = [compare(stream, usage, month, stack.queries_a_day) for stream, usage in streams.items() if beside]
    bills = {name: cost_of_run(here[name]) for name in _chosen(here, last, wanted)}
    return Estimate(place.title, region, prices_in(region), bills, month, tuple(comparisons))


def last_of_streams(usages: Usages) -> tuple[str, ...]:
    """The run of each stream that was scheduled last."""
    newest: dict[str, str] = {}
    for name in sorted(usages):
        newest[_stream_of(name)] = name
    return tuple(newest.values())


def _chosen(usages: Usages, last: tuple[str, ...], wanted: str | None) -> tuple[str, ...]:
    if wanted is None:
        return last
    chosen = (wanted,) if wanted in usages else tuple(name for name in last if name.split("/")[0] == wanted)
    if not chosen:
        raise UsageError(f"no run {wanted!r} was measured here; the last ones are: {', '.join(last)}")
    return chosen


def _stream_of(run: str) -> str:
    name = RunName.parse(run)
    return f"{name.source}/{name.stream}"
