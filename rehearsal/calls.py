"""The record of every call to the account: who asked for what, on which resource, and what came of it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rehearsal.answers import Answer
    from rehearsal.asked import Asked
    from rehearsal.iam.request import Request

OUTSIDE = frozenset({"rehearsal", "deployer", "anonymous", "unknown"})  # principals that are not the program's own


@dataclass(frozen=True)
class Decision:
    """What was decided about a call. A denied one is answered with AccessDenied and the reason, not carried out.

    ``requests`` are all that was asked for, ``refused`` the first of them that is not allowed. ``probes`` are asked
    to find out how much an answer may tell: nothing is denied because of them. ``is_stranger``: the key is nobody's.
    """

    kind: Literal["not decided", "allowed", "denied"]
    reason: str = ""
    requests: tuple[Request, ...] = ()
    refused: Request | None = None
    probes: tuple[Request, ...] = ()
    is_stranger: bool = False


NOT_DECIDED = Decision("not decided")


@dataclass(frozen=True, slots=True)
class Call:
    """One call. ``principal`` is "rehearsal", "deployer", role/session, user, "anonymous" or "unknown", or the name of
    a service that acted by itself, such as s3.amazonaws.com. ``principal_arn`` is empty for a key that nobody has.

    ``resource`` is the best name that the request gives: bucket/key, a table, a function, a job; ``moment`` the time.
    ``units`` are those that DynamoDB bills: of writing where the operation writes, else of reading.
    """

    principal: str
    service: str
    operation: str
    resource: str
    status: int
    request_bytes: int
    response_bytes: int
    decision: Decision
    moment: float
    units: float = 0.0
    principal_arn: str = ""


def decide_nothing(_: Asked) -> Decision:
    return NOT_DECIDED


def disclose(_asked: Asked, decision: Decision, answer: Answer) -> tuple[Decision, Answer]:
    return decision, answer


def measure_nothing(_asked: Asked, _answer: Answer) -> float:
    return 0.0


class CallRecord:
    """All calls of an account, in the order in which they were answered. ``decide`` is asked before each call,
    ``conceal`` what of the answer the caller may see, ``measure`` how many units it took."""

    def __init__(self) -> None:
        self.decide: Callable[[Asked], Decision] = decide_nothing
        self.conceal: Callable[[Asked, Decision, Answer], tuple[Decision, Answer]] = disclose
        self.measure: Callable[[Asked, Answer], float] = measure_nothing
        self._calls: list[Call] = []
        self._lock = threading.Lock()

    def append(self, call: Call) -> None:
        with self._lock:
            self._calls.append(call)

    def mark(self) -> int:
        """Where the record stands: hand it to ``since`` to get what came after."""
        return len(self)

    def since(self, mark: int = 0, **wanted: str) -> list[Call]:
        """The calls from a mark on: ``since(mark, service="s3", operation="GetObject", principal="reader/one")``."""
        with self._lock:
            calls = self._calls[mark:]
        return [call for call in calls if all(getattr(call, name) == value for name, value in wanted.items())]

    def counts(self, mark: int = 0, **wanted: str) -> Counter[str]:
        """How often each operation was called: ``{"s3:GetObject": 3}``."""
        return Counter(f"{call.service}:{call.operation}" for call in self.since(mark, **wanted))

    def __iter__(self) -> Iterator[Call]:
        return iter(self.since())

    def __len__(self) -> int:
        with self._lock:
            return len(self._calls)
