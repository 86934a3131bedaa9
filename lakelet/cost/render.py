"""An estimate as text for people or as JSON for programs. Nothing here does any work."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from lakelet.cost.bill import Bill
from lakelet.cost.compare import Comparison
from lakelet.cost.estimate import NOT_COUNTED, Estimate
from lakelet.cost.month import Month
from lakelet.cost.prices import Price

Table = Sequence[Sequence[str]]


def as_text(told: Estimate) -> str:
    parts = [_bill(name, bill, told) for name, bill in told.bills.items()]
    parts.append(_month(told.month))
    parts += [_comparison(each) for each in told.comparisons]
    parts.append(_list("assumed", told.month.assumptions))
    parts.append(_list("not counted", [*_not_priced(told), *NOT_COUNTED]))
    if told.unconfirmed:
        services = ", ".join(told.unconfirmed)
        parts.append(f"prices  lakelet/prices.toml of {told.dated}; not confirmed for {told.region}: {services}")
    return "\n\n".join(parts)


def as_json(told: Estimate) -> str:
    found = {
        "place": told.title,
        "region": told.region,
        "currency": "USD",
        "prices_of": told.dated.isoformat(),
        "unconfirmed": told.unconfirmed,
        "runs": [{"run": name, **_bill_object(bill)} for name, bill in told.bills.items()],
        "month": month_object(told.month),
        "comparisons": [_comparison_object(each) for each in told.comparisons],
        "assumed": told.month.assumptions,
        "not_counted": [*_not_priced(told), *NOT_COUNTED],
    }
    return json.dumps(found, ensure_ascii=False, indent=2, default=number)


def price_text(price: Price) -> str:
    """``$0.20 per 1,000,000 requests``; a count of bytes that is one of the usual units is called by its name."""
    if price.per == 1:
        return f"${price.usd:f} per {price.unit.removesuffix('s')}"
    return f"${price.usd:f} per " + (PER.get((price.per, price.unit)) or f"{price.per:,} {price.unit}")


PER = {
    (2**40, "bytes"): "TB",
    (2**30, "bytes"): "GB",
    (3600, "DPU-seconds"): "DPU-hour",
    (730, "metric-hours"): "metric-month",
}


def _bill(name: str, bill: Bill, told: Estimate) -> str:
    rows = [
        (line.price.service, line.price.what, _quantity(line.quantity), price_text(line.price), _dollars(line.amount))
        for line in bill.lines
    ]
    head = f"run {name} on AWS, {told.prices.region_name} ({bill.region}), prices of {told.dated}, in dollars"
    body = _table([*rows, ("all", "", "", "", _dollars(bill.total))], right=(2, 4))
    return f"{head}\n{body}" + (f"\nfree: {', '.join(bill.free)}" if bill.free else "")


def _month(month: Month) -> str:
    head = ("a month", "", "", *month.owners, "all")
    rows = [
        (row.price.service, row.price.what, _quantity(sum(row.used.values(), Decimal(0))),
         *(_dollars(row.amount(owner)) for owner in month.owners), _dollars(month.of_row(row)))
        for row in month.rows
    ]  # fmt: skip
    last = ("all", "", "", *(_dollars(month.of_owner(owner)) for owner in month.owners), _dollars(month.total))
    return _table([head, *rows, last], right=range(2, len(head)))


def _comparison(told: Comparison) -> str:
    by_hand, here = told.totals
    runs = [f"{run}." for run in told.runs]
    head = (f"{told.stream}, n-th run", f"by hand: {runs[0]}", *runs[1:], f"here: {runs[0]}", *runs[1:])
    rows = [(pair.what, *map(_dollars, (*pair.by_hand, *pair.here))) for pair in told.pairs]
    body = _table([head, *rows, ("all", *map(_dollars, (*by_hand, *here)))], right=range(1, len(head)))
    return f"{body}\n" + "\n".join(f"  {pair.what}: {pair.assumption}" for pair in told.pairs)


def _list(title: str, lines: Iterable[str]) -> str:
    return "\n".join([title, *(f"  {line}" for line in lines)])


def _not_priced(told: Estimate) -> list[str]:
    """What was used, and no price is known for: it must not pass as nothing."""
    found = [each for bill in told.bills.values() for each in bill.not_priced] + list(told.month.not_priced)
    return [f"no price is known for {each}" for each in dict.fromkeys(found)]


def _table(rows: Table, right: Iterable[int]) -> str:
    aligned = set(right)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = (
        "  ".join(
            cell.rjust(width) if column in aligned else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _dollars(amount: Decimal) -> str:
    return f"{amount:,f}" if amount else "-"


def _quantity(quantity: Decimal) -> str:
    """Whole numbers as such; of the others as many places as say something."""
    if quantity == quantity.to_integral_value():
        return f"{quantity:,.0f}"
    return f"{quantity:,.0f}" if quantity >= 1000 else f"{quantity:,.4f}".rstrip("0").rstrip(".")


def _bill_object(bill: Bill) -> dict[str, Any]:
    lines = [{**_price_object(line.price), "quantity": line.quantity, "amount": line.amount} for line in bill.lines]
    return {
        "total": bill.total,
        "services": bill.services,
        "lines": lines,
        "free": bill.free,
        "not_priced": bill.not_priced,
    }


def month_object(month: Month) -> dict[str, Any]:
    lines = [
        {**_price_object(row.price), "quantities": row.used,
         "amounts": {owner: row.amount(owner) for owner in month.owners}, "amount": month.of_row(row)}
        for row in month.rows
    ]  # fmt: skip
    owners = {owner: month.of_owner(owner) for owner in month.owners}
    return {"total": month.total, "services": month.services, "owners": owners, "lines": lines}


def _comparison_object(told: Comparison) -> dict[str, Any]:
    by_hand, here = told.totals
    return {"stream": told.stream, "runs": told.runs, "lines": [vars(pair) for pair in told.pairs],
            "by_hand": by_hand, "here": here}  # fmt: skip


def _price_object(price: Price) -> dict[str, Any]:
    return {"service": price.service, "what": price.what, "unit": price.unit, "price": price.usd, "per": price.per}


def number(value: Any) -> float | int:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{value!r} is not JSON")
