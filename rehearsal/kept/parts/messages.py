"""Messages of SQS queues. One that was in flight can be received again at once: who had received it is gone."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

from moto.sqs.models import Message, sqs_backends

from rehearsal.asked import Asked
from rehearsal.kept.parts.part import Part
from rehearsal.kept.store import Batch, Name, Store

CHANGES = frozenset(
    {"SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage", "DeleteMessageBatch", "PurgeQueue"}
)
PLAIN = (
    "body", "system_attributes", "sent_timestamp", "approximate_first_receive_timestamp", "approximate_receive_count",
    "deduplication_id", "group_id", "sequence_number", "delayed_until",
)  # fmt: skip


class Messages(Part):
    """A queue is compared with what is kept of it: names are of queues, as a call names no messages that AWS knows."""

    service = "sqs"
    names = ("queue",)

    def __init__(self, account_id: str, region: str) -> None:
        self._backend = sqs_backends[account_id][region]
        self._filled: set[str] = set()
        self._kept: dict[str, dict[str, int]] = {}  # by queue: how often each message had been received

    def touched(self, asked: Asked, _answer: bytes) -> Iterable[Name]:
        if asked.operation == "StartMessageMoveTask":
            return [Name("queue", queue, "") for queue in list(self._backend.queues)]
        if asked.operation not in CHANGES:
            return ()
        queue = str(asked.parameters.get("QueueUrl") or asked.path).rsplit("/", 1)[-1]
        held = self._backend.queues.get(queue)
        dead = held.dead_letter_queue if held and asked.operation == "ReceiveMessage" else None
        return [Name("queue", name, "") for name in (queue, *([dead.name] if dead else []))]

    def gather(self, name: Name, batch: Batch) -> None:
        if name.place not in self._filled:
            return  # what comes before is of the deployment, such as S3's test event
        queue = self._backend.queues.get(name.place)
        kept = self._kept[name.place]
        messages = list(queue._messages) if queue else []
        now = {message.id: message.approximate_receive_count for message in messages}
        for message in messages:
            if kept.get(message.id) != message.approximate_receive_count:
                batch.put(Name("message", name.place, message.id), _told(message))
        for gone in kept.keys() - now.keys():
            batch.drop(Name("message", name.place, gone))
        self._kept[name.place] = now

    def restore(self, store: Store, _cut_off: bool) -> None:
        for name, queue in self._backend.queues.items():
            if name in self._filled:
                continue
            self._filled.add(name)
            there = {message.id for message in queue._messages}
            kept = [_message(id, told) for _, id, told in store.rows("message", name) if id not in there]
            queue._messages[:0] = kept
            self._kept[name] = {message.id: message.approximate_receive_count for message in queue._messages}


def _told(message: Any) -> dict[str, Any]:
    attributes = {name: _writable(value) for name, value in message.message_attributes.items()}
    return {**{name: getattr(message, name) for name in PLAIN}, "attributes": attributes}


def _writable(attribute: dict[str, Any]) -> dict[str, Any]:
    value = attribute.get("BinaryValue")
    if isinstance(value, bytes):
        return {**attribute, "BinaryValue": {"base64": base64.b64encode(value).decode()}}
    return attribute


def _message(id: str, told: dict[str, Any]) -> Any:
    message = Message(id, told["body"])
    for name in PLAIN:
        setattr(message, name, told[name])
    for name, attribute in told["attributes"].items():
        value = attribute.get("BinaryValue")
        is_wrapped = isinstance(value, dict)
        message.message_attributes[name] = (
            {**attribute, "BinaryValue": base64.b64decode(value["base64"])} if is_wrapped else attribute
        )
    return message
