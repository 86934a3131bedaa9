"""Schedules fire when they are told to, or when time passes, under their own role."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from rehearsal.events.schedules import UnknownSchedule

CONTEXT = {"at": "<aws.scheduler.scheduled-time>", "try": "<aws.scheduler.attempt-number>"}


def epoch(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def schedule(stage, name, expression, arn, zone="UTC", state="ENABLED", role=None, **target):
    role = role or stage.role(f"{name}-schedule", "scheduler.amazonaws.com")
    stage.client("scheduler").create_schedule(
        Name=name, ScheduleExpression=expression, ScheduleExpressionTimezone=zone, State=state,
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn, "RoleArn": role, "Input": json.dumps(CONTEXT), **target},
    )  # fmt: skip


def test_fire_moves_the_clock_to_the_next_time_and_calls_the_function(stage):
    stage.account.clock.advance_to(epoch("2030-01-01T00:00:00"))
    schedule(stage, "daily", "cron(0 6 * * ? *)", stage.function("f"), "Europe/Stockholm")
    mark = stage.account.calls.mark()
    stage.rehearsal.fire("daily")
    assert 0 <= stage.account.clock.now() - epoch("2030-01-01T05:00:00") < 10
    stage.rehearsal.settle()
    assert stage.seen("f") == [{"at": "2030-01-01T05:00:00Z", "try": "1"}]
    (invoked,) = stage.account.calls.since(mark, operation="Invoke")
    assert invoked.principal == "daily-schedule/scheduler"


def test_fire_at_a_time_that_has_passed_keeps_the_clock(stage):
    schedule(stage, "daily", "cron(0 6 * * ? *)", stage.function("f"))
    before = stage.account.clock.now()
    stage.rehearsal.fire("daily", at=epoch("2020-02-29T06:00:00"))
    stage.rehearsal.settle()
    assert stage.seen("f")[0]["at"] == "2020-02-29T06:00:00Z"
    assert stage.account.clock.now() - before < 60


def test_time_that_passes_fires_what_is_due_in_order(stage):
    stage.account.clock.advance_to(epoch("2030-01-01T00:00:00"))
    queue = stage.queue("q")
    schedule(stage, "hourly", "rate(1 hour)", queue)
    schedule(stage, "early", "cron(30 0 * * ? *)", queue)
    schedule(stage, "off", "rate(5 minutes)", queue, state="DISABLED")
    stage.rehearsal.advance_to(epoch("2030-01-01T02:30:00"))
    fired = [event.name for event in stage.events if event.kind == "schedule-fired"]
    assert fired == ["early", "hourly", "hourly"]
    assert len(stage.messages("q")) == 3
    stage.rehearsal.advance(3600)
    assert [event.name for event in stage.events if event.kind == "schedule-fired"][3:] == ["hourly"]


def test_what_was_due_before_a_schedule_that_was_fired_is_not_made_up_for(stage):
    stage.account.clock.advance_to(epoch("2030-01-01T00:00:00"))
    queue = stage.queue("q")
    schedule(stage, "often", "rate(25 minutes)", queue)  # 5:50, 6:15
    schedule(stage, "daily", "cron(0 6 * * ? *)", queue)
    stage.rehearsal.fire("daily")
    stage.rehearsal.advance(60)
    assert [event.name for event in stage.events if event.kind == "schedule-fired"] == ["daily"]


def test_time_may_pass_without_what_is_due(stage):
    queue = stage.queue("q")
    schedule(stage, "hourly", "rate(1 hour)", queue)
    stage.rehearsal.advance(3 * 3600, firing=False)
    assert stage.messages("q") == []
    stage.rehearsal.advance(3600)
    assert len(stage.messages("q")) == 1


def test_schedules_stand_still_while_the_account_settles(stage):
    stage.function("f", "    raise ValueError('no')")
    schedule(stage, "often", "rate(1 minute)", stage.queue("q"))
    stage.client("lambda").invoke(FunctionName="f", InvocationType="Event", Payload=b"{}")
    stage.rehearsal.settle()  # three minutes pass
    assert stage.messages("q") == []
    stage.rehearsal.advance(0)
    assert len(stage.messages("q")) == 3


def test_a_role_that_scheduler_may_not_assume_makes_a_dead_letter_of_nothing(stage):
    schedule(stage, "daily", "cron(0 6 * * ? *)", stage.function("f"))
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    stage.client("iam").update_assume_role_policy(
        RoleName="daily-schedule", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )
    stage.rehearsal.fire("daily")
    stage.rehearsal.settle()
    assert stage.seen("f") == []
    (undelivered,) = [event for event in stage.events if event.kind == "undelivered"]
    assert "scheduler.amazonaws.com cannot assume" in undelivered.detail["reason"]


def test_a_target_that_is_gone_makes_a_dead_letter(stage):
    letters, arn = stage.queue("letters"), stage.function("f")
    schedule(stage, "daily", "cron(0 6 * * ? *)", arn, DeadLetterConfig={"Arn": letters})
    stage.client("lambda").delete_function(FunctionName="f")
    stage.rehearsal.fire("daily")
    stage.rehearsal.settle()
    assert len(stage.account.calls.since(0, operation="Invoke")) == 1  # trying again would not help
    (message,) = stage.messages("letters")
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "ResourceNotFoundException"
    assert message["MessageAttributes"]["TARGET_ARN"]["StringValue"] == arn


def test_a_throttled_target_is_tried_again(stage):
    from rehearsal.hooks import InvokeRefused, InvokeResult

    refusals = [InvokeRefused("TooManyRequestsException", "Rate Exceeded.")] * 2
    delivered = []

    def invoke(request):
        if refusals:
            raise refusals.pop()
        delivered.append(json.loads(request.payload)["try"])
        return InvokeResult(202, b"")

    schedule(stage, "daily", "cron(0 6 * * ? *)", stage.function("f"))
    stage.account.hooks.invoke = invoke
    stage.rehearsal.fire("daily")
    stage.rehearsal.settle()
    assert delivered == ["3"]


def test_schedules_are_listed_with_their_next_times(stage):
    schedule(stage, "new-year", "at(2031-01-01T00:00:00)", stage.queue("q"))
    (listed,) = stage.rehearsal.schedules()
    assert (listed.name, listed.next_time(0)) == ("new-year", epoch("2031-01-01T00:00:00"))


def test_an_unknown_or_finished_schedule_is_named(stage):
    schedule(stage, "over", "at(2020-01-01T00:00:00)", stage.queue("q"))
    with pytest.raises(UnknownSchedule, match="no schedule 'other'; the account has: over"):
        stage.rehearsal.fire("other")
    with pytest.raises(UnknownSchedule, match="'over' does not fire again"):
        stage.rehearsal.fire("over")


def test_the_next_time_may_be_asked_from_a_time_before_the_schedule_was_made(stage):
    schedule(stage, "daily", "cron(0 6 * * ? *)", stage.queue("q"), "Europe/Stockholm")
    assert stage.rehearsal.next_time("daily", after=epoch("2024-07-01T12:00:00")) == epoch("2024-07-02T04:00:00")
