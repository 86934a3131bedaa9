"""What a program declares of buses and permissions makes a difference to whom an event reaches."""

from __future__ import annotations

import json

import pytest

from tests.rehearsal.events.conftest import Stage
from tests.rehearsal.honesty.conftest import Make


def test_an_event_stays_on_its_bus(stage: Stage, declare: Make) -> None:
    bus = declare("aws:cloudwatch/eventBus:EventBus", "own", name="own").outputs["name"]
    for name, on in (("here", {"eventBusName": bus}), ("there", {})):
        rule = declare("aws:cloudwatch/eventRule:EventRule", name, name=name,
                       eventPattern=json.dumps({"source": ["shop"]}), **on)  # fmt: skip
        declare("aws:cloudwatch/eventTarget:EventTarget", name, rule=rule.id, arn=stage.queue(name), **on)
    stage.client("events").put_events(
        Entries=[{"Source": "shop", "DetailType": "Sold", "Detail": "{}", "EventBusName": bus}]
    )
    stage.rehearsal.settle()
    assert [event.name for event in stage.events if event.kind == "rule-matched"] == ["here"]


@pytest.mark.parametrize(
    ("told", "calls"),
    [
        ({}, 1),
        ({"action": "lambda:GetFunction"}, 0),
        ({"principal": "s3.amazonaws.com"}, 0),
        ({"sourceAccount": "210987654321"}, 0),
        ({"sourceArn": "arn:aws:events:eu-north-1:123456789012:rule/other"}, 0),
    ],
)
def test_a_permission_says_who_may_invoke_and_for_what(
    stage: Stage, declare: Make, told: dict[str, str], calls: int
) -> None:
    function = stage.function("f")
    permission = {"action": "lambda:InvokeFunction", "function": "f", "principal": "events.amazonaws.com", **told}
    declare("aws:lambda/permission:Permission", "p", **permission)
    declare("aws:cloudwatch/eventRule:EventRule", "r", name="r", eventPattern=json.dumps({"source": ["shop"]}))
    declare("aws:cloudwatch/eventTarget:EventTarget", "t", rule="r", arn=function)
    stage.account.hooks.event_put({"source": "shop", "detail-type": "Sold", "detail": {}})
    stage.rehearsal.settle()
    assert len(stage.rehearsal.functions.invocations) == calls
