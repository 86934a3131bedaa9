from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from rehearsal.identity.documents import PUT
from tests.rehearsal.identity.policies import allow, policy, trust

MALFORMED = "MalformedPolicyDocument"
BROKEN = '{"Version": "2012-10-17", "Statement": [{"Effect": "allow", "Action": "s3:Get*", "Resource": "*"}]}'
ON_RESOURCE = BROKEN.replace('"Action"', '"Principal": "*", "Action"')
TABLE = "arn:aws:dynamodb:eu-north-1:123456789012:table/t"


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "code"),
    [
        ("iam", "put_role_policy", {"RoleName": "r", "PolicyName": "p", "PolicyDocument": BROKEN}, MALFORMED),
        ("iam", "put_user_policy", {"UserName": "u", "PolicyName": "p", "PolicyDocument": BROKEN}, MALFORMED),
        ("iam", "create_policy", {"PolicyName": "p", "PolicyDocument": BROKEN}, MALFORMED),
        ("iam", "create_role", {"RoleName": "r", "AssumeRolePolicyDocument": BROKEN}, MALFORMED),
        ("iam", "update_assume_role_policy", {"RoleName": "r", "PolicyDocument": BROKEN}, MALFORMED),
        ("s3", "put_bucket_policy", {"Bucket": "some-bucket", "Policy": ON_RESOURCE}, "MalformedPolicy"),
        ("sqs", "create_queue", {"QueueName": "q", "Attributes": {"Policy": ON_RESOURCE}}, "InvalidAttributeValue"),
        ("sns", "create_topic", {"Name": "t", "Attributes": {"Policy": ON_RESOURCE}}, "InvalidParameter"),
        ("kms", "create_key", {"Policy": ON_RESOURCE}, "MalformedPolicyDocumentException"),
        ("dynamodb", "put_resource_policy", {"ResourceArn": TABLE, "Policy": ON_RESOURCE}, "ValidationException"),
        ("glue", "put_resource_policy", {"PolicyInJson": ON_RESOURCE}, "InvalidInputException"),
        ("secretsmanager", "put_resource_policy", {"SecretId": "s", "ResourcePolicy": ON_RESOURCE},
         "MalformedPolicyDocumentException"),
    ],
)  # fmt: skip
def test_a_malformed_policy_is_refused_in_the_words_of_its_service(account, service, operation, arguments, code):
    with pytest.raises(ClientError) as refused:
        getattr(account.client(service), operation)(**arguments)
    error = refused.value.response["Error"]
    assert error["Code"] == code
    assert "allow" in error["Message"]
    assert "\n" not in error["Message"]


def test_the_refusal_names_resource_field_and_value(account):
    topic = account.client("sns").create_topic(Name="named")["TopicArn"]
    with pytest.raises(ClientError, match=rf"{topic}, Attributes\.Policy: .*'?allow'?"):
        account.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=ON_RESOURCE)


def test_what_is_no_json_is_refused(account):
    with pytest.raises(ClientError, match="MalformedPolicyDocument"):
        account.client("iam").create_policy(PolicyName="p", PolicyDocument="allow everything, please")


def test_a_trust_policy_is_no_identity_policy(account):
    with pytest.raises(ClientError, match="MalformedPolicyDocument"):
        account.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=policy(allow("s3:*")))
    with pytest.raises(ClientError, match="MalformedPolicyDocument"):
        account.client("iam").create_policy(PolicyName="p", PolicyDocument=trust(Service="lambda.amazonaws.com"))


def test_an_empty_text_takes_the_policy_of_a_queue_away(account):
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="emptied")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})


def test_every_operation_in_the_table_is_one_of_its_service(account):
    for service, operation in PUT:
        assert operation in account.client(service).meta.service_model.operation_names


def test_an_action_of_a_service_that_aws_does_not_have_is_refused(account):
    with pytest.raises(ClientError, match=r"MalformedPolicyDocument.*Statement\[0\] has the action 'nosuch:Thing'"):
        account.client("iam").create_policy(PolicyName="p", PolicyDocument=policy(allow("nosuch:Thing")))
    account.client("iam").create_policy(PolicyName="p", PolicyDocument=policy(allow("*")))


@pytest.fixture(scope="module")
def bucket(account):
    where = {"LocationConstraint": "eu-north-1"}
    account.client("s3").create_bucket(Bucket="mine-only", CreateBucketConfiguration=where)
    return "mine-only"


def about(resource: str) -> str:
    statement = {"Effect": "Deny", "Principal": {"AWS": "999999999999"}, "Action": "s3:GetObject", "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    "resource", ["arn:aws:s3:::mine-only", "arn:aws:s3:::mine-only/raw/*", "arn:aws:s3:::mine-*", "*"]
)
def test_the_policy_of_a_bucket_may_be_about_the_bucket_and_what_is_in_it(account, bucket, resource):
    account.client("s3").put_bucket_policy(Bucket=bucket, Policy=about(resource))


@pytest.mark.parametrize("resource", ["arn:aws:s3:::another/*", "arn:aws:s3:::mine-only-too/*"])
def test_the_policy_of_a_bucket_is_about_no_other(account, bucket, resource):
    with pytest.raises(ClientError, match=r"MalformedPolicy.*invalid resource: .*, expected arn:aws:s3:::mine-only"):
        account.client("s3").put_bucket_policy(Bucket=bucket, Policy=about(resource))
