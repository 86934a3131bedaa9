"""What the lake costs, by one dated price list. Importing this reads no file and loads nothing but ``decimal``."""

from lakelet.cost.bill import Bill, Line, athena_charge, cost_of_run
from lakelet.cost.prices import NoPrices, Price, PriceList, prices_in

__all__ = ["Bill", "Line", "NoPrices", "Price", "PriceList", "athena_charge", "cost_of_run", "prices_in"]
