"""The whole program is taken away again, and nothing of it stands any more; a stack that keeps its data refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.account import Account
from rehearsal.deploy import Deployment, DestroyError, deploy, destroy
from sources import SOURCES
from tests.rehearsal.census import standing

ROOT = Path(__file__).resolve().parents[2]
KEYS = {f"lakelet:{source}ApiKey": "hush-hush" for source in SOURCES}
OWNER = "arn:aws:quicksight:eu-north-1:123456789012:user/default/somebody"


@pytest.fixture(scope="module")
def account():
    with Account() as started:
        yield started


@pytest.fixture(scope="module")
def taken_away(account):
    """What stood before the lake was made, and after it was destroyed with data, old versions and markers in it."""
    before, environment = standing(account), account.deployer_environment()
    deployment = deploy(ROOT, "dev", environment, {"lakelet:quicksightOwner": OWNER}, KEYS)
    client = account.client("s3")
    for bucket in client.list_buckets()["Buckets"]:
        for _ in range(2):
            client.put_object(Bucket=bucket["Name"], Key="raw/olympics/a b", Body=b"1")
        client.delete_object(Bucket=bucket["Name"], Key="raw/olympics/a b")
    destroyed = destroy(deployment, environment)
    return deployment, before, destroyed, standing(account)


def test_a_stack_that_may_go_leaves_nothing(taken_away):
    _, before, _, after = taken_away
    assert after == before


def test_every_resource_of_it_is_removed(taken_away):
    deployment, _, destroyed, _ = taken_away
    assert destroyed.retained == []
    assert sorted(made.urn for made in destroyed.removed) == sorted(made.urn for made in deployment.resources)


def test_no_key_is_kept_for_the_removal(taken_away):
    assert "hush-hush" not in str(taken_away[0].to_json())


@pytest.fixture(scope="module")
def kept(account, taken_away) -> Deployment:
    return deploy(ROOT, "prod", account.deployer_environment(), secrets=KEYS)


def test_a_stack_that_keeps_its_data_refuses(account, kept):
    before = standing(account)
    with pytest.raises(DestroyError) as refused:
        destroy(kept, account.deployer_environment())
    protected = {made.label for made in kept.resources if made.is_protected}
    assert {'Bucket "raw"', 'Bucket "curated"', 'Table "runs"'} <= protected
    assert len(refused.value.lines) == len(protected)
    assert standing(account) == before
