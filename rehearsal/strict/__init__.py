"""Refuses what AWS would refuse: input that the model of a service does not allow, and limits that no model names."""

from __future__ import annotations

from rehearsal.answers import Answer
from rehearsal.asked import Asked
from rehearsal.strict import words
from rehearsal.strict.exemptions import not_exempt
from rehearsal.strict.limits import over_a_limit
from rehearsal.strict.members import violations
from rehearsal.strict.shapes import Malformed
from rehearsal.strict.view import AccountView, View
from rehearsal.strict.warnings import Warned, Warnings

__all__ = ["AccountView", "Strict", "View", "Warned", "Warnings", "refusal"]


class Strict:
    """The strictness of one account. ``warnings`` are what it accepted against advice."""

    def __init__(self, account_id: str) -> None:
        self.warnings = Warnings()
        self._view = AccountView(account_id)

    def refusal(self, asked: Asked) -> Answer | None:
        return refusal(asked, self._view, self.warnings)


def refusal(asked: Asked, account_view: View, warnings: Warnings) -> Answer | None:
    """The error that the service would send instead of carrying a call out, or None."""
    refused = _against_the_model(asked) or over_a_limit(asked, account_view, warnings)
    return refused.answer(asked) if refused else None


def _against_the_model(asked: Asked) -> words.Refusal | None:
    try:
        found = not_exempt(asked.service, asked.operation, violations(asked))
    except (Malformed, RecursionError) as error:
        return words.malformed(asked, str(error))
    return words.invalid(asked, found) if found else None
