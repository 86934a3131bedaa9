"""What CloudWatch would have measured of a queue, minute by minute, from the messages that are in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rehearsal.metrics.embedded import Datum

MINUTE = 60.0
SPARSE = 300.0
DENSE_SECONDS = 900.0
ACTIVE_SECONDS = 6 * 3600.0
"""A queue without messages is measured for so long after its last; then CloudWatch, too, has no data."""

VISIBLE, HIDDEN, AGE = (
    "ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessagesNotVisible", "ApproximateAgeOfOldestMessage",
)  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """A queue at one moment."""

    visible: int
    hidden: int
    oldest_seconds: float

    @property
    def is_empty(self) -> bool:
        return not self.visible and not self.hidden


@dataclass
class Watch:
    """What is known of a queue: how it stood when last measured, since when, and when it last held a message."""

    last: Measured | None = None
    since: float = 0.0
    busy: float = float("-inf")


@dataclass(frozen=True)
class Message:
    """The times of one message, in epoch seconds."""

    sent: float
    delayed_until: float
    hidden_until: float


def measure(messages: Sequence[Message], moment: float, retention: float) -> Measured:
    """How the queue stands at a moment, if nothing but time touches its messages. A delayed one is in neither count."""
    there = [each for each in messages if each.sent <= moment < each.sent + retention]
    ready = [each for each in there if each.delayed_until <= moment]
    hidden = sum(each.hidden_until > moment for each in ready)
    oldest = moment - min((each.sent for each in there), default=moment)
    return Measured(len(ready) - hidden, hidden, oldest)


def samples(
    name: str, messages: Sequence[Message], retention: float, watch: Watch, after: float, until: float, is_dense: bool
) -> Iterator[tuple[Datum, ...]]:
    """What is measured at each minute in (after, until], and kept in ``watch``. Nothing of a queue long out of use.

    Where nothing has changed for a quarter of an hour, every fifth minute is enough, unless an alarm looks closer.
    """
    last_use = max([watch.busy, *(each.sent + retention for each in messages)])
    end = min(until, last_use + ACTIVE_SECONDS)
    mark = (after // MINUTE + 1) * MINUTE
    while mark <= end:
        found = measure(messages, mark, retention)
        if watch.last is None or (found.visible, found.hidden) != (watch.last.visible, watch.last.hidden):
            watch.since = mark
        watch.last = found
        if not found.is_empty:
            watch.busy = mark
        if is_dense or mark - watch.since < DENSE_SECONDS or mark % SPARSE == 0:
            yield _data(name, found, mark)
        mark += MINUTE


def _data(name: str, found: Measured, mark: float) -> tuple[Datum, ...]:
    by = (("QueueName", name),)
    counts = ((VISIBLE, float(found.visible), "Count"), (HIDDEN, float(found.hidden), "Count"),
              (AGE, found.oldest_seconds, "Seconds"))  # fmt: skip
    # A moment before the mark: the sample belongs to the minute that ends there.
    return tuple(Datum("AWS/SQS", metric, by, (value,), unit, mark - 1.0) for metric, value, unit in counts)
