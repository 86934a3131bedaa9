"""Programs of somebody else, deployed for real into an embedded account."""

from __future__ import annotations

import importlib
import json
import pkgutil
from pathlib import Path

import pytest

from rehearsal.account import Account
from rehearsal.deploy import Deployment, Ignored, deploy, handlers

PROGRAMS = Path(__file__).parent / "programs"


@pytest.fixture(scope="module")
def uploads(account: Account) -> Deployment:
    return deploy(PROGRAMS / "uploads", "dev", account.deployer_environment(), {}, {"token": "planted-secret"})


@pytest.fixture(scope="module")
def everything(account: Account) -> Deployment:
    return deploy(PROGRAMS / "everything", "dev", account.deployer_environment())


def test_a_put_arrives_in_the_queue_that_the_program_declares(account: Account, uploads: Deployment) -> None:
    account.client("s3").put_object(Bucket=uploads.outputs["bucket"], Key="incoming/a.txt", Body=b"a")
    account.client("s3").put_object(Bucket=uploads.outputs["bucket"], Key="elsewhere/b.txt", Body=b"b")
    found = account.client("sqs").receive_message(QueueUrl=uploads.outputs["queue"], MaxNumberOfMessages=10)
    records = [r for m in found["Messages"] for r in json.loads(m["Body"]).get("Records", [])]
    # S3 sends keys URL-encoded; whether "/" is encoded differs between accounts.
    assert [r["s3"]["object"]["key"].replace("%2F", "/") for r in records] == ["incoming/a.txt"]


def test_the_function_has_what_the_program_gave_it(account: Account, uploads: Deployment) -> None:
    name = uploads.outputs["function"].split(":function:")[1].removesuffix("/invocations")
    found = account.client("lambda").get_function_configuration(FunctionName=name)
    table = next(made.id for made in uploads.resources if made.type == "aws:dynamodb/table:Table")
    assert found["Environment"]["Variables"] == {"TABLE": table, "TOKEN": "planted-secret"}
    assert (found["Handler"], found["Runtime"], found["Timeout"]) == ("note.handler", "python3.13", 15)


def test_the_event_source_mapping_is_as_declared(account: Account, uploads: Deployment) -> None:
    (mapping,) = account.client("lambda").list_event_source_mappings(
        EventSourceArn=_queue_arn(account, uploads)
    )["EventSourceMappings"]  # fmt: skip
    assert (mapping["BatchSize"], mapping["FunctionResponseTypes"]) == (5, ["ReportBatchItemFailures"])
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2}


def test_policy_documents_become_statements(account: Account, uploads: Deployment) -> None:
    attributes = _queue_attributes(account, uploads)
    assert json.loads(attributes["Policy"])["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "sqs:SendMessage",
            "Resource": attributes["QueueArn"],
            "Principal": {"Service": "s3.amazonaws.com"},
            "Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws:s3:::{uploads.outputs['bucket']}"}},
        }
    ]
    assert attributes["VisibilityTimeout"] == "90"


def test_what_was_made_is_listed_with_the_urns_of_the_real_engine(uploads: Deployment) -> None:
    assert uploads.by_type["aws:sqs/queue:Queue"] == ["inbox", "inbox-dead"]
    bucket = next(made for made in uploads.resources if made.type == "aws:s3/bucket:Bucket")
    assert bucket.urn == "urn:pulumi:dev::uploads::uploads:index:Inbox$aws:s3/bucket:Bucket::inbox"
    assert len(uploads.resources) == 12


def test_a_property_without_effect_is_reported(uploads: Deployment) -> None:
    assert uploads.ignored == []
    why = "no rule fires by a clock here; take a schedule of EventBridge Scheduler"
    assert Ignored('EventRule "nightly"', "scheduleExpression", "rate(1 day)", why) in uploads.recorded


def test_secrets_are_masked_wherever_the_deployment_is_shown(uploads: Deployment, everything: Deployment) -> None:
    assert uploads.outputs["token"] == "[secret]"
    assert "planted-secret" not in json.dumps([uploads.to_json(), everything.to_json()])


def test_a_secret_reaches_secrets_manager(account: Account, everything: Deployment) -> None:
    secret = next(made.id for made in everything.resources if made.type.endswith(":Secret"))
    value = account.client("secretsmanager").get_secret_value(SecretId=secret)
    assert value["SecretString"] == "planted-secret"


def test_every_type_that_has_a_handler_can_be_made(everything: Deployment) -> None:
    from rehearsal.deploy import registry

    for module in pkgutil.iter_modules(handlers.__path__, f"{handlers.__name__}."):
        importlib.import_module(module.name)
    # The V2 names are the same handlers under their old names; BucketObject is Bucketobjectv2's elder.
    untried = {kind for kind in registry._HANDLERS if "V2" not in kind} - {made.type for made in everything.resources}
    # Of Cloud Control only QuickSight's types are known; all of QuickSight is deployed by its own tests.
    assert {kind for kind in untried if not kind.startswith("aws:quicksight/")} == {
        "aws:cloudcontrol/resource:Resource",
        "aws:s3/bucketObject:BucketObject",
    }


