"""A lake to look at: an account with what was last deployed and the data as they are, without a deployment."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rehearsal.account import Account
from rehearsal.identity.principals import DEPLOYER_KEY
from rehearsal.kept.kept import Kept
from rehearsal.kept.lock import is_locked
from rehearsal.kept.parts import parts_of
from rehearsal.kept.program import Made

log = logging.getLogger(__name__)


@contextmanager
def reopen(folder: Path) -> Iterator[tuple[Account, Kept]]:
    """The lake as it is at this moment, whoever works on it. What is written into the account is forgotten.

    There are the buckets, tables, queues, jobs, catalog, queries, schedules and alarms; no functions, roles, secrets,
    nor objects that the program uploads. Raises KeptError where there is no lake that can be read.
    """
    is_worked_on = is_locked(folder)  # before the snapshot: who ends in between has written it
    kept = Kept.look(folder)
    try:
        region, account_id = kept.of_account() or ("eu-north-1", "123456789012")
        with Account(region, account_id) as account:
            kept.attach(account)
            account.gate.prepare = _Filling(account, kept, cut_off=not is_worked_on)
            yield account, kept
    finally:
        kept.close()


class _Filling:
    """Makes and fills what there is of a service when it is first called: few readers need all of them."""

    def __init__(self, account: Account, kept: Kept, cut_off: bool) -> None:
        self._account, self._kept, self._cut_off = account, kept, cut_off
        self._made: defaultdict[str, list[Made]] = defaultdict(list)
        for made in kept.made():
            self._made[made.service].append(made)
        self._done: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, service: str) -> None:
        with self._lock:
            if service in self._done:
                return
            self._done.add(service)
            host = self._account.endpoint.removeprefix("http://")
            for made in self._made[service]:
                answer = self._account.gate.repeat(made.environ(host, DEPLOYER_KEY))
                if answer.code >= 400:
                    said = answer.body[:200].decode(errors="replace")
                    log.warning("%s lacks what %s %s made: %s", service, made.method, made.path, said)
            account_id, region = self._account.account_id, self._account.region
            self._kept.fill(parts_of(account_id, region, service), self._cut_off)
