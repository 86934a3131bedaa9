"""What is asked of an evaluation, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Verdict = Literal["Allowed", "ExplicitlyDenied", "ImplicitlyDenied", "Error"]
Value = str | bool | int | float
Context = Mapping[str, Value | Sequence[Value]]


@dataclass(frozen=True)
class Request:
    """One action on one resource. Nothing is made up: a context key that is not given is absent.

    ``principal`` is the ARN of a user, a role, a session of a role, or an account's root, the name of a service
    (``s3.amazonaws.com``), or "*" for somebody who has not signed. ``account`` owns the resource.
    """

    principal: str
    action: str
    resource: str
    account: str = ""
    context: Context = field(default_factory=dict)


@dataclass(frozen=True)
class Policies:
    """All that has a say. Each policy is its text, or what its text says as JSON.

    ``identity`` are those of the principal, ``resource`` that of the resource, ``session`` those given when the
    session began. ``scps`` holds a list for each level above the account, from the root down, or the policies of one
    level. None and an empty list mean that there is none; a level without policies allows nothing.
    """

    identity: Sequence[Any] = ()
    resource: Any = None
    boundary: Any = None
    session: Any = None
    scps: Sequence[Any] | None = None


@dataclass(frozen=True)
class Judgement:
    """A verdict, and why in one line, as it would stand in IAM's own message where there is one."""

    decision: Verdict
    reason: str

    @property
    def is_allowed(self) -> bool:
        return self.decision == "Allowed"
