"""Where the model of a service says more than the service holds against a caller, each with the reason."""

from __future__ import annotations

from collections.abc import Iterable

from rehearsal.strict.constraints import Violation

# (service, operation, path of the member): violations there are passed over.
MEMBERS: dict[tuple[str, str, str], str] = {
    ("s3", "GetObject", "checksumMode"): "S3 takes it in small letters too, as the SDK for C++ sends it",
    ("s3", "HeadObject", "checksumMode"): "S3 takes it in small letters too, as the SDK for C++ sends it",
    ("sqs", "ReceiveMessage", "attributeNames"): "the model has a queue's attributes, SQS wants those of a message",
}


def not_exempt(service: str, operation: str, found: Iterable[Violation]) -> list[Violation]:
    """What the service itself would find."""
    return [violation for violation in found if (service, operation, violation.path) not in MEMBERS]
