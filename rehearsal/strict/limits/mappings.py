"""Lambda: a function that reads a queue, whose messages must stay hidden for as long as it may run."""

from __future__ import annotations

from rehearsal.asked import Asked
from rehearsal.strict.view import View, function_name
from rehearsal.strict.warnings import Warnings
from rehearsal.strict.words import Refusal

VISIBILITY_FACTOR = 6  # what AWS recommends
BATCH_WITHOUT_A_WINDOW = 10


def settings(asked: Asked, view: View, warnings: Warnings) -> Refusal | None:
    """Of a new mapping, and of one that is changed."""
    told = asked.parameters
    held = view.mapping(str(told["UUID"])) if "UUID" in told else {}
    source = str(told.get("EventSourceArn") or held.get("EventSourceArn") or "")
    function = str(told.get("FunctionName") or held.get("FunctionName") or "")
    if ":sqs:" not in source:
        return None
    window = told.get("MaximumBatchingWindowInSeconds")
    if (told.get("BatchSize") or 0) > BATCH_WITHOUT_A_WINDOW and not (window or "UUID" in told):
        size = f"if maximum batch size is greater than {BATCH_WITHOUT_A_WINDOW}"
        return wrong(f"Maximum batch window in seconds must be greater than 0 {size}")
    seconds, hidden = view.function_timeout(function), view.queue_visibility(source)
    if seconds is None or hidden is None:
        return None
    if hidden < seconds:
        return wrong(f"Queue visibility timeout: {hidden} seconds is less than Function timeout: {seconds} seconds")
    _advise(source, hidden, function, seconds, warnings)
    return None


def timeout_beside_queues(asked: Asked, view: View, warnings: Warnings) -> Refusal | None:
    """A longer time-out is accepted; that it no longer fits a queue is worth saying."""
    function, seconds = str(asked.parameters["FunctionName"]), asked.parameters.get("Timeout")
    sources = [held["EventSourceArn"] for held in view.mappings_of(function)] if seconds else []
    for source in sources:
        hidden = view.queue_visibility(source) if ":sqs:" in source else None
        if hidden is not None:
            _advise(source, hidden, function, int(seconds or 0), warnings)
    return None


def _advise(queue: str, hidden: int, function: str, seconds: int, warnings: Warnings) -> None:
    wanted = VISIBILITY_FACTOR * seconds
    if hidden < wanted:
        advised = f"six times the time-out of {function_name(function)} are advised, {wanted} seconds"
        warnings.add(f"queue {queue.rsplit(':', 1)[-1]}", f"it hides a message for {hidden} seconds; {advised}")


def wrong(message: str) -> Refusal:
    return Refusal("InvalidParameterValueException", message)