def test_what_the_account_does_not_act_on_is_reported(everything: Deployment) -> None:
    told = {(item.resource, item.property) for item in [*everything.ignored, *everything.recorded]}
    assert {
        ('Trigger "curate"', "schedule"),
        ('Crawler "curate"', "s3Targets"),
        ('MetricAlarm "cpu"', "metricName"),  # nobody measures a machine here
        ('TopicSubscription "mail"', "endpoint"),
        ('BucketLifecycleConfiguration "lake"', "rules"),
        ('Job "curate"', "jobRunQueuingEnabled"),
        ('Budget "monthly"', "notifications"),
    } <= told
    honoured = {"versioningConfiguration.status", "target.input", "defaultArguments", "hashKey"}
    assert not honoured & {name for _, name in told}
    acted_on = {'MetricAlarm "dead"', 'MetricAlarm "share"', 'CompositeAlarm "any"', 'Dashboard "lake"'}
    assert not acted_on & {resource for resource, _ in told}


def test_default_tags_of_the_stack_reach_the_resource(account: Account, everything: Deployment) -> None:
    assert everything.outputs["tags"] == {"owner": "tests", "stage": "raw"}
    bucket = next(made.id for made in everything.resources if made.type.endswith(":Bucket"))
    tags = account.client("s3").get_bucket_tagging(Bucket=bucket)["TagSet"]
    assert tags == [{"Key": "owner", "Value": "tests"}, {"Key": "stage", "Value": "raw"}]


def test_lifecycle_rules_keep_their_filters(account: Account, everything: Deployment) -> None:
    bucket = next(made.id for made in everything.resources if made.type.endswith(":Bucket"))
    old, big = account.client("s3").get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert old["Filter"] == {"And": {"Prefix": "old/", "Tags": [{"Key": "keep", "Value": "no"}]}}
    assert (old["Expiration"]["Days"], old["NoncurrentVersionExpiration"]["NoncurrentDays"]) == (30, 7)
    assert (big["ID"], big["Status"], big["Expiration"]["Days"]) == ("big", "Disabled", 9)


def test_the_table_is_as_declared(account: Account, everything: Deployment) -> None:
    name = next(made.id for made in everything.resources if made.type == "aws:dynamodb/table:Table")
    client = account.client("dynamodb")
    table = client.describe_table(TableName=name)["Table"]
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["stream", "run"]
    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == ["open"]
    assert table["DeletionProtectionEnabled"] is True
    lives = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert (lives["TimeToLiveStatus"], lives["AttributeName"]) == ("ENABLED", "expires")
    assert client.scan(TableName=name)["Items"] == [{"stream": {"S": "a"}, "run": {"S": "1"}, "rows": {"N": "3"}}]


def test_the_schedule_is_as_declared(account: Account, everything: Deployment) -> None:
    group, name = next(made.id for made in everything.resources if made.type.endswith(":Schedule")).split("/")
    found = account.client("scheduler").get_schedule(GroupName=group, Name=name)
    assert (found["ScheduleExpression"], found["ScheduleExpressionTimezone"]) == (
        "cron(0 6 * * ? *)", "Europe/Stockholm",
    )  # fmt: skip
    assert found["Target"]["RetryPolicy"] == {"MaximumRetryAttempts": 3}
    assert found["Target"]["DeadLetterConfig"]["Arn"].startswith("arn:aws:sqs:eu-north-1:123456789012:dead-")


def _queue_attributes(account: Account, deployment: Deployment) -> dict[str, str]:
    found = account.client("sqs").get_queue_attributes(QueueUrl=deployment.outputs["queue"], AttributeNames=["All"])
    attributes: dict[str, str] = found["Attributes"]
    return attributes


def _queue_arn(account: Account, deployment: Deployment) -> str:
    return _queue_attributes(account, deployment)["QueueArn"]


def test_a_program_finds_modules_in_the_folders_that_it_is_given_and_its_own_first(account: Account, tmp_path) -> None:
    for folder, name in (("program", "own"), ("parts", "own"), ("parts", "theirs")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / f"{name}.py").write_text(f"FROM = {folder!r}\n")
    (tmp_path / "program" / "Pulumi.yaml").write_text("name: built\nruntime: python\n")
    code = "import own, pulumi, theirs\npulumi.export('from', [own.FROM, theirs.FROM])\n"
    (tmp_path / "program" / "__main__.py").write_text(code)
    deployment = deploy(tmp_path / "program", "dev", account.deployer_environment(), path=[tmp_path / "parts"])
    assert deployment.outputs == {"from": ["program", "parts"]}
