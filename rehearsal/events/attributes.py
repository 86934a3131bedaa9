"""What Scheduler puts into the input of a call: ``<aws.scheduler.scheduled-time>`` and its like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

_KEYWORD = re.compile(r"<aws\.scheduler\.([a-z-]+)>")

# Values of the right form, for looking at an input before it is ever sent.
SAMPLE = {
    "schedule-arn": "arn:aws:scheduler:eu-north-1:123456789012:schedule/default/sample",
    "scheduled-time": "2020-02-29T06:00:00Z",
    "execution-id": "d1b8a5e2-0b56-4a5e-9b6d-0c4d0f3a7c11",
    "attempt-number": "1",
}


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values for their keywords; a keyword that Scheduler does not know stays as it is."""
    return _KEYWORD.sub(lambda found: values.get(found[1], found[0]), text)


def iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
