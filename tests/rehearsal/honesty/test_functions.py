"""What a program declares of a function makes a difference to how it runs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.runtime.spec import NotRehearsed
from tests.rehearsal.events.conftest import Stage
from tests.rehearsal.honesty.conftest import Make, trust, zipped

CODE = "def one(event, context): return 1\ndef two(event, context):\n    print('two')\n    return 2\n"


def function(stage: Stage, declare: Make, **inputs: Any) -> str:
    logs = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    may_log = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": logs, "Resource": "*"}]}
    role = declare("aws:iam/role:Role", "r", assumeRolePolicy=trust("lambda.amazonaws.com"),
                   inlinePolicies=[{"name": "logs", "policy": json.dumps(may_log)}]).outputs["arn"]  # fmt: skip
    declare("aws:s3/bucket:Bucket", "code", bucket="code")
    stage.client("s3").put_object(Bucket="code", Key="f.zip", Body=zipped(main=CODE))
    settings = {"runtime": "python3.13", "handler": "main.one", "s3Bucket": "code", "s3Key": "f.zip", **inputs}
    return declare("aws:lambda/function:Function", "f", role=role, **settings).id


@pytest.mark.parametrize(("handler", "answer"), [("main.one", b"1"), ("main.two", b"2")])
def test_the_handler_is_the_one_that_is_named(stage: Stage, declare: Make, handler: str, answer: bytes) -> None:
    assert stage.rehearsal.invoke(function(stage, declare, handler=handler)).payload == answer


def test_the_log_group_is_the_one_that_is_named(stage: Stage, declare: Make) -> None:
    name = function(stage, declare, handler="main.two", loggingConfig={"logFormat": "Text", "logGroup": "/own"})
    stage.rehearsal.invoke(name)
    told = stage.client("logs").filter_log_events(logGroupName="/own")["events"]
    assert "two" in [each["message"].strip() for each in told]


def test_a_function_of_another_language_is_refused(stage: Stage, declare: Make) -> None:
    with pytest.raises(NotRehearsed, match=r"nodejs22\.x"):
        stage.rehearsal.invoke(function(stage, declare, runtime="nodejs22.x"))


def test_layers_are_refused(stage: Stage, declare: Make) -> None:
    made = stage.client("lambda").publish_layer_version(LayerName="l", Content={"ZipFile": zipped(words="W = 1")})
    with pytest.raises(NotRehearsed, match="layers"):
        stage.rehearsal.invoke(function(stage, declare, layers=[made["LayerVersionArn"]]))
