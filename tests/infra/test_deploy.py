"""The whole program, as it stands, deployed into an account on this machine."""

from collections import Counter
from pathlib import Path

import pytest

from infra.settings import read
from rehearsal.deploy import DeployError, deploy
from rehearsal.deploy.program import read_program
from sources import SOURCES

ROOT = Path(__file__).resolve().parents[2]
KEYS = {f"lakelet:{source}ApiKey": "hush-hush" for source in SOURCES}
STREAMS = sum(len(source.streams) for source in SOURCES.values())

# What has no effect in a rehearsal, and need not have. Anything else that is ignored would go untested.
NO_USE = {
    ("Bucket", "forceDestroy"),
    ("BucketLifecycleConfiguration", "rules"),
    ("EventSourceMapping", "tags"),
    ("Queue", "sqsManagedSseEnabled"),
    ("Secret", "recoveryWindowInDays"),
}


def environment(endpoint):
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-north-1",
    }


@pytest.fixture(scope="module")
def deployment(aws_endpoint):
    return deploy(ROOT, "dev", environment(aws_endpoint), secrets=KEYS)


def test_everything_is_there_once(deployment):
    kinds = Counter(made.type.rsplit(":", 1)[-1] for made in deployment.resources)
    assert {kind: kinds[kind] for kind in ("Bucket", "Function", "Job", "Schedule", "Queue", "Secret")} == {
        "Bucket": 3,
        "Function": 3 + len(SOURCES),
        "Job": len(SOURCES),
        "Schedule": 1 + STREAMS,
        "Queue": 3,
        "Secret": len(SOURCES),
    }
    assert kinds["Role"] == kinds["RolePolicy"] == kinds["Function"] + kinds["Job"] + kinds["Schedule"]


def test_nothing_that_matters_is_ignored(deployment):
    assert {(ignored.resource.split()[0], ignored.property) for ignored in deployment.ignored} <= NO_USE


def test_the_outside_finds_the_parts(deployment):
    outputs = deployment.outputs
    assert set(outputs["extract_functions"]) == set(outputs["curate_jobs"]) == set(SOURCES)
    assert len(outputs["schedules"]) == STREAMS
    assert outputs["raw_bucket"] == "lakelet-dev-raw-123456789012"
    assert "hush-hush" not in str(outputs)


def test_the_key_is_in_secrets_manager(deployment, aws):
    client = aws("secretsmanager")
    for source in SOURCES:
        assert client.get_secret_value(SecretId=f"lakelet-dev-{source}")["SecretString"] == '{"key": "hush-hush"}'


def test_a_stack_without_its_key_stops_with_one_line(aws_endpoint):
    with pytest.raises(DeployError) as stopped:
        deploy(ROOT, "dev", environment(aws_endpoint))
    assert "ApiKey is missing" in str(stopped.value)
    assert "Traceback" not in str(stopped.value)


@pytest.mark.parametrize(("stack", "protected"), [("dev", False), ("prod", True)])
def test_the_settings_of_a_stack_hold_together(stack, protected):
    config = read_program(ROOT, stack, {}, {}).config
    settings = read(stack, lambda name: config.get(f"lakelet:{name}"))
    assert settings.protect_data is protected
    assert not [name for name in config if "key" in name.lower()], "keys are set by hand, as secrets"
