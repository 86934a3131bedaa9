from __future__ import annotations

import json

import pytest

from rehearsal.identity.facts import AccountFacts
from tests.rehearsal.identity.policies import ACCOUNT_ID

REGION = "eu-north-1"


@pytest.fixture(scope="module")
def facts(account):
    return AccountFacts(account.home)


@pytest.fixture(scope="module")
def key(account):
    return account.client("kms").create_key(Tags=[{"TagKey": "use", "TagValue": "lake"}])["KeyMetadata"]["Arn"]


def test_partition_region_and_account_are_those_of_the_account(facts):
    assert (facts.partition, facts.region, facts.account_id) == ("aws", REGION, ACCOUNT_ID)


def test_a_secret_is_known_by_its_name_and_by_its_arn(account, facts, key):
    arn = account.client("secretsmanager").create_secret(Name="s", SecretString="x", KmsKeyId=key)["ARN"]
    assert facts.secret_arn("s") == facts.secret_arn(arn) == arn
    assert facts.secret_arn("nowhere") is None
    assert facts.secret_key("s") == key


def test_awss_own_key_is_no_key_of_a_customer(account, facts):
    account.client("sqs").create_queue(QueueName="own", Attributes={"KmsMasterKeyId": "alias/aws/sqs"})
    assert facts.queue_key("own") is None


def test_queues_topics_and_buckets_tell_their_keys(account, facts, key, bucket):
    account.client("kms").create_alias(AliasName="alias/lake", TargetKeyId=key)
    account.client("sqs").create_queue(QueueName="kept", Attributes={"KmsMasterKeyId": "alias/lake"})
    topic = account.client("sns").create_topic(Name="kept", Attributes={"KmsMasterKeyId": key})["TopicArn"]
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    account.client("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert facts.queue_key("kept") == facts.topic_key(topic) == facts.bucket_key(bucket) == key
    assert facts.bucket_key("nowhere") is facts.queue_key("nowhere") is facts.topic_key("nowhere") is None


def test_an_object_tells_the_key_that_each_version_lies_under(account, facts, key, bucket):
    s3 = account.client("s3")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=bucket, Key="a", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)["VersionId"]
    second = s3.put_object(Bucket=bucket, Key="a")["VersionId"]
    assert [facts.object_key(bucket, "a", version) for version in (first, second, None)] == [key, None, None]
    assert facts.object_key(bucket, "missing", None) is None


def test_a_key_is_known_by_its_id_its_arn_and_its_alias(account, facts, key):
    account.client("kms").create_alias(AliasName="alias/known", TargetKeyId=key)
    alias = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:alias/known"
    assert {facts.key_arn(name) for name in (key, key.split("/")[1], "alias/known", alias)} == {key}
    assert facts.key_arn("alias/unknown") is None


def test_a_table_and_its_indexes_tell_their_partition_keys(account, facts):
    keys = [{"AttributeName": "run", "KeyType": "HASH"}]
    index = {"IndexName": "by-state", "Projection": {"ProjectionType": "ALL"}}
    made = account.client("dynamodb").create_table(
        TableName="runs", KeySchema=keys, BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("run", "state")],
        GlobalSecondaryIndexes=[{**index, "KeySchema": [{"AttributeName": "state", "KeyType": "HASH"}]}],
    )["TableDescription"]  # fmt: skip
    assert facts.hash_key("runs") == facts.hash_key(made["TableArn"]) == "run"
    assert facts.hash_key("runs", "by-state") == "state"
    assert facts.hash_key("nowhere") is facts.hash_key("runs", "no-index") is None


def test_roles_are_known_by_their_path_and_their_boundary(account, facts, people):
    edge = "arn:aws:iam::123456789012:policy/edge"
    arn = people.role("far", Path="/a/b/", PermissionsBoundary=edge)
    assert facts.iam_arn("role", "far") == arn
    assert facts.boundary(arn) == edge
    assert facts.iam_arn("role", "nowhere") is facts.iam_arn("user", "far") is None


def test_a_named_query_tells_its_workgroup(account, facts):
    athena = account.client("athena")
    athena.create_work_group(Name="lake")
    query = athena.create_named_query(Name="q", Database="d", QueryString="select 1", WorkGroup="lake")["NamedQueryId"]
    assert facts.workgroup(query) == "lake"
    assert facts.workgroup("nowhere") is None


def test_tags_are_read_from_each_service(account, facts, people, key, bucket):
    role = people.role("tagged", Tags=[{"Key": "use", "Value": "lake"}])
    account.client("sqs").create_queue(QueueName="tagged", tags={"use": "lake"})
    account.client("s3").put_object(Bucket=bucket, Key="k", Tagging="use=lake")
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:tagged"
    assert [facts.tags(arn) for arn in (role, queue, key, f"arn:aws:s3:::{bucket}/k")] == [{"use": "lake"}] * 4


def test_what_is_not_there_has_no_tags(facts):
    for arn in ("*", "arn:aws:s3:::nowhere/k", f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:nowhere", json.dumps({})):
        assert facts.tags(arn) == {}
