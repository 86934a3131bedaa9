"""The stage of the events' tests, with short ways to alarms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.rehearsal.events.conftest import Stage

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC).timestamp()


class Watchtower(Stage):
    """At noon of a day to come, so that marks of the clock are where a test expects them."""

    def topic(self, name: str = "news") -> str:
        """The ARN of a topic with a queue of the same name."""
        arn = str(self.client("sns").create_topic(Name=name)["TopicArn"])
        self.client("sns").subscribe(
            TopicArn=arn,
            Protocol="sqs",
            Endpoint=self.queue(name, "sns.amazonaws.com"),
            Attributes={"RawMessageDelivery": "true"},
        )
        return arn

    def alarm(self, name: str, metric: str, **settings: Any) -> None:
        """An alarm on "namespace metric dimension=value ...": over 0 in a minute, and fine without data."""
        namespace, metric_name, *pairs = metric.split()
        dimensions = [dict(zip(("Name", "Value"), pair.split("="), strict=True)) for pair in pairs]
        defaults = {
            "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 0,
            "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "notBreaching",
        }  # fmt: skip
        self.client("cloudwatch").put_metric_alarm(
            AlarmName=name, Namespace=namespace, MetricName=metric_name, Dimensions=dimensions, **defaults | settings
        )

    def metric(self, namespace: str, name: str, value: float, seconds_ago: float = 0.0, **dimensions: str) -> None:
        datum = {
            "MetricName": name, "Value": value,
            "Timestamp": datetime.fromtimestamp(self.account.clock.now() - seconds_ago, UTC),
            "Dimensions": [{"Name": key, "Value": text} for key, text in dimensions.items()],
        }  # fmt: skip
        self.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[datum])

    def told(self, queue: str = "news") -> list[tuple[str, str, str]]:
        """What the topic's queue was told: the alarm, its state before, and its state."""
        bodies = [json.loads(message["Body"]) for message in self.messages(queue)]
        return [(body["AlarmName"], body["OldStateValue"], body["NewStateValue"]) for body in bodies]

    def changes(self, name: str | None = None) -> list[tuple[str, str, str]]:
        """The changes of state so far: when (of the day), which alarm, to what."""
        return [
            (event.detail["at"][11:19], event.name, event.detail["state"])
            for event in self.events
            if event.kind == "alarm-changed" and name in (None, event.name)
        ]

    @property
    def states(self) -> dict[str, str]:
        return dict(self.rehearsal.alarms.states())


@pytest.fixture
def tower() -> Iterator[Watchtower]:
    made = Watchtower()
    with made.rehearsal:
        made.account.clock.advance_to(NOON)
        yield made
