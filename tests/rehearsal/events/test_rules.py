"""Rules of EventBridge and their targets."""

from __future__ import annotations

import json

EVENTS = "events.amazonaws.com"
EVENT = {"source": "shop", "detail-type": "Sold", "detail": {"item": "ball", "count": 2}}


def rule(stage, arn, permit="*", **target):
    events = stage.client("events")
    made = events.put_rule(Name="r", EventPattern=json.dumps({"source": ["shop"], "detail": {"count": [2]}}))
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn, **target}])
    if permit and ":lambda:" in arn:
        stage.client("lambda").add_permission(
            FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal="events.amazonaws.com",
            SourceArn=made["RuleArn"] if permit == "*" else permit,
        )  # fmt: skip


def test_an_event_that_matches_calls_the_function(stage):
    rule(stage, stage.function("f"))
    stage.account.hooks.event_put(EVENT)
    stage.account.hooks.event_put({**EVENT, "detail": {"count": 3}})
    stage.rehearsal.settle()
    (seen,) = stage.seen("f")
    assert (seen["source"], seen["detail-type"], seen["detail"]) == ("shop", "Sold", {"item": "ball", "count": 2})


def test_a_queue_gets_what_the_transformer_makes(stage):
    transformer = {"InputPathsMap": {"item": "$.detail.item"}, "InputTemplate": '{"sold": <item>}'}
    rule(stage, stage.queue("q", EVENTS), InputTransformer=transformer)
    stage.client("events").put_events(
        Entries=[{"Source": "shop", "DetailType": "Sold", "Detail": json.dumps(EVENT["detail"])}]
    )
    stage.rehearsal.settle()
    assert [json.loads(message["Body"]) for message in stage.messages("q")] == [{"sold": "ball"}]


def test_a_function_without_a_permission_is_not_called_and_the_event_is_a_dead_letter(stage):
    letters = stage.queue("letters", EVENTS)
    rule(stage, stage.function("f"), permit=None, DeadLetterConfig={"Arn": letters})
    stage.account.hooks.event_put(EVENT)
    stage.rehearsal.settle()
    assert stage.seen("f") == []
    (message,) = stage.messages("letters")
    assert json.loads(message["Body"])["detail"] == EVENT["detail"]
    reason = message["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"]
    assert "no resource-based policy allows the lambda:InvokeFunction action" in reason
    assert stage.kinds("undelivered") == ["undelivered"]


def test_a_permission_for_another_rule_does_not_count(stage):
    rule(stage, stage.function("f"), permit="arn:aws:events:eu-north-1:123456789012:rule/other")
    stage.account.hooks.event_put(EVENT)
    stage.rehearsal.settle()
    assert stage.seen("f") == []


def test_a_queue_that_does_not_let_the_rule_in_gets_nothing_and_the_loss_is_named(stage):
    queue = stage.queue("q", "s3.amazonaws.com")
    rule(stage, queue)
    stage.account.hooks.event_put(EVENT)
    stage.rehearsal.settle()
    assert stage.messages("q") == []
    (lost,) = stage.account.undelivered
    assert (lost.name, lost.target) == ("r", queue)
    assert "no resource-based policy allows the sqs:SendMessage action" in lost.reason


def test_dead_letters_that_stay_closed_are_lost_too(stage):
    letters = stage.queue("letters")
    rule(stage, stage.queue("q"), DeadLetterConfig={"Arn": letters})
    stage.account.hooks.event_put(EVENT)
    stage.rehearsal.settle()
    assert [lost.target.split(":")[-1] for lost in stage.account.undelivered] == ["q", "letters"]


def test_a_target_with_a_role_is_reached_under_it_whatever_its_own_policy(stage):
    rule(stage, stage.queue("q"), RoleArn=stage.role("sender", EVENTS, "sqs:SendMessage"))
    stage.account.hooks.event_put(EVENT)
    stage.rehearsal.settle()
    assert len(stage.messages("q")) == 1
    assert stage.account.calls.since(0, operation="SendMessage")[-1].principal == "sender/events"
