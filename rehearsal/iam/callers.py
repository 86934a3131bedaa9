"""Who asks: a user, a role or a session of it, an account's root, a service, somebody from outside, or anybody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rehearsal.errors import RehearsalError

CallerKind = Literal["user", "role", "session", "federated user", "root", "service", "outsider", "anonymous"]

_ARN = re.compile(r"arn:([a-z0-9-]+):(iam|sts)::(\d+):([^*?\s]+)", re.ASCII)
_SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?", re.ASCII)
_PROVIDER = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)
_CANONICAL = re.compile(r"[0-9a-f]{64}", re.ASCII)
_KINDS: dict[tuple[str, str], tuple[CallerKind, int]] = {
    ("iam", "user"): ("user", 1),
    ("iam", "role"): ("role", 1),
    ("sts", "assumed-role"): ("session", 2),
    ("sts", "federated-user"): ("federated user", 1),
    ("iam", "saml-provider"): ("outsider", 1),
    ("iam", "oidc-provider"): ("outsider", 1),
}


class UnknownCaller(RehearsalError):
    """Nobody can tell who asks."""


@dataclass(frozen=True)
class Caller:
    """``role`` is the ARN of the role behind a session where it is known, ``role_name`` its name."""

    text: str
    kind: CallerKind
    account: str = ""
    partition: str = "aws"
    role: str = ""
    role_name: str = ""

    @property
    def has_policies(self) -> bool:
        """Whether it is of an account's IAM, so that policies of its own and of its account count."""
        return self.kind in ("user", "role", "session", "federated user", "root")

    @property
    def is_under_scps(self) -> bool:
        """All of an account are, but for the roles that services have made for themselves."""
        return self.has_policies and ":role/aws-service-role/" not in f"{self.role} {self.text}"

    def is_role(self, arn: str) -> bool:
        """Whether the caller is this role or a session of it.

        A session's ARN leaves the path of the role out. Where the role's own ARN is not known, its account and name
        decide: no account has two roles of one name.
        """
        if self.kind not in ("role", "session"):
            return False
        if self.role:
            return arn == self.role
        return arn.startswith(f"arn:{self.partition}:iam::{self.account}:role/") and _name(arn) == self.role_name

    def is_maker(self, arn: str) -> bool:
        """Whether the caller is a federated user whom this user has made."""
        return self.kind == "federated user" and arn.startswith(f"arn:{self.partition}:iam::{self.account}:user/") and (
            _name(arn) == _name(self.text)
        )  # fmt: skip


@lru_cache(maxsize=1024)
def caller_of(principal: str, principal_arn: str | None = None) -> Caller:
    """``principal_arn`` is what the request holds under aws:PrincipalArn. Raises UnknownCaller."""
    if principal == "*":
        return Caller(principal, "anonymous")
    if _SERVICE.fullmatch(principal):
        return Caller(principal, "service")
    if _PROVIDER.fullmatch(principal) or _CANONICAL.fullmatch(principal):
        return Caller(principal, "outsider")
    if not (found := _ARN.fullmatch(principal)):
        raise _unknown(principal)
    partition, service, account, name = found.groups()
    if (service, name) == ("iam", "root"):
        return Caller(principal, "root", account, partition)
    sort, *parts = name.split("/")
    if (service, sort) not in _KINDS:
        raise _unknown(principal)
    kind, least = _KINDS[service, sort]
    if not all(parts) or len(parts) < least or (service == "sts" and len(parts) > least):
        raise _unknown(principal)
    if kind == "role":
        return Caller(principal, kind, account, partition, principal, parts[-1])
    if kind != "session":
        return Caller(principal, kind, account, partition)
    plain = Caller(principal, kind, account, partition, "", parts[0])
    is_told = principal_arn is not None and plain.is_role(principal_arn)
    return Caller(principal, kind, account, partition, principal_arn or "", parts[0]) if is_told else plain


def _name(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]


def _unknown(principal: str) -> UnknownCaller:
    expected = 'the ARN of a user, role, session or account root, the name of a service, or "*"'
    return UnknownCaller(f"principal is {principal[:200]!r}, expected {expected}")
