"""Functions called without waiting."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

TWICE = "    import pathlib\n    raise ValueError('no')"


def call(stage, function="f", event=None) -> int:
    told = stage.client("lambda").invoke(
        FunctionName=function, InvocationType="Event", Payload=json.dumps(event or {"n": 1}).encode()
    )
    return int(told["StatusCode"])


def configure(stage, **config):
    stage.client("lambda").put_function_event_invoke_config(FunctionName="f", **config)


def test_a_call_is_accepted_at_once_and_runs_when_settled(stage):
    stage.function("f")
    assert call(stage) == 202
    assert stage.seen("f") == []
    stage.rehearsal.settle()
    assert stage.seen("f") == [{"n": 1}]


def test_a_failed_call_is_tried_after_one_and_two_minutes_under_one_request_id(stage):
    stage.function("f", "    raise ValueError('no')")
    call(stage)
    before = stage.account.clock.now()
    stage.rehearsal.settle()
    moments = [ran.moment - before for ran in stage.rehearsal.functions.invocations]
    assert [round(moment, -1) for moment in moments] == [0, 60, 180]
    assert len({ran.request_id for ran in stage.rehearsal.functions.invocations}) == 1


def test_it_is_tried_as_often_as_configured(stage):
    stage.function("f", "    raise ValueError('no')")
    configure(stage, MaximumRetryAttempts=0)
    call(stage)
    stage.rehearsal.settle()
    assert len(stage.seen("f")) == 1


def test_it_is_not_tried_when_it_has_become_too_old(stage):
    stage.function("f", "    raise ValueError('no')")
    configure(stage, MaximumEventAgeInSeconds=90)
    call(stage)
    stage.rehearsal.settle()
    assert len(stage.seen("f")) == 2


def test_a_failure_goes_to_its_destination(stage):
    arn = stage.function("f", "    raise ValueError('no')")
    failures = stage.queue("failures")
    configure(stage, MaximumRetryAttempts=1, DestinationConfig={"OnFailure": {"Destination": failures}})
    call(stage, event={"n": 7})
    mark = stage.account.calls.mark()
    stage.rehearsal.settle()
    (message,) = stage.messages("failures")
    told = json.loads(message["Body"])
    assert told["requestContext"]["condition"] == "RetriesExhausted"
    assert told["requestContext"]["functionArn"] == f"{arn}:$LATEST"
    assert told["requestContext"]["approximateInvokeCount"] == 2
    assert told["requestPayload"] == {"n": 7}
    assert told["responseContext"]["functionError"] == "Unhandled"
    assert told["responsePayload"]["errorType"] == "ValueError"
    (sent,) = stage.account.calls.since(mark, operation="SendMessage")
    assert sent.principal == "f-role/lambda"


def test_a_success_goes_to_its_destination(stage):
    stage.function("f", "    return {'made': 3}")
    configure(stage, DestinationConfig={"OnSuccess": {"Destination": stage.queue("done")}})
    call(stage)
    stage.rehearsal.settle()
    (message,) = stage.messages("done")
    told = json.loads(message["Body"])
    assert (told["requestContext"]["condition"], told["responsePayload"]) == ("Success", {"made": 3})


def test_dead_letters_get_the_event_itself(stage):
    letters = stage.queue("letters")
    stage.function("f", "    raise ValueError('no')", DeadLetterConfig={"TargetArn": letters})
    call(stage, event={"n": 7})
    stage.rehearsal.settle()
    (message,) = stage.messages("letters")
    assert json.loads(message["Body"]) == {"n": 7}
    assert message["MessageAttributes"]["ErrorMessage"]["StringValue"] == "no"


def test_a_throttled_call_waits_until_there_is_room(stage):
    stage.function("f", "    import time\n    time.sleep(0.3)")
    stage.client("lambda").put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=1)
    for number in range(3):
        call(stage, event={"n": number})
    stage.rehearsal.settle()
    assert sorted(event["n"] for event in stage.seen("f")) == [0, 1, 2]


def test_a_function_may_call_another(stage):
    stage.function("g")
    stage.function(
        "f",
        "    import boto3\n"
        "    boto3.client('lambda').invoke(FunctionName='g', InvocationType='Event', Payload=b'{\"from\": \"f\"}')",
    )
    call(stage)
    stage.rehearsal.settle()
    assert stage.seen("g") == [{"from": "f"}]


def test_an_event_over_a_megabyte_is_refused(stage):
    stage.function("f")
    with pytest.raises(ClientError, match="TooLarge"):
        call(stage, event={"n": "x" * 1_100_000})


def test_a_call_of_a_function_that_is_gone_is_dropped_and_told(stage):
    stage.function("f")
    call(stage)
    stage.client("lambda").delete_function(FunctionName="f")
    stage.rehearsal.settle()
    assert stage.kinds("undelivered", "function-started") == ["undelivered"]
