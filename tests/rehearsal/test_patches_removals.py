from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError


def code(call: Callable[[], object]) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return str(refused.value.response["Error"]["Code"])


def test_a_queue_keeps_its_policy_when_another_attribute_is_set(account, unique):
    client = account.client("sqs")
    url = client.create_queue(QueueName=unique("queue"))["QueueUrl"]
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})

    def told() -> str | None:
        found = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return found.get("Policy")

    client.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    client.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "77"})
    assert json.loads(told() or "{}") == json.loads(policy)
    client.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    assert told() is None


def test_a_policy_with_several_versions_stays(account, unique):
    client = account.client("iam")
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    arn = client.create_policy(PolicyName=unique("read"), PolicyDocument=json.dumps(allow))["Policy"]["Arn"]
    client.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(allow))
    assert code(lambda: client.delete_policy(PolicyArn=arn)) == "DeleteConflict"
    client.delete_policy_version(PolicyArn=arn, VersionId="v2")
    client.delete_policy(PolicyArn=arn)
    assert code(lambda: client.get_policy(PolicyArn=arn)) == "NoSuchEntity"


def test_a_bus_with_rules_stays(account, unique):
    client, name = account.client("events"), unique("bus")
    client.create_event_bus(Name=name)
    client.put_rule(Name="any", EventBusName=name, EventPattern='{"source": ["shop"]}')
    assert code(lambda: client.delete_event_bus(Name=name)) == "ValidationException"
    client.delete_rule(Name="any", EventBusName=name)
    client.delete_event_bus(Name=name)
    assert code(lambda: client.describe_event_bus(Name=name)) == "ResourceNotFoundException"


def test_one_version_of_a_key_goes_alone_where_versioning_is_suspended(account, unique):
    client, name = account.client("s3"), unique("bucket")
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    first, second = (client.put_object(Bucket=name, Key="k", Body=body)["VersionId"] for body in (b"1", b"2"))
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})
    client.delete_object(Bucket=name, Key="k", VersionId=second)
    assert [each["VersionId"] for each in client.list_object_versions(Bucket=name)["Versions"]] == [first]
    assert client.get_bucket_versioning(Bucket=name)["Status"] == "Suspended"


def test_without_a_version_a_key_is_marked_as_deleted_there(account, unique):
    client, name = account.client("s3"), unique("bucket")
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    client.put_object(Bucket=name, Key="k", Body=b"1")
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})
    client.delete_object(Bucket=name, Key="k")
    found = client.list_object_versions(Bucket=name)
    assert (len(found["Versions"]), len(found["DeleteMarkers"])) == (1, 1)


def test_the_primary_workgroup_and_an_unknown_one_cannot_be_deleted(account):
    client = account.client("athena")
    for name in ("primary", "none"):
        assert code(lambda name=name: client.delete_work_group(WorkGroup=name)) == "InvalidRequestException"


def test_a_workgroup_of_the_same_name_begins_empty(account, unique):
    client, name = account.client("athena"), unique("group")
    client.create_work_group(Name=name, Configuration={})
    client.create_named_query(Name="one", Database="lake", QueryString="select 1", WorkGroup=name)
    client.create_prepared_statement(StatementName="two", WorkGroup=name, QueryStatement="select ?")
    client.delete_work_group(WorkGroup=name, RecursiveDeleteOption=True)
    client.create_work_group(Name=name, Configuration={})
    assert client.list_named_queries(WorkGroup=name)["NamedQueryIds"] == []
    client.create_prepared_statement(StatementName="two", WorkGroup=name, QueryStatement="select 2")
    (statement,) = client.list_prepared_statements(WorkGroup=name)["PreparedStatements"]
    assert statement["StatementName"] == "two"


def test_a_connection_is_deleted_once(account, unique):
    client, name = account.client("glue"), unique("connection")
    wanted = {"Name": name, "ConnectionType": "JDBC", "ConnectionProperties": {"USERNAME": "u"}}
    client.create_connection(ConnectionInput=wanted)
    client.delete_connection(ConnectionName=name)
    assert code(lambda: client.delete_connection(ConnectionName=name)) == "EntityNotFoundException"


def test_a_data_set_and_a_dashboard_are_deleted_once(account, unique):
    client, id_ = account.client("quicksight"), unique("id")
    whose = {"AwsAccountId": account.account_id}
    table = {"CustomSql": {"DataSourceArn": "arn:aws:quicksight:eu-north-1:123456789012:datasource/d", "Name": "n",
                           "SqlQuery": "select 1", "Columns": [{"Name": "a", "Type": "STRING"}]}}  # fmt: skip
    client.create_data_set(**whose, DataSetId=id_, Name="n", ImportMode="DIRECT_QUERY", PhysicalTableMap={"t": table})
    client.create_dashboard(**whose, DashboardId=id_, Name="n")
    client.delete_data_set(**whose, DataSetId=id_)
    client.delete_dashboard(**whose, DashboardId=id_)
    assert code(lambda: client.delete_data_set(**whose, DataSetId=id_)) == "ResourceNotFoundException"
    assert code(lambda: client.delete_dashboard(**whose, DashboardId=id_)) == "ResourceNotFoundException"
