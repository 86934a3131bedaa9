"""The price list: one dated file, every price with its unit, its region, and where AWS publishes it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from lakelet.errors import LakeletError

FILE = Path(__file__).resolve().parent.parent / "prices.toml"
DEFAULT_REGION = "eu-north-1"


class NoPrices(LakeletError):
    """The price list does not have a region."""


@dataclass(frozen=True)
class Price:
    """``usd`` for each ``per`` of a unit. An unconfirmed one was not seen in print when the list was made.

    ``free`` is what every account has for nothing in a month; it is not taken off.
    """

    key: str
    service: str
    what: str
    unit: str
    per: int
    usd: Decimal
    page: str
    read: date
    is_confirmed: bool
    free: str = ""

    def of(self, quantity: Decimal) -> Decimal:
        return quantity * self.usd / self.per


@dataclass(frozen=True)
class PriceList:
    """The prices of one region. ``region_name`` is AWS's name for it."""

    region: str
    region_name: str
    dated: date
    prices: Mapping[str, Price]

    def __getitem__(self, key: str) -> Price:
        return self.prices[key]

    def get(self, key: str) -> Price | None:
        return self.prices.get(key)


@cache
def prices_in(region: str = DEFAULT_REGION) -> PriceList:
    """Raises NoPrices for a region that the file does not have."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    if region not in told["regions"]:
        known = ", ".join(sorted(told["regions"]))
        raise NoPrices(f"no prices for region {region!r}, only for {known}; add its numbers to {FILE}")
    prices = {key: _price(key, fields, region) for key, fields in told["prices"].items() if region in fields["usd"]}
    return PriceList(region, told["regions"][region], told["dated"], prices)


def _price(key: str, fields: Mapping[str, Any], region: str) -> Price:
    return Price(
        key=key,
        service=fields["service"],
        what=fields["what"],
        unit=fields["unit"],
        per=fields["per"],
        usd=Decimal(fields["usd"][region]),
        page=fields["page"],
        read=fields["read"],
        is_confirmed=region not in fields.get("unconfirmed", ()),
        free=fields.get("free", ""),
    )
