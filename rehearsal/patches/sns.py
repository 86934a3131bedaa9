"""SNS: queues and functions get their messages; what would leave the machine is told to the hook instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rehearsal.hooks import Notification
from rehearsal.patches.seams import after_call, hooks

AT_HOME = ("sqs", "lambda")


def keep_at_home(original: Callable[..., None]) -> Callable[..., None]:
    """Subscription.publish. Moto would post to any address on the internet, and forgets what goes by mail."""

    def publish(subscription: Any, message: str, message_id: str, **named: Any) -> None:
        here = hooks()
        if here is None or subscription.protocol in AT_HOME:
            original(subscription, message, message_id, **named)
            return
        matcher = subscription._filter_policy_matcher
        if matcher is not None and not matcher.matches(named.get("message_attributes"), message):
            return
        told = Notification(
            subscription.topic.arn, subscription.protocol, subscription.endpoint, named.get("subject"), message
        )
        after_call(lambda: here.notified(told))

    return publish
