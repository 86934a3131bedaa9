"""SQS: the ranges of a queue's attributes, which are texts, and the characters of a message."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rehearsal.asked import Asked
from rehearsal.strict.limits.limit import Limits
from rehearsal.strict.view import View
from rehearsal.strict.warnings import Warnings
from rehearsal.strict.words import Refusal

RANGES = {
    "DelaySeconds": (0, 900),
    "KmsDataKeyReusePeriodSeconds": (60, 86_400),
    "MaximumMessageSize": (1_024, 1_048_576),
    "MessageRetentionPeriod": (60, 1_209_600),
    "ReceiveMessageWaitTimeSeconds": (0, 20),
    "VisibilityTimeout": (0, 43_200),
}
_NUMBER = re.compile(r"\d{1,9}")
_NO_TEXT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CHARACTERS = "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"


def attributes(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    given = asked.parameters.get("Attributes") or {}
    wrong = next((name for name in given if name in RANGES and not _is_within(str(given[name]), *RANGES[name])), None)
    return Refusal("InvalidAttributeValue", f"Invalid value for the parameter {wrong}.") if wrong else None


def message(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    return _text([asked.parameters.get("MessageBody")])


def messages(asked: Asked, _: View, __: Warnings) -> Refusal | None:
    return _text(entry.get("MessageBody") for entry in asked.parameters.get("Entries") or [])


def _text(bodies: Iterable[str | None]) -> Refusal | None:
    if not any(_NO_TEXT.search(body or "") for body in bodies):
        return None
    return Refusal("InvalidMessageContents", f"Invalid characters found. Valid unicode characters are {_CHARACTERS}")


def _is_within(text: str, least: int, most: int) -> bool:
    return bool(_NUMBER.fullmatch(text)) and least <= int(text) <= most


LIMITS: Limits = {
    "CreateQueue": (attributes,),
    "SetQueueAttributes": (attributes,),
    "SendMessage": (message,),
    "SendMessageBatch": (messages,),
}
