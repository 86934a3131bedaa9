"""The metrics of log lines, and those that AWS makes by itself of functions, queues, schedules and rules."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from moto.sqs.models import sqs_backends

from rehearsal.account import Account
from rehearsal.metrics.embedded import Datum, NotMetered, metrics_in
from rehearsal.metrics.queues import Message, Watch, samples
from rehearsal.metrics.store import backend_of, put
from rehearsal.runtime.outcome import Invocation


@dataclass(frozen=True)
class Counted:
    """Something that CloudWatch counts: ``by`` is the dimension, as in ("RuleName", "ended")."""

    namespace: str
    name: str
    by: tuple[str, str]
    moment: float


class Services:
    """``count`` and ``logged`` may be called from any thread; ``collect`` puts what came together, up to now.

    ``unmetered`` names the log groups with lines that speak of metrics and make none, and why.
    """

    def __init__(self, account: Account, invocations: Sequence[Invocation]) -> None:
        self._account, self._invocations = account, invocations
        self._told = 0
        self._counted: list[Counted] = []
        self.unmetered: list[tuple[str, str]] = []
        self._lock, self._measuring = threading.Lock(), threading.Lock()
        self._queues: dict[str, Watch] = {}
        self._measured_until = 0.0

    def start(self, moment: float) -> None:
        """Queues are measured from here on."""
        self._measured_until = moment

    def count(self, namespace: str, name: str, by: tuple[str, str]) -> None:
        with self._lock:
            self._counted.append(Counted(namespace, name, by, self._account.clock.now()))

    def logged(self, group: str, lines: Sequence[str]) -> None:
        """Put the metrics that are in log lines."""
        now_ms = self._account.clock.now() * 1000
        for line in lines:
            try:
                self._put(metrics_in(line, now_ms))
            except NotMetered as problem:
                self.unmetered.append((group, str(problem)))

    def collect(self) -> None:
        with self._lock:
            counted, self._counted = self._counted, []
            ran = list(self._invocations[self._told :])
            self._told += len(ran)
        data = [Datum(each.namespace, each.name, (each.by,), (1.0,), "Count", each.moment) for each in counted]
        self._put([*data, *(datum for one in ran for datum in of_invocation(one))])

    def measure_queues(self, until: float, dense: frozenset[str]) -> None:
        """Put what queues measure up to a moment, if nothing but time touches them until then."""
        with self._measuring:
            self._put(self.foresee_queues(until, dense, self._queues))
            self._measured_until = max(self._measured_until, until)

    def foresee_queues(
        self, until: float, dense: frozenset[str], watches: dict[str, Watch] | None = None
    ) -> list[Datum]:
        """What ``measure_queues`` would put; nothing is put or remembered unless ``watches`` is given."""
        return list(self._of_queues(until, dense, watches))

    def _of_queues(self, until: float, dense: frozenset[str], watches: dict[str, Watch] | None) -> Iterator[Datum]:
        for name, queue in list(sqs_backends[self._account.account_id][self._account.region].queues.items()):
            known = self._queues.get(name, Watch())
            watch = Watch(**vars(known)) if watches is None else watches.setdefault(name, known)
            found = samples(
                name, _messages(queue), float(queue.message_retention_period), watch,
                self._measured_until, until, name in dense,
            )  # fmt: skip
            for data in found:
                yield from data

    def _put(self, data: Sequence[Datum]) -> None:
        if data:
            put(backend_of(self._account.account_id, self._account.region), data)
            self._account.hooks.changed(("metrics", "", ""))


def of_invocation(ran: Invocation) -> Iterator[Datum]:
    """The metrics of one run of a function; its time is when it was called. One that ran was not throttled."""
    values = (("Invocations", 1.0, "Count"), ("Errors", float(ran.error is not None), "Count"),
              ("Throttles", 0.0, "Count"), ("Duration", ran.duration_ms, "Milliseconds"))  # fmt: skip
    for name, value, unit in values:
        moment = ran.moment - ran.duration_ms / 1000
        yield Datum("AWS/Lambda", name, (("FunctionName", ran.function),), (value,), unit, moment)


def _messages(queue: Any) -> list[Message]:
    return [
        Message((each.sent_timestamp or 0) / 1000, each.delayed_until / 1000, each.visible_at / 1000)
        for each in list(queue._messages)
    ]
