"""What Athena charges for an answer."""

from __future__ import annotations

from decimal import Decimal

from lakelet.answer import Answer
from lakelet.cost import NoPrices, athena_charge
from lakelet.cost.bill import rounded

FREE = ("DDL", "UTILITY")


def charge_for(answer: Answer, region: str) -> Decimal | None:
    """Dollars, as they stand on a bill; None where the price of a region is not known."""
    if answer.statement in FREE:
        return Decimal(0)
    try:
        return rounded(athena_charge(answer.bytes_read, region))
    except NoPrices:
        return None
