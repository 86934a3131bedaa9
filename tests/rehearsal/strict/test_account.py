"""The strictness of a running account."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from rehearsal.account import Account
from rehearsal.answers import Answer
from rehearsal.asked import Asked
from rehearsal.deploy import deploy
from rehearsal.strict import AccountView, Strict
from sources import SOURCES

ROOT = Path(__file__).resolve().parents[3]
QUEUE = "arn:aws:sqs:eu-north-1:123456789012:news"


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is refused while a test runs."""
    found: list[str] = []
    original = Strict.refusal

    def refusal(strict: Strict, asked: Asked) -> Answer | None:
        answer = original(strict, asked)
        if answer is not None:
            found.append(f"{asked.service}:{asked.operation} {answer.body.decode(errors='replace')}")
        return answer

    monkeypatch.setattr(Strict, "refusal", refusal)
    yield found


@pytest.fixture
def reader_role(account: Account, function_role: str) -> str:
    """The role of a function that reads a queue."""
    allow = {"Effect": "Allow", "Action": "sqs:*", "Resource": QUEUE}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    account.client("iam").put_role_policy(RoleName="function", PolicyName="read", PolicyDocument=policy)
    return function_role


def test_the_lake_is_deployed_without_a_refusal(account, refusals):
    deploy(
        ROOT, "dev", account.deployer_environment(), secrets={f"lakelet:{source}ApiKey": "hush" for source in SOURCES}
    )
    assert refusals == []
    assert [warned for warned in account.gate.strict.warnings if "lakelet" in warned.resource] == []


def test_one_of_everything_is_deployed_without_a_refusal(account, refusals):
    deploy(ROOT / "tests/rehearsal/programs/everything", "dev", account.deployer_environment())
    assert refusals == []


def test_a_refused_call_is_on_record_and_changes_nothing(account):
    logs = account.client("logs")
    logs.create_log_group(logGroupName="kept")
    before = account.calls.mark()
    with pytest.raises(ClientError, match="at 'retentionInDays' failed"):
        logs.put_retention_policy(logGroupName="kept", retentionInDays=13)
    (call,) = account.calls.since(before)
    assert (call.operation, call.status) == ("PutRetentionPolicy", 400)
    (group,) = logs.describe_log_groups(logGroupNamePrefix="kept")["logGroups"]
    assert "retentionInDays" not in group


def test_the_view_knows_policies(account):
    iam = account.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    )
    iam.create_role(
        RoleName="viewed", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )
    iam.put_role_policy(RoleName="viewed", PolicyName="one", PolicyDocument=policy)
    arn = iam.create_policy(PolicyName="attached", PolicyDocument=policy)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="viewed", PolicyArn=arn)
    view = AccountView(account.account_id)
    assert dict(view.inline_policies("role", "viewed")) == {"one": policy}
    assert list(view.attached_policies("role", "viewed")) == [arn]
    assert not view.inline_policies("user", "nobody")


def test_the_view_knows_functions_queues_and_what_is_between(account, reader_role):
    account.client("sqs").create_queue(QueueName="news", Attributes={"VisibilityTimeout": "60"})
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("read.py", "def handler(event, context): return None")
    functions = account.client("lambda")
    settings = {"Runtime": "python3.13", "Handler": "read.handler", "Timeout": 20}
    functions.create_function(FunctionName="read", Role=reader_role, Code={"ZipFile": code.getvalue()}, **settings)
    made = functions.create_event_source_mapping(FunctionName="read", EventSourceArn=QUEUE)
    view = AccountView(account.account_id)
    assert view.function_timeout("read") == view.function_timeout(made["FunctionArn"]) == 20
    assert view.queue_visibility(QUEUE) == 60
    assert view.mapping(made["UUID"])["EventSourceArn"] == QUEUE
    assert [held["UUID"] for held in view.mappings_of("read")] == [made["UUID"]]
    assert (view.function_timeout("nothing"), view.queue_visibility(f"{QUEUE}-not")) == (None, None)
    assert "queue news" in [warned.resource for warned in account.gate.strict.warnings]


def test_the_view_knows_objects(account):
    s3 = account.client("s3")
    s3.create_bucket(Bucket="viewed", CreateBucketConfiguration={"LocationConstraint": account.region})
    s3.put_object(Bucket="viewed", Key="code.zip", Body=b"zipped")
    view = AccountView(account.account_id)
    assert view.object_bytes("viewed", "code.zip") == b"zipped"
    assert view.object_bytes("viewed", "none") is view.object_bytes("nowhere", "none") is None
