"""Event source mappings: Lambda receives from a queue as the function's role, and calls the function with batches."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from botocore.exceptions import ClientError

from rehearsal.account import Account
from rehearsal.errors import RehearsalError
from rehearsal.events.batch import Message, batch_event, failed
from rehearsal.events.crew import Crew
from rehearsal.hooks import InvokeRefused, InvokeRequest, InvokeResult
from rehearsal.runtime.spec import LAMBDA, NotRehearsed
from rehearsal.standing import QueueStanding, configuration_of, event_source_mappings, queue_standing, queue_url

MOST_PER_CALL = 10
CONCURRENCY = 5  # how many batches of a queue Lambda starts with, when the mapping sets no limit


class Invoker(Protocol):
    def invoke(self, request: InvokeRequest, request_id: str | None = None) -> InvokeResult: ...


@dataclass
class Poller:
    """What is under way for one mapping: messages gathered for a batch, and batches being worked on."""

    uuid: str
    queue_arn: str
    function_arn: str
    gathered: list[Message] = field(default_factory=list)
    since: float = 0.0
    in_flight: int = 0
    problem: str | None = None
    is_blocked: bool = False

    @property
    def function(self) -> str:
        return self.function_arn.split(":")[6]

    @property
    def qualifier(self) -> str | None:
        return next(iter(self.function_arn.split(":")[7:]), None)

    @property
    def queue(self) -> str:
        return self.queue_arn.split(":")[-1]


class Mappings:
    """All mappings of the account that are enabled."""

    def __init__(self, account: Account, functions: Invoker, crew: Crew) -> None:
        self._account, self._functions, self._crew = account, functions, crew
        self._lock = threading.Lock()
        self._pollers: dict[str, Poller] = {}

    def start_due(self) -> bool:
        """Receive what can be received and start the batches that are due. Whether anything was started."""
        has_started = False
        for poller, mapping in self._enabled():
            has_started |= self._step(poller, mapping)
        return has_started

    def try_again(self) -> None:
        """Read again from queues that could not be read: what was missing may be there now."""
        for poller in self._pollers.values():
            poller.is_blocked = False

    def next_moment(self) -> float | None:
        """When the next batch window ends, or the next message can be received."""
        moments = []
        for poller, mapping in self._enabled():
            if poller.gathered:
                moments.append(poller.since + _window(mapping))
            moments += self.standing(poller).hidden_until[:1]
        return min(moments, default=None)

    def waiting(self) -> list[str]:
        """Queues that are not empty, with what is known of why."""
        lines = []
        for poller, _ in self._enabled():
            standing = self.standing(poller)
            if not standing.is_empty:
                counts = f"{standing.visible} visible and {len(standing.hidden_until)} hidden messages"
                why = f" (function {poller.function}: {poller.problem})" if poller.problem else ""
                lines.append(f"queue {poller.queue} has {counts}{why}")
        return lines

    def standing(self, poller: Poller) -> QueueStanding:
        return queue_standing(self._account, poller.queue_arn)

    def _enabled(self) -> Iterator[tuple[Poller, Mapping[str, Any]]]:
        for mapping in event_source_mappings(self._account):
            if mapping["State"] == "Enabled":
                _check(mapping)
                new = Poller(mapping["UUID"], mapping["EventSourceArn"], mapping["FunctionArn"])
                yield self._pollers.setdefault(mapping["UUID"], new), mapping

    def _step(self, poller: Poller, mapping: Mapping[str, Any]) -> bool:
        """Gather and start batches until the queue is read or as many run as may."""
        has_started = False
        limit = (mapping.get("ScalingConfig") or {}).get("MaximumConcurrency") or CONCURRENCY
        while poller.in_flight < limit and not poller.is_blocked:
            self._gather(poller, mapping)
            if not poller.gathered or not self._is_due(poller, mapping):
                break
            batch, poller.gathered = poller.gathered, []
            self._start(poller, mapping, batch)
            has_started = True
        return has_started

    def _gather(self, poller: Poller, mapping: Mapping[str, Any]) -> None:
        wanted = mapping["BatchSize"] - len(poller.gathered)
        while wanted > 0 and self.standing(poller).visible:
            received = self._receive(poller, min(wanted, MOST_PER_CALL))
            if not received:
                break
            if not poller.gathered:
                poller.since = self._account.clock.now()
            poller.gathered += received
            wanted -= len(received)

    def _receive(self, poller: Poller, most: int) -> list[Message]:
        try:
            sqs = self._sqs(poller)
            url = queue_url(self._account, poller.queue_arn)
            sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
            told = sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=most, AttributeNames=["All"], MessageAttributeNames=["All"],
                WaitTimeSeconds=0,
            )  # fmt: skip
        except (ClientError, RehearsalError) as error:
            poller.problem, poller.is_blocked = str(error), True
            return []
        messages: list[Message] = told.get("Messages", [])
        return messages

    def _is_due(self, poller: Poller, mapping: Mapping[str, Any]) -> bool:
        is_full = len(poller.gathered) >= mapping["BatchSize"]
        return is_full or self._account.clock.now() >= poller.since + _window(mapping)

    def _start(self, poller: Poller, mapping: Mapping[str, Any], batch: list[Message]) -> None:
        with self._lock:
            poller.in_flight += 1
        reports_items = "ReportBatchItemFailures" in (mapping.get("FunctionResponseTypes") or ())
        self._crew.start(f"function {poller.function}", lambda: self._work(poller, batch, reports_items))

    def _work(self, poller: Poller, batch: list[Message], reports_items: bool) -> None:
        try:
            payload = json.dumps(batch_event(batch, poller.queue_arn)).encode()
            result = self._functions.invoke(InvokeRequest(poller.function, poller.qualifier, payload))
            left = failed(batch, result.payload, result.function_error is not None, reports_items)
            self._delete(poller, [message for message in batch if message not in left])
        except InvokeRefused as refused:
            poller.problem = str(refused)  # the messages come back when their visibility time-out ends
        finally:
            with self._lock:
                poller.in_flight -= 1

    def _delete(self, poller: Poller, done: list[Message]) -> None:
        url = queue_url(self._account, poller.queue_arn)
        for start in range(0, len(done), MOST_PER_CALL):
            part = done[start : start + MOST_PER_CALL]
            entries = [{"Id": str(i), "ReceiptHandle": message["ReceiptHandle"]} for i, message in enumerate(part)]
            try:
                self._sqs(poller).delete_message_batch(QueueUrl=url, Entries=entries)
            except ClientError as error:
                poller.problem = str(error)

    def _sqs(self, poller: Poller) -> Any:
        role = configuration_of(self._account, poller.function)["Role"]
        return self._account.sessions.client(role, LAMBDA, "sqs")


def _window(mapping: Mapping[str, Any]) -> float:
    return float(mapping.get("MaximumBatchingWindowInSeconds") or 0)


def _check(mapping: Mapping[str, Any]) -> None:
    source = mapping["EventSourceArn"]
    if source.split(":")[2] != "sqs":
        raise NotRehearsed(f"event source {source} is not rehearsed; only queues are: leave the mapping out")
    if mapping.get("FilterCriteria"):
        raise NotRehearsed(f"the filter of the mapping from {source} is not rehearsed; filter in the function instead")
