"""The Principal and NotPrincipal of a statement, and how they let somebody in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from rehearsal.iam.callers import Caller

EVERYBODY = "*"


class Grant(Enum):
    """How a statement of a resource's policy lets a caller in."""

    DIRECT = "the caller itself: boundary and session policies do not limit it unless they deny"
    ROLE = "the role behind a session, or the user behind a federated one: its limits count"
    EVERYBODY = "whoever asks: the caller's limits count"
    ACCOUNT = "the account: its own policies then decide"


@dataclass(frozen=True)
class Principals:
    """``named`` holds ARNs, names of services and of providers, ``accounts`` the ids of accounts."""

    is_negated: bool
    is_everybody: bool
    named: frozenset[str]
    accounts: frozenset[str]
    canonical: frozenset[str]

    def grant(self, caller: Caller) -> Grant | None:
        if self.is_negated:
            return None
        return self._match(caller)

    def are_denied(self, caller: Caller, has_boundary: bool) -> bool:
        """Whether a statement that denies is about the caller.

        Nobody knows here which account a canonical user is, so that it may be anybody's of an account.
        """
        if not self.is_negated:
            return self._match(caller) is not None or (bool(self.canonical) and caller.has_policies)
        return (has_boundary and caller.has_policies) or not self._is_exempt(caller)

    def _match(self, caller: Caller) -> Grant | None:
        if caller.text in self.named and caller.kind != "role":
            return Grant.DIRECT
        if caller.text in self.canonical:
            return Grant.DIRECT
        if self.is_everybody:
            return Grant.EVERYBODY
        if any(caller.is_role(arn) or caller.is_maker(arn) for arn in self.named):
            return Grant.ROLE
        return Grant.ACCOUNT if caller.account and caller.account in self.accounts else None

    def _is_exempt(self, caller: Caller) -> bool:
        """NotPrincipal exempts whom it names together with the account: for a session that is the role."""
        if self.is_everybody:
            return True
        if not caller.has_policies:
            return caller.text in self.named
        if caller.account not in self.accounts:
            return False
        if caller.kind in ("role", "session"):
            return any(map(caller.is_role, self.named))
        return caller.kind == "root" or caller.text in self.named
