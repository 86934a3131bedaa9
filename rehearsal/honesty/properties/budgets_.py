"""Budgets."""

from __future__ import annotations

from rehearsal.honesty.effect import Effects, about, recorded

NOT_BILLED = "nothing is billed, so no budget is ever exceeded"

EFFECTS: dict[str, Effects] = {
    "aws:budgets/budget:Budget": {
        **about("name", "namePrefix", "accountId"),
        **recorded(NOT_BILLED, "budgetType", "timeUnit", "limitAmount", "limitUnit", "costFilters",
                   "notifications"),
    },
}  # fmt: skip
