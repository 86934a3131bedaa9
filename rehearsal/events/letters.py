"""A call of Scheduler's that failed: whether it may be tried again, and what its dead letter tells."""

from __future__ import annotations

from botocore.exceptions import ClientError

# Errors of the caller by their status, and yet they pass by themselves.
PASSING = frozenset({
    "ConcurrentRunsExceededException", "ConcurrentModificationException",
    "ProvisionedThroughputExceededException", "RequestLimitExceeded", "TooManyRequestsException",
})  # fmt: skip


def may_pass(error: Exception) -> bool:
    """Throttling, faults of the target, and a target that is busy; not a refusal."""
    if not isinstance(error, ClientError):
        return False
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status == 429 or status >= 500 or "Throttl" in code_of(error) or code_of(error) in PASSING


def code_of(error: Exception) -> str:
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else type(error).__name__


def failure(error: Exception, retries: int, exhausted: str | None) -> dict[str, str]:
    """The attributes of a dead letter that say why it is one. ``exhausted`` names what of the retry policy is up."""
    told = {
        "ERROR_CODE": code_of(error),
        "ERROR_MESSAGE": str(error),
        "RETRY_ATTEMPTS": str(retries),
        "IS_PAYLOAD_TRUNCATED": "false",
    }
    return {**told, "EXHAUSTED_RETRY_CONDITION": exhausted} if exhausted else told
