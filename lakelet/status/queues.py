"""What waits in the queues, and what a dead letter is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lakelet.letters import read_letter, read_manifest_letter
from lakelet.place import Place
from lakelet.status.model import QueueStatus

PEEKED = 5
# By the name that a status shows: the stack's export, and whether it holds dead letters.
QUEUES = {"manifests": ("manifests_queue", False), "manifests-dead": ("manifests_dead_queue", True),
          "given-up": ("given_up_queue", True)}  # fmt: skip
DEAD = {"manifests": "manifests-dead", "given-up": "given-up"}  # by what `lakelet redrive` calls them
_COUNTS = "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"


def queue_status(place: Place, name: str, peeks: bool) -> QueueStatus:
    """``peeks`` receives the first dead letters, and hides none of them; on AWS that counts as a receive of each."""
    export, is_dead = QUEUES[name]
    sqs, url = place.client("sqs"), place.outputs[export]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(_COUNTS))["Attributes"]
    visible, in_flight, delayed = (int(told.get(each, 0)) for each in _COUNTS)
    waiting = visible + delayed
    messages = _peek(sqs, url, name) if peeks and is_dead and visible else ()
    return QueueStatus(name, is_dead, waiting, in_flight, messages)


def _peek(sqs: Any, url: str, queue: str) -> tuple[str, ...]:
    found = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=PEEKED, VisibilityTimeout=0,
        AttributeNames=["SentTimestamp"], MessageAttributeNames=["All"],
    ).get("Messages", [])  # fmt: skip
    return tuple(dict.fromkeys(describe(queue, message) for message in found))


def describe(queue: str, message: Mapping[str, Any]) -> str:
    """One line on a dead letter."""
    read = read_manifest_letter(message) if queue == "manifests-dead" else read_letter(message)
    sent = int(message.get("Attributes", {}).get("SentTimestamp", 0)) / 1000
    since = f", since {datetime.fromtimestamp(sent, UTC):%Y-%m-%d %H:%M}Z" if sent else ""
    return f"{read.about}{since}"
