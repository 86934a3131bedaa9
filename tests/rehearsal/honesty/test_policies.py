"""The policies that a program declares decide who may do what."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.account import Account
from tests.rehearsal.honesty.conftest import Make, trust


def document(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", **statement}]})


READ = document(Action="secretsmanager:GetSecretValue")


def reads(account: Account, make: Make, name: str, policy: str | None = None, **role: Any) -> bool:
    """Whether a role may read a secret."""
    worker = make("aws:iam/role:Role", name, name=name, assumeRolePolicy=trust("lambda.amazonaws.com"), **role)
    make("aws:secretsmanager/secret:Secret", name, name=name, **({"policy": policy} if policy else {}))
    make("aws:secretsmanager/secretVersion:SecretVersion", name, secretId=name, secretString="x")
    credentials = account.sessions.assume(worker.outputs["arn"], "lambda.amazonaws.com", "tried")
    try:
        account.client_for("secretsmanager", credentials).get_secret_value(SecretId=name)
    except ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDeniedException"
        return False
    return True


@pytest.mark.parametrize(("action", "may"), [("secretsmanager:GetSecretValue", True), ("s3:GetObject", False)])
def test_the_policy_of_a_role_decides(account: Account, make: Make, action: str, may: bool) -> None:
    name = f"inline-{may}"
    assert reads(account, make, name, inlinePolicies=[{"name": "own", "policy": document(Action=action)}]) is may


def test_a_policy_decides_for_the_roles_that_it_is_attached_to(account: Account, make: Make) -> None:
    arn = make("aws:iam/policy:Policy", "read", name="read", policy=READ).id
    assert not reads(account, make, "unattached")
    assert reads(account, make, "attached", managedPolicyArns=[arn])
    make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "later", role="unattached", policyArn=arn)
    worker = account.client("iam").get_role(RoleName="unattached")["Role"]["Arn"]
    credentials = account.sessions.assume(worker, "lambda.amazonaws.com", "tried")
    assert account.client_for("secretsmanager", credentials).get_secret_value(SecretId="unattached")


@pytest.mark.parametrize("may", [True, False])
def test_the_policy_of_a_secret_decides(account: Account, make: Make, may: bool) -> None:
    policy = document(Effect="Allow" if may else "Deny", Action="secretsmanager:GetSecretValue", Principal="*")
    assert reads(account, make, f"secret-{may}", policy, inlinePolicies=[{"name": "own", "policy": READ}]) is may


@pytest.mark.parametrize("is_inline", [True, False])
@pytest.mark.parametrize("lets_in", [True, False])
def test_the_policy_of_a_queue_decides_who_sends(account: Account, make: Make, is_inline: bool, lets_in: bool) -> None:
    name = f"sent-{is_inline}-{lets_in}".lower()
    service = "s3.amazonaws.com" if lets_in else "sns.amazonaws.com"
    policy = document(Action="sqs:SendMessage", Principal={"Service": service})
    queue = make("aws:sqs/queue:Queue", name, name=name, **({"policy": policy} if is_inline else {})).outputs
    if not is_inline:
        make("aws:sqs/queuePolicy:QueuePolicy", name, queueUrl=queue["url"], policy=policy)
    make("aws:s3/bucket:Bucket", name, bucket=name)
    told = {"queueArn": queue["arn"], "events": ["s3:ObjectCreated:*"]}
    try:
        make("aws:s3/bucketNotification:BucketNotification", name, bucket=name, queues=[told])
    except ClientError as error:
        assert not lets_in and "Unable to validate" in str(error)
    account.client("s3").put_object(Bucket=name, Key="k", Body=b"x")
    messages = account.client("sqs").receive_message(QueueUrl=queue["url"], MaxNumberOfMessages=10).get("Messages", [])
    assert any('"Records"' in message["Body"] for message in messages) is lets_in


@pytest.mark.parametrize("is_inline", [True, False])
def test_the_policy_of_a_bucket_decides_who_reads(account: Account, make: Make, is_inline: bool) -> None:
    name = f"closed-{is_inline}".lower()
    policy = document(Effect="Deny", Action="s3:GetObject", Principal="*", Resource=f"arn:aws:s3:::{name}/*")
    make("aws:s3/bucket:Bucket", name, bucket=name, **({"policy": policy} if is_inline else {}))
    if not is_inline:
        make("aws:s3/bucketPolicy:BucketPolicy", name, bucket=name, policy=policy)
    account.client("s3").put_object(Bucket=name, Key="k", Body=b"x")
    read = document(Action="s3:*")
    worker = make("aws:iam/role:Role", name, name=name, assumeRolePolicy=trust("lambda.amazonaws.com"))
    make("aws:iam/rolePolicy:RolePolicy", name, role=name, name="own", policy=read)
    credentials = account.sessions.assume(worker.outputs["arn"], "lambda.amazonaws.com", "tried")
    s3 = account.client_for("s3", credentials)
    assert s3.list_objects_v2(Bucket=name)["KeyCount"] == 1
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.get_object(Bucket=name, Key="k")
