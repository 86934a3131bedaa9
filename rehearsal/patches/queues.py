"""SQS: what is past its retention is gone, and no message goes to a function but through an event source mapping."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from moto.core.utils import unix_time_millis

from rehearsal.errors import RehearsalError
from rehearsal.patches.seams import after_call, hooks, stepping_aside


class AccountStopped(RehearsalError):
    """A call was still waiting when its account was stopped."""


_adding = threading.Lock()


def forget_expired(original: property) -> property:
    """Queue.messages. Moto leaves an expired message in the way of those behind it, which a moved clock shows."""

    def messages(queue: Any) -> Any:
        oldest = unix_time_millis() - 1000 * int(queue.message_retention_period)
        with queue._messages_lock:
            expired = [message for message in queue._messages if (message.sent_timestamp or oldest) < oldest]
            for message in expired:
                queue._messages.remove(message)
                queue._pending_messages.discard(message)
        return original.__get__(queue)

    return property(messages)


def end_with_account(original: Callable[..., None]) -> Callable[..., None]:
    """Queue.wait_for_messages, where long polls wait: aside, so that somebody can send what they wait for."""

    def wait_for_messages(queue: Any, timeout: int) -> None:
        here = hooks()
        with stepping_aside():
            original(queue, timeout)
        if hooks() is not here:
            raise AccountStopped("the account was stopped while a call waited for messages")

    return wait_for_messages


def leave_mappings_alone(original: Callable[..., None]) -> Callable[..., None]:
    """Queue.add_message. Moto would call the function within SendMessage: no window, no batch, no role."""

    def add_message(queue: Any, message: Any) -> None:
        is_new = not message.approximate_receive_count  # one that moves to the dead letters has been received
        with _adding:
            mappings, queue.lambda_event_source_mappings = queue.lambda_event_source_mappings, {}
            try:
                original(queue, message)
            finally:
                queue.lambda_event_source_mappings = mappings
        if here := hooks():
            after_call(lambda: here.changed(("queue", queue.name, "")))
            if is_new:
                after_call(lambda: here.counted("AWS/SQS", "NumberOfMessagesSent", ("QueueName", queue.name)))

    return add_message
