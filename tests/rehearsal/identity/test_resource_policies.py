from __future__ import annotations

import json

import pytest

from rehearsal.identity.resource_policies import resource_policy
from tests.rehearsal.identity.policies import ACCOUNT_ID, allow, policy

REGION = "eu-north-1"


def found(account, action, arn):
    text = resource_policy(account.home, action, arn)
    return None if text is None else json.loads(text)


def test_that_of_a_bucket_is_that_of_its_objects(account, bucket):
    text = policy({**allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"), "Principal": "*"})
    account.client("s3").put_bucket_policy(Bucket=bucket, Policy=text)
    assert resource_policy(account.home, "s3:ListBucket", f"arn:aws:s3:::{bucket}") == text
    assert resource_policy(account.home, "s3:GetObject", f"arn:aws:s3:::{bucket}/a/b") == text


def test_a_queue_has_one_once_it_is_put(account):
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:q"
    url = account.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    assert resource_policy(account.home, "sqs:SendMessage", arn) is None
    text = policy({**allow("sqs:SendMessage", arn), "Principal": "*"})
    account.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": text})
    assert found(account, "sqs:SendMessage", arn) == json.loads(text)


def test_a_topic_is_made_with_one(account):
    arn = account.client("sns").create_topic(Name="news")["TopicArn"]
    assert found(account, "sns:Publish", arn)["Id"] == "__default_policy_ID"
    assert found(account, "sns:Unsubscribe", f"{arn}:5a1b")["Id"] == "__default_policy_ID"


def test_a_key_is_made_with_one(account):
    arn = account.client("kms").create_key()["KeyMetadata"]["Arn"]
    assert found(account, "kms:Decrypt", arn)["Statement"][0]["Action"] == "kms:*"


def test_a_secret_has_one_once_it_is_put(account):
    secrets = account.client("secretsmanager")
    arn = secrets.create_secret(Name="s", SecretString="x")["ARN"]
    assert resource_policy(account.home, "secretsmanager:GetSecretValue", arn) is None
    text = policy({**allow("secretsmanager:GetSecretValue"), "Principal": "*"})
    secrets.put_resource_policy(SecretId="s", ResourcePolicy=text)
    assert resource_policy(account.home, "secretsmanager:GetSecretValue", arn) == text


def test_a_table_has_one_for_its_indexes_too(account):
    dynamodb = account.client("dynamodb")
    arn = dynamodb.create_table(
        TableName="t", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
    )["TableDescription"]["TableArn"]  # fmt: skip
    text = policy({**allow("dynamodb:Query", arn), "Principal": {"AWS": ACCOUNT_ID}})
    dynamodb.put_resource_policy(ResourceArn=arn, Policy=text)
    assert resource_policy(account.home, "dynamodb:Query", f"{arn}/index/i") == text


def test_the_catalog_has_one_and_a_job_has_none(account):
    text = policy({**allow("glue:GetTable"), "Principal": {"AWS": ACCOUNT_ID}})
    account.client("glue").put_resource_policy(PolicyInJson=text)
    start = f"arn:aws:glue:{REGION}:{ACCOUNT_ID}:"
    assert resource_policy(account.home, "glue:GetTable", f"{start}table/d/t") == text
    assert resource_policy(account.home, "glue:StartJobRun", f"{start}job/j") is None


def test_that_of_a_role_speaks_of_who_may_take_it_and_of_nothing_else(account, people):
    arn = people.role("one")
    assert found(account, "sts:AssumeRole", arn)["Statement"][0]["Action"] == "sts:AssumeRole"
    assert resource_policy(account.home, "iam:PassRole", arn) is None


@pytest.mark.parametrize(
    "arn",
    [
        "*",
        "arn:aws:s3:::no-such-bucket/k",
        f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:nowhere",
        f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/nowhere",
        f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:nowhere",
        f"arn:aws:secretsmanager:{REGION}:{ACCOUNT_ID}:secret:nowhere-abcdef",
        f"arn:aws:athena:{REGION}:{ACCOUNT_ID}:workgroup/w",
    ],
)
def test_what_is_not_there_has_none(account, arn):
    assert resource_policy(account.home, "x:Get", arn) is None
