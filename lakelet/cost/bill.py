"""From what was used to what it costs: a bill of lines, whose total is the sum of the lines as they are shown."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from typing import Any

from lakelet.cost.prices import DEFAULT_REGION, Price, PriceList, prices_in

# A line is rounded up to a millionth of a dollar: what was used never shows as nothing, and lines add up to the total.
PLACES = Decimal("0.000001")
DUST = Decimal("1e-15")

MEGABYTE = 1024 * 1024
LEAST_ATHENA_BYTES = 10 * MEGABYTE  # Athena bills no query for less, and whole megabytes


@dataclass(frozen=True)
class Line:
    """So much of something, at a price. ``quantity`` is in the units of the price."""

    price: Price
    quantity: Decimal

    @property
    def amount(self) -> Decimal:
        return rounded(self.price.of(self.quantity))


@dataclass(frozen=True)
class Bill:
    """What was used, priced. ``not_priced`` says what was used without a price being known, ``free`` what has none."""

    region: str
    lines: tuple[Line, ...]
    not_priced: tuple[str, ...] = ()
    free: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def services(self) -> dict[str, Decimal]:
        """What each service costs, in the order of the lines."""
        found: dict[str, Decimal] = {}
        for line in self.lines:
            found[line.price.service] = found.get(line.price.service, Decimal(0)) + line.amount
        return found


def cost_of_run(usage: Mapping[str, Any]) -> Bill:
    """The bill of one run, from what its meter read. Raises NoPrices for an unknown region."""
    used: dict[str, Decimal] = {}
    for part in usage["parts"].values():
        for name, value in part.items():
            used[name] = used.get(name, Decimal(0)) + Decimal(str(value))
    lines, not_priced = priced(used, prices_in(usage["region"]))
    unknown = [f"{operation} ({count:,} calls)" for operation, count in usage["unknown"].items()]
    free = [f"{operation} ({count:,})" for operation, count in usage["free"].items()]
    return Bill(usage["region"], lines, (*not_priced, *unknown), tuple(free))


def priced(used: Mapping[str, Decimal], prices: PriceList) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """A line for each quantity in the order of the price list, and what the list has no price for."""
    lines = [Line(price, used[key]) for key, price in prices.prices.items() if used.get(key)]
    missing = [f"{value.normalize():f} {key}" for key, value in used.items() if value and prices.get(key) is None]
    return tuple(lines), tuple(missing)


def billed_bytes(bytes_read: int) -> int:
    """What Athena bills for a query that read so much: whole megabytes, ten at least."""
    return max(LEAST_ATHENA_BYTES, math.ceil(bytes_read / MEGABYTE) * MEGABYTE)


def athena_charge(bytes_read: int, region: str = DEFAULT_REGION) -> Decimal:
    """What Athena charges for one query, in dollars, not rounded."""
    return prices_in(region)["athena_bytes"].of(Decimal(billed_bytes(bytes_read)))


def rounded(amount: Decimal, places: Decimal = PLACES) -> Decimal:
    """Rounded up, but not for what a division has left behind its last digit."""
    return amount.quantize(DUST).quantize(places, rounding=ROUND_UP)
