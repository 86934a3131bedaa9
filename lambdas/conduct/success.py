"""How long ago each stream last reached its tables: a gauge, put for each curated run and whenever reconcile looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lambdas import items
from lambdas.clock import Clock
from lambdas.errors import one_line
from lambdas.logs import Log
from sources.layout import RunName
from sources.metrics import HOURS_SINCE_SUCCESS
from sources.model import RUN_FORMAT, scheduled_at
from sources.runs import State

HOUR = 3_600
A_LOOK = 5  # runs read at once: the newest curated run is nearly always among the newest of all


@dataclass(frozen=True)
class Successes:
    """``streams`` are those of the stack, as ``source/stream``."""

    client: Any
    runs_table: str
    streams: Sequence[str]
    log: Log
    clock: Clock

    def measure(self) -> dict[str, str]:
        """Put the gauge of each stream that ever reached its tables. Gives the trouble there was, by stream."""
        trouble = {}
        for stream in self.streams:
            try:
                self._measure(stream)
            except Exception as error:
                self.log.of(of=stream).error("last success not found", error)
                trouble[stream] = one_line(error)
        return trouble

    def _measure(self, stream: str) -> None:
        newest = self.newest(stream)
        if newest:
            due = datetime.fromisoformat(scheduled_at(newest.run)).timestamp()
            hours = round((self.clock.now() - due) / HOUR, 3)
            self.log.of_run(newest).info("last success", {HOURS_SINCE_SUCCESS: hours})

    def newest(self, stream: str) -> RunName | None:
        """The newest curated run that was due by now. One that somebody made for the future proves nothing."""
        now = datetime.fromtimestamp(self.clock.now(), UTC).strftime(RUN_FORMAT)
        asked = {
            "KeyConditionExpression": "#stream = :stream AND #run <= :now",
            "ProjectionExpression": "#run, #state",
            "ExpressionAttributeNames": {"#stream": "stream", "#run": "run", "#state": "state"},
            "ExpressionAttributeValues": items.pack_item({":stream": stream, ":now": now}),
            "ScanIndexForward": False,
            "Limit": A_LOOK,
        }
        while True:
            answer = self.client.query(TableName=self.runs_table, **asked)
            for item in map(items.unpack_item, answer["Items"]):
                if item["state"] == State.CURATED:
                    return RunName.parse(f"{stream}/{item['run']}")
            if "LastEvaluatedKey" not in answer:
                return None
            asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
