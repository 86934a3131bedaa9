"""One call of the extract function: take the lease, sweep, and say in the ledger how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.clock import Clock
from lambdas.errors import Lost, one_line
from lambdas.extract.client import CONNECT_SECONDS
from lambdas.extract.errors import Broken, Waits
from lambdas.extract.settings import Order
from lambdas.ledger import Held, Ledger
from lambdas.logs import Log
from lambdas.metrics import Measured
from lambdas.run import Run
from sources.metrics import QUOTA_LEFT, RUNS_FAILED
from sources.model import Api, ClientCredentials
from sources.runs import State

WRITES_SECONDS = 10.0  # for storing a page and for noting in the ledger how the call ended
LEASE_GRACE_SECONDS = 5.0  # Lambda kills a call a little after its time is up

HELD = "held"


def reserve_seconds(api: Api) -> float:
    """The time that a call keeps back: a page (and the token for it) up to the time-out, and the writes."""
    requests = 2 if isinstance(api.auth, ClientCredentials) else 1
    return requests * (CONNECT_SECONDS + api.timeout_seconds) + WRITES_SECONDS


@dataclass(frozen=True)
class Extraction:
    """``finish`` does the sweep; ``quota_left`` tells how many calls of the API are left, where they are counted;
    ``time_left`` is what Lambda still gives this call, in seconds."""

    order: Order
    ledger: Ledger
    finish: Callable[[Run], Run]
    quota_left: Callable[[], int | None]
    time_left: Callable[[], float]
    clock: Clock
    log: Log

    def run(self, owner: str) -> dict[str, Any]:
        """Read the run as far as it goes in this call; the answer says where it stands."""
        try:
            run = self.ledger.take_lease(self.order.run, self.order.scheduled_at, owner, self._lease_until())
        except Held as held:
            return self._stands_aside(held.run)
        self.log.info("lease taken", page=run.page, version=run.version)
        try:
            after = self._as_far_as_it_goes(run)
        except Lost:
            self.log.warning("lease lost", page=run.page, version=run.version)
            return self._answer(run, HELD)
        self.log.info("call ended", self._measured(after), page=after.page, state=after.state)
        return self._answer(after)

    def _as_far_as_it_goes(self, run: Run) -> Run:
        try:
            self._check_time()
            return self.finish(run)
        except Lost:
            raise
        except Waits as pause:
            after = self.ledger.wait(run, self._reason(pause), ceil(pause.resume_at))
            self.log.warning("waiting", page=after.page, reason=pause, resume_at=pause.resume_at)
        except Broken as broken:
            after = self.ledger.fail_extract(run, self._reason(broken))
            self.log.error("failed", page=after.page, reason=broken)
        except Exception as unexpected:
            # Said first: what is broken may be the way to the ledger.
            self.log.error("failed unexpectedly", unexpected, page=run.page)
            reason = f"{type(unexpected).__name__}: {unexpected}; see the function's log, tried again by itself"
            after = self.ledger.fail_extract(run, self._reason(reason))
        return after

    def _measured(self, run: Run) -> Measured:
        failed = {RUNS_FAILED: 1} if run.state == State.FAILED else {}
        try:
            left = self.quota_left()
        except (ClientError, BotoCoreError) as trouble:  # a figure for the dashboard is not worth a failure
            self.log.warning("quota left not known", page=run.page, why=trouble)
            return failed
        return failed if left is None else failed | {QUOTA_LEFT: left}

    def _check_time(self) -> None:
        """A function whose time-out is too short would stop before its first page, again and again."""
        reserve = reserve_seconds(self.order.source.api)
        if self.time_left() <= reserve:
            raise Broken(
                f"the function has {self.time_left():.0f} s, and needs over {reserve:g} s for a page; give it more"
            )

    def _stands_aside(self, run: Run) -> dict[str, Any]:
        self.log.info("nothing to do", page=run.page, state=run.state)
        return self._answer(run, HELD if run.state == State.EXTRACTING else None)

    def _lease_until(self) -> int:
        return ceil(self.clock.now() + self.time_left() + LEASE_GRACE_SECONDS)

    def _reason(self, text: object) -> str:
        return self.log.mask(one_line(text, 500))

    def _answer(self, run: Run, state: str | None = None) -> dict[str, Any]:
        return {
            "run": str(run.name),
            "state": state or str(run.state),
            "pages": run.page - 1,
            "rows": run.rows,
            "ended": run.ended,
            "reason": run.reason,
            "resume_at": run.resume_at,
        }
