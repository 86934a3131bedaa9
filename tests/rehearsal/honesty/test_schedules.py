"""What a program declares of a schedule makes a difference to how its target is called."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.hooks import InvokeRefused, InvokeRequest
from tests.rehearsal.events.conftest import Stage
from tests.rehearsal.honesty.conftest import Make


@pytest.mark.parametrize(
    ("policy", "tries"),
    [
        ({"maximumRetryAttempts": 0}, 1),
        ({"maximumRetryAttempts": 3}, 4),
        ({"maximumRetryAttempts": 100, "maximumEventAgeInSeconds": 60}, 6),  # after 1, 2, 4, 8 and 16 seconds
    ],
)
def test_a_call_is_tried_as_often_and_as_long_as_the_schedule_says(
    stage: Stage, declare: Make, policy: dict[str, Any], tries: int
) -> None:
    tried = []

    def refuse(request: InvokeRequest) -> Any:
        tried.append(request)
        raise InvokeRefused("TooManyRequestsException", "Rate Exceeded.")

    role, may_call = (
        stage.role("s", "scheduler.amazonaws.com"),
        {"Effect": "Allow", "Action": "lambda:*", "Resource": "*"},
    )
    document = json.dumps({"Version": "2012-10-17", "Statement": [may_call]})
    stage.client("iam").put_role_policy(RoleName="s", PolicyName="call", PolicyDocument=document)
    target = {"arn": stage.function("f"), "roleArn": role, "retryPolicy": policy}
    declare("aws:scheduler/schedule:Schedule", "daily", name="daily", scheduleExpression="rate(1 day)",
            flexibleTimeWindow={"mode": "OFF"}, target=target)  # fmt: skip
    stage.account.hooks.invoke = refuse
    stage.rehearsal.fire("daily")
    stage.rehearsal.settle()
    assert len(tried) == tries
