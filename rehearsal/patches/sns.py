"""SNS: queues and functions that let it in get their messages; what would leave the machine is told to the hook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rehearsal.hooks import Hooks, Notification
from rehearsal.identity.services import HANDS_ON
from rehearsal.patches.seams import after_call, hooks

AT_HOME = ("sqs", "lambda")
SNS = "sns.amazonaws.com"


def keep_at_home(original: Callable[..., None]) -> Callable[..., None]:
    """Subscription.publish. Moto would post to any address on the internet, and forgets what goes by mail."""

    def publish(subscription: Any, message: str, message_id: str, **named: Any) -> None:
        here = hooks()
        if here is None:
            original(subscription, message, message_id, **named)
            return
        matcher = subscription._filter_policy_matcher
        if matcher is not None and not matcher.matches(named.get("message_attributes"), message):
            return
        if subscription.protocol in AT_HOME:
            _hand_on(here, subscription, lambda: original(subscription, message, message_id, **named))
            return
        told = Notification(
            subscription.topic.arn, subscription.protocol, subscription.endpoint, named.get("subject"), message
        )
        after_call(lambda: here.notified(told))

    return publish


def _hand_on(here: Hooks, subscription: Any, send: Callable[[], None]) -> None:
    topic, endpoint = subscription.topic, str(subscription.endpoint)
    refusal = here.may(SNS, HANDS_ON[subscription.protocol], endpoint, topic.arn)
    if refusal:
        here.lost(topic.name, endpoint, refusal)
    else:
        send()
