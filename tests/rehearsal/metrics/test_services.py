"""The metrics that AWS makes by itself, of what really happened in the account."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from rehearsal.metrics.queues import Measured, Message, Watch, measure, samples
from tests.rehearsal.metrics.conftest import NOON


def sums(tower, metric: str, statistic: str = "Sum", seconds: int = 86_400):
    """The statistic of "namespace name dimension=value" over the day from noon on, by GetMetricStatistics."""
    namespace, name, pair = metric.split()
    told = tower.client("cloudwatch").get_metric_statistics(
        Namespace=namespace, MetricName=name, Period=seconds, Statistics=[statistic],
        Dimensions=[dict(zip(("Name", "Value"), pair.split("="), strict=True))],
        StartTime=datetime.fromtimestamp(NOON, UTC), EndTime=datetime.fromtimestamp(NOON + 43_200, UTC),
    )  # fmt: skip
    return [point[statistic] for point in told["Datapoints"]]


def test_each_run_of_a_function_counts_and_so_does_a_failed_one(tower):
    tower.function("f", "    if event.get('fail'): raise ValueError('no')")
    tower.alarm("errors", "AWS/Lambda Errors FunctionName=f", Period=300)
    for payload in ({}, {"fail": 1}, {}):
        tower.rehearsal.invoke("f", json.dumps(payload).encode())
    tower.rehearsal.advance(60)
    assert tower.states == {"errors": "ALARM"}
    assert sums(tower, "AWS/Lambda Invocations FunctionName=f") == [3]
    assert sums(tower, "AWS/Lambda Errors FunctionName=f") == [1]
    assert sums(tower, "AWS/Lambda Duration FunctionName=f", "SampleCount") == [3]
    assert 0 < sums(tower, "AWS/Lambda Duration FunctionName=f", "Maximum")[0] < 10_000


def test_a_call_over_the_reserved_concurrency_is_throttled_and_no_invocation(tower):
    tower.function("f")
    tower.client("lambda").put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    tower.alarm("throttles", "AWS/Lambda Throttles FunctionName=f")
    with pytest.raises(ClientError, match="TooManyRequests"):
        tower.client("lambda").invoke(FunctionName="f")
    tower.rehearsal.advance(60)
    assert tower.states == {"throttles": "ALARM"}
    assert sums(tower, "AWS/Lambda Invocations FunctionName=f") == []


def test_a_queue_is_measured_while_the_clock_passes(tower):
    tower.queue("work")
    tower.alarm("old", "AWS/SQS ApproximateAgeOfOldestMessage QueueName=work", Statistic="Maximum", Threshold=600)
    tower.put("work", "one", "two")
    tower.client("sqs").receive_message(QueueUrl=tower.url("work"), VisibilityTimeout=300)
    tower.rehearsal.advance(1800)
    assert tower.changes("old") == [("12:01:00", "old", "OK"), ("12:11:00", "old", "ALARM")]
    visible = sums(tower, "AWS/SQS ApproximateNumberOfMessagesVisible QueueName=work", "Maximum", 300)
    hidden = sums(tower, "AWS/SQS ApproximateNumberOfMessagesNotVisible QueueName=work", "Maximum", 300)
    assert (visible[:2], hidden[:2]) == ([1, 2], [1, 0])
    assert sums(tower, "AWS/SQS NumberOfMessagesSent QueueName=work") == [2]


def test_what_was_in_a_queue_until_it_was_emptied_is_measured(tower):
    tower.queue("work")
    tower.alarm("a", "AWS/SQS ApproximateNumberOfMessagesVisible QueueName=work", Statistic="Maximum")
    tower.put("work", "one")
    tower.account.clock.advance(600)
    tower.client("sqs").purge_queue(QueueUrl=tower.url("work"))
    tower.rehearsal.settle()
    assert tower.changes() == [("12:01:00", "a", "ALARM")]
    tower.rehearsal.advance(60)
    assert tower.changes()[1:] == [("12:11:00", "a", "OK")]


def test_a_message_that_moves_to_the_dead_letters_was_not_sent_there(tower):
    dead = tower.queue("dead")
    tower.queue("work", RedrivePolicy={"deadLetterTargetArn": dead, "maxReceiveCount": "1"}, VisibilityTimeout="0")
    tower.alarm("dead", "AWS/SQS ApproximateNumberOfMessagesVisible QueueName=dead", Statistic="Maximum")
    tower.put("work", "poison")
    for _ in range(2):
        tower.client("sqs").receive_message(QueueUrl=tower.url("work"))
    tower.rehearsal.advance(60)
    assert tower.states == {"dead": "ALARM"}
    assert sums(tower, "AWS/SQS NumberOfMessagesSent QueueName=work") == [1]
    assert sums(tower, "AWS/SQS NumberOfMessagesSent QueueName=dead") == []


def test_a_schedule_and_a_rule_whose_target_is_gone_are_counted(tower):
    arn, role = tower.function("f"), tower.role("s", "scheduler.amazonaws.com")
    tower.client("scheduler").create_schedule(
        Name="daily", ScheduleExpression="cron(0 13 * * ? *)", FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn, "RoleArn": role},
    )  # fmt: skip
    tower.client("events").put_rule(Name="r", EventPattern=json.dumps({"source": ["shop"]}))
    tower.client("events").put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn}])
    tower.client("lambda").delete_function(FunctionName="f")
    tower.alarm("dropped", "AWS/Scheduler InvocationDroppedCount ScheduleGroup=default")
    tower.alarm("failed", "AWS/Events FailedInvocations RuleName=r")
    tower.client("events").put_events(Entries=[{"Source": "shop", "DetailType": "sold", "Detail": "{}"}])
    tower.rehearsal.advance(3660)
    assert tower.changes("failed")[0] == ("12:01:00", "failed", "ALARM")
    assert tower.changes("dropped")[-1] == ("13:01:00", "dropped", "ALARM")
    assert sums(tower, "AWS/Scheduler TargetErrorCount ScheduleGroup=default") == [1]


def test_a_queue_as_time_alone_changes_it():
    """One for all, one hidden until 100, one delayed until 200; they are kept for 1000 seconds."""
    messages = [Message(10, 0, 0), Message(20, 0, 100), Message(30, 200, 0)]
    stood = {moment: measure(messages, moment, 1000) for moment in (5, 50, 100, 200, 1015, 1030)}
    assert stood == {
        5: Measured(0, 0, 0), 50: Measured(1, 1, 40), 100: Measured(2, 0, 90), 200: Measured(3, 0, 190),
        1015: Measured(2, 0, 995), 1030: Measured(0, 0, 0),
    }  # fmt: skip


def marks(messages, watch, after, until, is_dense=False):
    found = samples("q", messages, 86_400.0, watch, after, until, is_dense)
    return [round(data[0].moment + 1) for data in found]


def test_a_queue_that_stands_still_is_measured_less_often_unless_an_alarm_looks_closely():
    one = [Message(10, 0, 0)]
    assert marks(one, Watch(), 0, 2000) == [*range(60, 960, 60), 1200, 1500, 1800]
    assert marks(one, Watch(), 0, 2000, is_dense=True) == list(range(60, 2000, 60))


def test_a_queue_out_of_use_is_measured_for_six_hours_more():
    watch = Watch()
    assert marks([], watch, 0, 100_000) == []
    marks([Message(10, 0, 0)], watch, 0, 600)
    after = marks([], watch, 600, 100_000)
    assert (after[0], after[-1]) == (660, 600 + 6 * 3600)
