from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from uuid import uuid1

import pytest

from rehearsal.clock import Clock, ClockRefused

DAY = 86_400


@pytest.fixture
def clock():
    clock = Clock()
    yield clock
    clock.stop()


def test_it_is_real_time_until_it_is_moved(clock):
    assert clock.offset == 0
    clock.advance(0)
    assert clock.offset == 0
    assert time.time.__module__ == "time"


def test_moving_it_moves_every_time_of_day_in_the_process_by_as_much(clock):
    before, today = int(time.time()), datetime.now(UTC)
    clock.advance(40 * DAY)
    clock.advance(0.5)
    seen: list[float] = []
    thread = threading.Thread(target=lambda: seen.append(time.time()))
    thread.start()
    thread.join()
    assert clock.offset == 40 * DAY + 0.5
    for now in (clock.now(), time.time_ns() / 1e9, seen[0], time.mktime(time.localtime())):
        assert 40 * DAY <= now - before < 40 * DAY + 60
    assert (datetime.now(UTC) - today).days == 40


def test_it_ticks_on_at_the_pace_of_real_time(clock):
    clock.advance(DAY)
    for read in (time.time, clock.now):
        first, real = read(), time.monotonic()
        while time.monotonic() == real:
            pass
        assert 0 < read() - first < 60


def test_durations_and_waits_stay_real(clock):
    monotonic, counter = time.monotonic(), time.perf_counter()
    clock.advance(40 * DAY)
    assert time.monotonic() - monotonic < 60
    assert time.perf_counter() - counter < 60
    assert threading.Event().wait(0.01) is False
    assert threading.Lock().acquire(timeout=1)


def test_it_moves_to_a_moment_and_stays_where_that_has_passed(clock):
    there = time.time() + 3 * DAY
    clock.advance_to(there)
    assert 0 <= clock.now() - there < 60
    offset = clock.offset
    clock.advance_to(there - DAY)
    assert clock.offset == offset


def test_it_does_not_go_back(clock):
    with pytest.raises(ClockRefused, match="back by 5 s"):
        clock.advance(-5)


def test_stopping_gives_the_real_time_back(clock):
    real = time.time() - time.monotonic()
    clock.advance(DAY)
    clock.stop()
    clock.stop()
    assert abs(time.time() - time.monotonic() - real) < 60
    assert clock.offset == 0
    clock.advance(DAY)
    assert clock.offset == DAY


def test_it_can_be_moved_from_many_threads(clock):
    threads = [threading.Thread(target=clock.advance, args=(10,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.offset == 200
    assert uuid1().time > 0


def test_hidden_messages_come_back_by_the_moved_clock(account):
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="hidden", Attributes={"VisibilityTimeout": "600"})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="one")
    assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    account.clock.advance(601)
    again = sqs.receive_message(QueueUrl=url, AttributeNames=["ApproximateReceiveCount"])["Messages"]
    assert [message["Attributes"]["ApproximateReceiveCount"] for message in again] == ["2"]


def test_clients_and_sessions_work_on_after_forty_days(account):
    policy = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    iam = account.client("iam")
    role = iam.create_role(RoleName="old", AssumeRolePolicyDocument=json.dumps({"Statement": [policy]}))["Role"]["Arn"]
    may = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    iam.put_role_policy(RoleName="old", PolicyName="may", PolicyDocument=document)
    session = account.sessions.client(role, "lambda.amazonaws.com", "s3")
    account.clock.advance(40 * DAY)
    session.create_bucket(Bucket="later", CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    session.put_object(Bucket="later", Key="k", Body=b"x")
    modified = account.client("s3").head_object(Bucket="later", Key="k")["LastModified"].timestamp()
    assert abs(modified - account.clock.now()) < 60
    assert account.calls.since(0, operation="PutObject")[-1].principal == "old/lambda"
    assert abs(account.calls.since(0)[-1].moment - account.clock.now()) < 60
