"""IAM takes its time: what a new role may do is not known at once, and Pulumi's provider asks again for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from botocore.exceptions import ClientError

T = TypeVar("T")

# How services say that a role does not, or does not yet, let them do what they are to do.
NOT_YET = (
    "cannot be assumed by Lambda",
    "does not have permissions to call",
    "must allow AWS EventBridge Scheduler to assume the role",
)
PATIENCE_SECONDS = 5.0  # the provider's is two minutes; here only the program's own next resource is waited for
PAUSE_SECONDS = 0.2


def once_settled(make: Callable[[], T], patience_seconds: float = PATIENCE_SECONDS) -> T:
    """What ``make`` gives, tried again while a role's policies may still be on their way."""
    give_up = time.monotonic() + patience_seconds
    while True:
        try:
            return make()
        except ClientError as error:
            if time.monotonic() > give_up or not is_settling(error):
                raise
        time.sleep(PAUSE_SECONDS)


def is_settling(error: ClientError) -> bool:
    message = str(error.response.get("Error", {}).get("Message"))
    return any(words in message for words in NOT_YET)
