"""The whole program, as it stands, deployed into an account on this machine."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from infra.queries import queries_of
from infra.settings import read
from rehearsal.account import Account
from rehearsal.deploy import DeployError, deploy
from rehearsal.deploy.program import read_program
from sources import SOURCES

ROOT = Path(__file__).resolve().parents[2]
KEYS = {f"lakelet:{source}ApiKey": "hush-hush" for source in SOURCES}
STREAMS = sum(len(source.streams) for source in SOURCES.values())

# What the rehearsal records and does not act on, and need not. Anything else would go untested.
NO_USE = {
    ("BucketLifecycleConfiguration", "rules"),
    ("BucketOwnershipControls", "rule"),
    ("BucketPublicAccessBlock", "blockPublicAcls"),
    ("BucketPublicAccessBlock", "blockPublicPolicy"),
    ("BucketPublicAccessBlock", "ignorePublicAcls"),
    ("BucketPublicAccessBlock", "restrictPublicBuckets"),
    ("BucketServerSideEncryptionConfiguration", "rules"),
    ("CatalogDatabase", "locationUri"),
    ("CatalogTable", "parameters"),
    ("CatalogTable", "storageDescriptor.inputFormat"),
    ("CatalogTable", "storageDescriptor.outputFormat"),
    ("EventTarget", "retryPolicy"),
    ("Function", "architectures"),
    ("Job", "command.pythonVersion"),
    ("Job", "glueVersion"),
    ("Job", "numberOfWorkers"),
    ("Job", "workerType"),
    ("LogGroup", "retentionInDays"),
    ("Queue", "sqsManagedSseEnabled"),
    ("Table", "ttl"),
    ("Workgroup", "configuration.engineVersion"),
    ("Workgroup", "configuration.publishCloudwatchMetricsEnabled"),
    ("Workgroup", "configuration.resultConfiguration.expectedBucketOwner"),
}
FOR_PEOPLE = ("tags", "description", "comment")


@pytest.fixture(scope="module")
def account():
    with Account() as started:
        yield started


@pytest.fixture(scope="module")
def deployment(account):
    return deploy(ROOT, "dev", account.deployer_environment(), secrets=KEYS)


def test_everything_is_there_once(deployment):
    kinds = Counter(made.type.rsplit(":", 1)[-1] for made in deployment.resources)
    assert {kind: kinds[kind] for kind in ("Bucket", "Function", "Job", "Schedule", "Queue", "Secret")} == {
        "Bucket": 3,
        "Function": 3 + len(SOURCES),
        "Job": len(SOURCES) + 1,
        "Schedule": 2 + STREAMS,
        "Queue": 3,
        "Secret": len(SOURCES),
    }
    assert kinds["Role"] == kinds["RolePolicy"] == kinds["Function"] + kinds["Job"] + kinds["Schedule"]


def test_nothing_that_matters_is_ignored(deployment):
    assert deployment.ignored == []
    recorded = {(each.resource.split()[0], each.property) for each in deployment.recorded}
    assert {(kind, name) for kind, name in recorded if kind != "Budget" and not name.endswith(FOR_PEOPLE)} == NO_USE


def test_the_outside_finds_the_parts(deployment):
    outputs = deployment.outputs
    assert outputs["project"] == "lakelet"
    assert set(outputs["extract_functions"]) == set(outputs["curate_jobs"]) == set(SOURCES)
    assert len(outputs["schedules"]) == STREAMS
    assert outputs["raw_bucket"] == "lakelet-dev-raw-123456789012"
    assert "hush-hush" not in str(outputs)


def test_nothing_is_stored_before_its_versions_are_kept(account, deployment):
    stored = account.client("s3").list_object_versions(Bucket=deployment.outputs["artifacts_bucket"])["Versions"]
    assert stored and [each["Key"] for each in stored if each["VersionId"] == "null"] == []


@pytest.mark.usefixtures("deployment")
def test_the_key_is_in_secrets_manager(account):
    client = account.client("secretsmanager")
    for source in SOURCES:
        assert client.get_secret_value(SecretId=f"lakelet-dev-{source}")["SecretString"] == '{"key": "hush-hush"}'


@pytest.mark.usefixtures("deployment")
def test_every_query_is_deployed(account):
    athena = account.client("athena")
    ids = athena.list_named_queries(WorkGroup="lakelet-dev")["NamedQueryIds"]
    found = [athena.get_named_query(NamedQueryId=each)["NamedQuery"] for each in ids]
    deployed = {(query["Name"], query["QueryString"], query["Database"]) for query in found}
    assert deployed == {(query.name, query.sql, "lakelet_dev") for query in queries_of(SOURCES)}
    for query in queries_of(SOURCES):
        prepared = athena.get_prepared_statement(WorkGroup="lakelet-dev", StatementName=query.name)
        assert prepared["PreparedStatement"]["QueryStatement"] == query.sql


@pytest.mark.usefixtures("deployment")
def test_nobody_can_override_the_settings_of_the_workgroup(account):
    settings = account.client("athena").get_work_group(WorkGroup="lakelet-dev")["WorkGroup"]["Configuration"]
    assert settings["EnforceWorkGroupConfiguration"]
    assert settings["BytesScannedCutoffPerQuery"] == 10 * 10**9
    kept = settings["ResultConfiguration"]
    assert kept["EncryptionConfiguration"] == {"EncryptionOption": "SSE_S3"}
    assert kept["OutputLocation"] == "s3://lakelet-dev-curated-123456789012/athena/lakelet-dev/"
    assert kept["ExpectedBucketOwner"] == "123456789012"


def test_a_stack_without_its_key_stops_with_one_line(account):
    with pytest.raises(DeployError) as stopped:
        deploy(ROOT, "dev", account.deployer_environment())
    assert "ApiKey is missing" in str(stopped.value)
    assert "Traceback" not in str(stopped.value)


@pytest.mark.parametrize(("stack", "protected"), [("dev", False), ("prod", True)])
def test_the_settings_of_a_stack_hold_together(stack, protected):
    config = read_program(ROOT, stack, {}, {}).config
    settings = read(stack, lambda name: config.get(f"lakelet:{name}"))
    assert settings.protect_data is protected
    assert not [name for name in config if "key" in name.lower()], "keys are set by hand, as secrets"


def test_deploying_twice_gives_the_same_account(account, deployment):
    made_by_aws = ("EventSourceMapping", "NamedQuery", "Secret")  # whose ids hold something random, as on AWS
    account.stop()
    account.start()
    again = deploy(ROOT, "dev", account.deployer_environment(), secrets=KEYS)

    def listing(found):
        kinds = [(made.type.rsplit(":", 1)[-1], made) for made in found.resources]
        ids = sorted((made.urn, "" if kind.startswith(made_by_aws) else made.id) for kind, made in kinds)
        ignored = sorted(
            (each.resource, each.property, json.dumps(each.value, sort_keys=True)) for each in found.ignored
        )
        return re.sub(r"127\.0\.0\.1:\d+", "the account", json.dumps([ids, found.outputs, ignored], sort_keys=True))

    assert listing(again) == listing(deployment)
