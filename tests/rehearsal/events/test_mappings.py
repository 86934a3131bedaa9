"""Queues that call functions."""

from __future__ import annotations

import json

import pytest

from rehearsal.calls import Decision
from rehearsal.events.loop import Stuck
from rehearsal.runtime.spec import NotRehearsed


def bodies(event) -> list[str]:
    return sorted(record["body"] for record in event["Records"])


def mapped(stage, then="    return None", queue=None, **mapping):
    """A function ``f`` fed by a queue ``q``."""
    function = stage.function("f", then)
    arn = stage.queue("q", **(queue or {"VisibilityTimeout": "60"}))
    stage.client("lambda").create_event_source_mapping(FunctionName=function, EventSourceArn=arn, **mapping)


def test_messages_reach_the_function_and_leave_the_queue(stage):
    mapped(stage)
    stage.put("q", "one", "two")
    stage.rehearsal.settle()
    (event,) = stage.seen("f")
    assert bodies(event) == ["one", "two"]
    assert event["Records"][0]["attributes"]["ApproximateReceiveCount"] == "1"
    assert event["Records"][0]["eventSourceARN"] == "arn:aws:sqs:eu-north-1:123456789012:q"
    assert stage.messages("q") == []


def test_the_queue_is_read_as_the_functions_role(stage):
    mapped(stage)
    stage.put("q", "one")
    mark = stage.account.calls.mark()
    stage.rehearsal.settle()
    calls = stage.account.calls.since(mark, service="sqs")
    assert {call.principal for call in calls} == {"f-role/lambda"}
    assert [call.operation for call in calls] == ["GetQueueAttributes", "ReceiveMessage", "DeleteMessageBatch"]


def test_a_batch_is_gathered_up_to_its_size(stage):
    mapped(stage, BatchSize=12, MaximumBatchingWindowInSeconds=30)
    stage.put("q", *(f"{number:02}" for number in range(15)))
    stage.rehearsal.settle()
    assert sorted(len(event["Records"]) for event in stage.seen("f")) == [3, 12]


def test_a_batch_window_costs_only_the_rehearsals_time(stage):
    mapped(stage, MaximumBatchingWindowInSeconds=45)
    stage.put("q", "one")
    before = stage.account.clock.now()
    stage.rehearsal.settle()
    assert 45 <= stage.account.clock.now() - before < 60
    assert len(stage.seen("f")) == 1


def test_a_full_batch_does_not_wait_for_its_window(stage):
    mapped(stage, BatchSize=2, MaximumBatchingWindowInSeconds=300)
    stage.put("q", "one", "two")
    before = stage.account.clock.now()
    stage.rehearsal.settle()
    assert stage.account.clock.now() - before < 250


def test_a_failed_batch_comes_again_after_its_visibility_time(stage):
    again = "    if event['Records'][0]['attributes']['ApproximateReceiveCount'] == '1': raise ValueError('no')"
    mapped(stage, again)
    stage.put("q", "one", "two")
    before = stage.account.clock.now()
    stage.rehearsal.settle()
    assert [bodies(event) for event in stage.seen("f")] == [["one", "two"]] * 2
    assert 60 <= stage.account.clock.now() - before < 90


def test_only_the_reported_items_come_again(stage):
    again = (
        "    return {'batchItemFailures': [{'itemIdentifier': r['messageId']} for r in event['Records']\n"
        "        if r['body'] == 'bad' and r['attributes']['ApproximateReceiveCount'] == '1']}"
    )
    mapped(stage, again, FunctionResponseTypes=["ReportBatchItemFailures"])
    stage.put("q", "good", "bad")
    stage.rehearsal.settle()
    assert [bodies(event) for event in stage.seen("f")] == [["bad", "good"], ["bad"]]


def test_what_fails_too_often_becomes_a_dead_letter(stage):
    dead = stage.queue("dead")
    redrive = {"deadLetterTargetArn": dead, "maxReceiveCount": 2}
    mapped(stage, "    raise ValueError('no')", {"VisibilityTimeout": "60", "RedrivePolicy": redrive})
    stage.put("q", "poison")
    stage.rehearsal.settle()
    assert len(stage.seen("f")) == 2
    stage.account.clock.advance(60)  # moto keeps it hidden for the rest of its time
    assert [message["Body"] for message in stage.messages("dead")] == ["poison"]


def test_a_delayed_message_is_waited_for(stage):
    mapped(stage)
    stage.client("sqs").send_message(QueueUrl=stage.url("q"), MessageBody="later", DelaySeconds=600)
    stage.rehearsal.settle()
    assert [bodies(event) for event in stage.seen("f")] == [["later"]]


def test_no_more_batches_at_a_time_than_the_mapping_allows(stage):
    source = "    import time\n    time.sleep(0.2)\n    print('SAW', time.time_ns())"
    mapped(stage, source, BatchSize=1, ScalingConfig={"MaximumConcurrency": 2})
    stage.put("q", *"abcdef")
    stage.rehearsal.settle()
    assert sum(ran.is_cold for ran in stage.rehearsal.functions.invocations) == 2
    assert len(stage.rehearsal.functions.invocations) == 6


def test_a_disabled_mapping_reads_nothing(stage):
    mapped(stage, Enabled=False)
    stage.put("q", "one")
    stage.rehearsal.settle()
    assert stage.seen("f") == []
    assert len(stage.messages("q")) == 1


def test_a_queue_that_may_not_be_read_is_named(stage):
    mapped(stage)
    stage.put("q", "one", "two")
    denied = Decision("denied", "no statement allows it")
    stage.account.calls.decide = lambda call: denied if call.operation == "ReceiveMessage" else Decision("allowed")
    with pytest.raises(Stuck, match=r"queue q has 2 visible and 0 hidden messages \(function f: .*AccessDenied"):
        stage.rehearsal.settle()
    stage.account.calls.decide = lambda call: Decision("allowed")
    stage.rehearsal.settle()
    assert len(stage.seen("f")) == 1


def test_a_message_that_never_succeeds_is_named(stage):
    mapped(stage, "    raise ValueError('no')")
    stage.put("q", "poison")
    with pytest.raises(Stuck, match="after 3 moves of the clock: queue q has 0 visible and 1 hidden messages"):
        stage.rehearsal.settle(most_moves=3)


def test_a_filter_is_refused_rather_than_ignored(stage):
    pattern = json.dumps({"body": {"a": [1]}})
    mapped(stage, FilterCriteria={"Filters": [{"Pattern": pattern}]})
    with pytest.raises(NotRehearsed, match="filter of the mapping"):
        stage.rehearsal.settle()
