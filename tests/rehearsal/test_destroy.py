"""What goes when a deployment is destroyed, what stops it, and what stays."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from rehearsal.account import Account
from rehearsal.deploy import Deployed, Deployment, Destroyed, DestroyError, destroy, handlers, registry
from rehearsal.deploy.removal import s3
from rehearsal.deploy.removal.ways import WAYS

BUCKET, ROLE, QUEUE = "aws:s3/bucket:Bucket", "aws:iam/role:Role", "aws:sqs/queue:Queue"
GROUP, SECRET, WORKGROUP = (
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:secretsmanager/secret:Secret",
    "aws:athena/workgroup:Workgroup",
)
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
READS = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
Destroy = Callable[..., Destroyed]


def policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def made(kind: str, id_: str, number: int = 1, **more: Any) -> Deployed:
    """A resource as a deployment tells of it; its name is its id."""
    return Deployed(kind, id_, f"urn:pulumi:dev::tried::{kind}::{id_}", id_, number, "eu-north-1", **more)


def deployment(*resources: Deployed) -> Deployment:
    return Deployment(list(resources), {}, [], 0.0)


@pytest.fixture
def take(account: Account) -> Destroy:
    return lambda *resources: destroy(deployment(*resources), account.deployer_environment())


@pytest.fixture
def bucket(account: Account, unique: Callable[[str], str]) -> str:
    """A bucket with two versions of one object, and a delete marker on another."""
    client, name = account.client("s3"), unique("full")
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-north-1"})
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"1", b"2"):
        client.put_object(Bucket=name, Key="a b/ö+", Body=body)
    client.put_object(Bucket=name, Key="gone", Body=b"3")
    client.delete_object(Bucket=name, Key="gone")
    return name


@pytest.fixture
def role(account: Account, unique: Callable[[str], str]) -> str:
    """A role that somebody gave one policy of its own and one that is attached."""
    client, name = account.client("iam"), unique("role")
    client.create_role(RoleName=name, AssumeRolePolicyDocument=policy(TRUST))
    client.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy(READS))
    attached = client.create_policy(PolicyName=unique("read"), PolicyDocument=policy(READS))["Policy"]["Arn"]
    client.attach_role_policy(RoleName=name, PolicyArn=attached)
    return name


def queue(account: Account, name: str) -> str:
    return str(account.client("sqs").create_queue(QueueName=name)["QueueUrl"])


def buckets(account: Account) -> list[str]:
    return [each["Name"] for each in account.client("s3").list_buckets()["Buckets"]]


def stopped(call: Callable[[], Destroyed]) -> DestroyError:
    with pytest.raises(DestroyError) as refused:
        call()
    return refused.value


def test_every_type_that_can_be_made_can_be_taken_away():
    for module in pkgutil.iter_modules(handlers.__path__):
        importlib.import_module(f"{handlers.__name__}.{module.name}")
    assert set(WAYS) == set(registry._HANDLERS)


def test_a_type_that_is_not_known_stops_before_anything_goes(account, take, unique):
    url = queue(account, unique("kept"))
    error = stopped(lambda: take(made(QUEUE, url), made("aws:ec2/vpc:Vpc", "network")))
    assert error.lines == ['Vpc "network": the rehearsal cannot take away a resource of type aws:ec2/vpc:Vpc']
    assert account.client("sqs").get_queue_attributes(QueueUrl=url)


def test_a_protected_resource_stops_before_anything_goes(account, take, unique):
    url = queue(account, unique("kept"))
    protected = [made(BUCKET, name, is_protected=True) for name in ("raw", "curated")]
    error = stopped(lambda: take(*protected, made(QUEUE, url, 2)))
    assert [line.split(" as it is ")[0] for line in error.lines] == [
        'unable to delete resource "urn:pulumi:dev::tried::aws:s3/bucket:Bucket::raw"',
        'unable to delete resource "urn:pulumi:dev::tried::aws:s3/bucket:Bucket::curated"',
    ]
    assert 'currently marked for protection; remove protect from Bucket "raw"' in error.lines[0]
    assert (error.removed, len(error.left.resources)) == ([], 3)
    assert account.client("sqs").get_queue_attributes(QueueUrl=url)


def test_the_latest_goes_first(account, take, unique):
    first, second, third = (made(QUEUE, queue(account, unique("row")), number) for number in (1, 2, 3))
    assert take(second, third, first).removed == [third, second, first]


def test_everything_is_done_as_the_deployer(account, take, unique, bucket):
    mark = account.calls.mark()
    take(made(BUCKET, bucket, state={"forceDestroy": True}), made(QUEUE, queue(account, unique("row"))))
    principals = {call.principal for call in account.calls.since(mark) if call.operation.startswith("Delete")}
    assert principals == {"deployer"}


def test_what_is_retained_stays_and_is_named(account, take, unique):
    url = queue(account, unique("retained"))
    kept = made(QUEUE, url, is_retained=True)
    assert take(kept) == Destroyed(removed=[], retained=[kept])
    assert account.client("sqs").get_queue_attributes(QueueUrl=url)


def test_what_the_provider_is_told_to_skip_stays(account, take, unique):
    account.client("logs").create_log_group(logGroupName=unique("kept"))
    kept = made(GROUP, unique("kept"), state={"skipDestroy": True})
    assert take(kept).retained == [kept]


def test_what_is_deleted_with_another_needs_no_call(account, take, unique):
    url, mark = queue(account, unique("whole")), account.calls.mark()
    whole = made(QUEUE, url)
    part = made("aws:sqs/queuePolicy:QueuePolicy", url, 2, deleted_with=whole.urn)
    assert take(whole, part).removed == [part, whole]
    assert account.calls.counts(mark, service="sqs") == {"sqs:DeleteQueue": 1}


def test_what_somebody_else_has_taken_away_is_no_fault(account, take, unique):
    gone = [made(BUCKET, unique("gone")), made(ROLE, unique("gone")), made("aws:dynamodb/table:Table", unique("gone"))]
    assert len(take(*gone).removed) == 3


def test_a_full_bucket_stops_it_and_the_rest_is_told(account, take, unique, bucket):
    early, late = (made(QUEUE, queue(account, unique("row")), number) for number in (1, 3))
    error = stopped(lambda: take(early, made(BUCKET, bucket, 2), late))
    assert error.lines == [
        f'Bucket "{bucket}": DeleteBucket: BucketNotEmpty: The bucket you tried to delete is not empty; '
        "empty the bucket, or deploy it with force_destroy=True",
        f'2 left: Queue "{early.name}", Bucket "{bucket}"',
    ]
    assert (error.removed, error.left.resources) == ([late], [early, made(BUCKET, bucket, 2)])


def test_a_second_destruction_goes_on_from_there(account, take, unique, bucket):
    error = stopped(lambda: take(made(BUCKET, bucket)))
    account.client("s3").delete_objects(
        Bucket=bucket,
        Delete={"Objects": [
            {"Key": each["Key"], "VersionId": each["VersionId"]}
            for found in [account.client("s3").list_object_versions(Bucket=bucket)]
            for each in found["Versions"] + found["DeleteMarkers"]
        ]},
    )  # fmt: skip
    assert len(destroy(error.left, account.deployer_environment()).removed) == 1
    assert bucket not in buckets(account)


@pytest.mark.parametrize("most_at_once", [1, 1000])
def test_force_destroy_takes_every_version_and_marker(account, take, bucket, monkeypatch, most_at_once):
    monkeypatch.setattr(s3, "MOST_AT_ONCE", most_at_once)
    take(made(BUCKET, bucket, state={"forceDestroy": True}))
    assert bucket not in buckets(account)


def test_a_bucket_goes_after_its_versioning_was_suspended(account, take, bucket):
    versioning = made("aws:s3/bucketVersioning:BucketVersioning", bucket, 2)
    enabled = replace(versioning, state={"versioningConfiguration": {"status": "Enabled"}})
    take(made(BUCKET, bucket, state={"forceDestroy": True}), enabled)
    assert bucket not in buckets(account)


def test_an_object_goes_with_all_its_versions_and_no_other(account, take, bucket):
    client = account.client("s3")
    client.put_object(Bucket=bucket, Key="a b/ö++", Body=b"another")
    mark = account.calls.mark()
    take(made("aws:s3/bucketObjectv2:BucketObjectv2", f"{bucket}/a b/ö+", state={"versionId": "1"}))
    assert {each["Key"] for each in client.list_object_versions(Bucket=bucket)["Versions"]} == {"a b/ö++", "gone"}
    assert account.calls.counts(mark)["s3:DeleteObject"] == 2


def test_a_role_that_others_gave_policies_stays(take, role):
    error = stopped(lambda: take(made(ROLE, role)))
    assert "DeleteConflict" in error.lines[0]
    assert error.lines[0].endswith("or deploy the role with force_detach_policies=True")


def test_a_role_goes_with_its_policies_when_it_is_forced(account, take, role):
    take(made(ROLE, role, state={"forceDetachPolicies": True}))
    assert role not in [each["RoleName"] for each in account.client("iam").list_roles()["Roles"]]


def test_a_policy_that_is_attached_stays(account, take, role):
    (attached,) = account.client("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    assert "DeleteConflict" in stopped(lambda: take(made("aws:iam/policy:Policy", attached["PolicyArn"]))).lines[0]


def test_a_policy_goes_with_its_older_versions(account, take, unique):
    client = account.client("iam")
    arn = client.create_policy(PolicyName=unique("read"), PolicyDocument=policy(READS))["Policy"]["Arn"]
    client.create_policy_version(PolicyArn=arn, PolicyDocument=policy(READS), SetAsDefault=True)
    take(made("aws:iam/policy:Policy", arn))
    assert arn not in [each["Arn"] for each in client.list_policies(Scope="Local")["Policies"]]


@pytest.mark.parametrize(("state", "days"), [({}, 30), ({"recoveryWindowInDays": 7}, 7)])
def test_a_secret_can_be_had_back_for_its_window(account, take, unique, state, days):
    client = account.client("secretsmanager")
    arn = client.create_secret(Name=unique("key"), SecretString="x")["ARN"]
    take(made(SECRET, arn, state=state))
    found = client.describe_secret(SecretId=arn)
    assert round((found["DeletedDate"].timestamp() - account.clock.now()) / 86400) == days


def test_a_secret_without_a_window_is_gone_at_once(account, take, unique):
    client, name = account.client("secretsmanager"), unique("key")
    take(made(SECRET, client.create_secret(Name=name, SecretString="x")["ARN"], state={"recoveryWindowInDays": 0}))
    assert client.create_secret(Name=name, SecretString="y")["Name"] == name


def test_a_workgroup_that_holds_queries_stays_unless_it_is_forced(account, take, unique):
    client, name = account.client("athena"), unique("group")
    client.create_work_group(Name=name, Configuration={})
    client.create_named_query(Name="one", Database="lake", QueryString="select 1", WorkGroup=name)
    assert f"WorkGroup {name} is not empty" in stopped(lambda: take(made(WORKGROUP, name))).lines[0]
    take(made(WORKGROUP, name, state={"forceDestroy": True}))
    assert name not in [each["Name"] for each in client.list_work_groups()["WorkGroups"]]


def test_a_topic_gets_back_the_policy_it_was_made_with(account, take, unique):
    client = account.client("sns")
    arn = client.create_topic(Name=unique("news"))["TopicArn"]
    before = json.loads(client.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])
    foreign = policy({"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": arn})
    client.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=foreign)
    take(made("aws:sns/topicPolicy:TopicPolicy", arn, state={"owner": account.account_id}))
    (now,) = json.loads(client.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])["Statement"]
    assert set(now["Action"]) <= set(before["Statement"][0]["Action"])
    assert now["Condition"] == {"StringEquals": {"AWS:SourceOwner": account.account_id}}


def test_what_was_secret_is_not_known_and_says_so(take):
    error = stopped(lambda: take(made("aws:dynamodb/tableItem:TableItem", "t|k|1", state={"tableName": "t"})))
    assert 'TableItem "t|k|1": its property item was not kept, as it is secret' in error.lines[0]


def test_an_id_of_another_form_is_refused(take):
    error = stopped(lambda: take(made("aws:glue/catalogTable:CatalogTable", "events")))
    assert error.lines[0].endswith("its id is events, and not of the form {CatalogId}:{DatabaseName}:{Name}")
