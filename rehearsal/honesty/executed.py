"""What really ran in a rehearsal, in numbers: by kind, by resource, by what was done to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rehearsal.calls import OUTSIDE
from rehearsal.progress import Event, Listener

Numbers = dict[str, dict[str, dict[str, int]]]
Fact = tuple[str, str, str]  # the kind of thing, its name, what happened to it

_CALLS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "s3": ("objects", {
        **dict.fromkeys(("PutObject", "CopyObject", "CompleteMultipartUpload"), "written"),
        **dict.fromkeys(("GetObject", "HeadObject"), "read"),
        **dict.fromkeys(("DeleteObject", "DeleteObjects"), "deleted"),
        **dict.fromkeys(("ListObjects", "ListObjectsV2", "ListObjectVersions"), "listed"),
    }),
    "dynamodb": ("items", {
        **dict.fromkeys(("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"), "written"),
        **dict.fromkeys(("GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"), "read"),
    }),
    "sqs": ("messages", {
        **dict.fromkeys(("SendMessage", "SendMessageBatch"), "sent by a call"),
        "ReceiveMessage": "received by a call",
        **dict.fromkeys(("DeleteMessage", "DeleteMessageBatch"), "deleted by a call"),
    }),
    "sns": ("topics", dict.fromkeys(("Publish", "PublishBatch"), "published to")),
    "athena": ("queries", {"StartQueryExecution": "run"}),
    "secretsmanager": ("secrets", {"GetSecretValue": "read"}),
    "glue": ("catalog", {
        **dict.fromkeys(("GetTable", "GetTables", "GetDatabase"), "read"),
        **dict.fromkeys(("CreateTable", "UpdateTable", "DeleteTable"), "written"),
    }),
    "cloudwatch": ("metrics", {"PutMetricData": "put"}),
    "logs": ("log groups", {"PutLogEvents": "written"}),
}  # fmt: skip
_TOLD = {
    "schedule-fired": ("schedules", "fired"),
    "rule-matched": ("rules", "matched"),
    "alarm-changed": ("alarms", "changed"),
    "undelivered": ("deliveries", "failed"),
}


class Called(Protocol):
    """As the account records a call."""

    @property
    def principal(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def operation(self) -> str: ...
    @property
    def resource(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def decision(self) -> Any: ...


class Heard:
    """A listener that remembers what it was told, and passes it on."""

    def __init__(self, listener: Listener) -> None:
        self.events: list[Event] = []
        self._listener = listener

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        self._listener(event)


@dataclass(frozen=True)
class Mark:
    calls: int
    invocations: int
    jobs: int
    events: int


class Tally:
    """``mark()`` before a run, ``since(mark)`` after it. ``heard`` is the listener that the rehearsal was made with."""

    def __init__(self, rehearsal: Any, heard: Heard) -> None:
        self._rehearsal, self._heard = rehearsal, heard

    def mark(self) -> Mark:
        has = self._rehearsal
        return Mark(
            len(has.account.calls), len(has.functions.invocations), len(has.jobs.records), len(self._heard.events)
        )

    def since(self, mark: Mark) -> Numbers:
        has = self._rehearsal
        calls = [call for call in has.account.calls.since(mark.calls) if call.principal not in OUTSIDE]
        return counted([
            *(("functions", ran.function, "failed" if ran.error else "ended well")
              for ran in has.functions.invocations[mark.invocations :]),
            *(("jobs", run.job_name, run.state) for run in has.jobs.records[mark.jobs :]),
            *facts_of_calls(calls),
            *facts_of_events(self._heard.events[mark.events :]),
            *(("alarms", name, "judged") for name in judged(has.alarms)),
        ])  # fmt: skip

    def undelivered(self, mark: Mark) -> list[dict[str, str]]:
        """What services could not hand on since the mark: whose it was, to whom it was to go, and why it did not."""
        return [
            {"name": event.name, "target": str(event.detail["target"]), "reason": str(event.detail["reason"])}
            for event in self._heard.events[mark.events :]
            if event.kind == "undelivered"
        ]


def judged(alarms: Any) -> list[str]:
    """The alarms that were looked at; one whose metric is never made was not."""
    return sorted(set(alarms.states()) - set(alarms.unevaluated()))


def facts_of_calls(calls: Iterable[Called]) -> Iterator[Fact]:
    """What calls did, and how each was decided. One that was refused or failed did nothing."""
    for call in calls:
        yield "decisions", call.service, call.decision.kind
        kind, operations = _CALLS.get(call.service, ("", {}))
        if call.status < 400 and call.operation in operations:
            yield kind, call.resource.split("/")[0] or call.service, operations[call.operation]


def facts_of_events(events: Iterable[Event]) -> Iterator[Fact]:
    return ((_TOLD[event.kind][0], event.name, _TOLD[event.kind][1]) for event in events if event.kind in _TOLD)


def counted(facts: Iterable[Fact]) -> Numbers:
    numbers: Numbers = {}
    for (kind, name, done), count in sorted(Counter(facts).items()):
        numbers.setdefault(kind, {}).setdefault(name, {})[done] = count
    return numbers


def added(*all_numbers: Numbers) -> Numbers:
    """All of them together. What stands at the end, such as the alarms that were judged, is not summed."""
    total: Counter[Fact] = Counter()
    for numbers in all_numbers:
        for fact, count in _facts(numbers):
            total[fact] = max(total[fact], count) if fact[2] == "judged" else total[fact] + count
    return counted(total.elements())


def _facts(numbers: Numbers) -> Iterator[tuple[Fact, int]]:
    for kind, by_name in numbers.items():
        for name, by_deed in by_name.items():
            for deed, count in by_deed.items():
                yield (kind, name, deed), count
