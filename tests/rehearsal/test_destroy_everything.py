"""One resource of every type: each goes, but for what AWS protects until somebody says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from rehearsal.account import Account
from rehearsal.deploy import Deployment, Destroyed, DestroyError, deploy, destroy
from tests.rehearsal.census import standing

EVERYTHING = Path(__file__).parent / "programs" / "everything"


@dataclass(frozen=True)
class Story:
    before: dict[str, list[str]]
    deployment: Deployment
    stopped: DestroyError
    destroyed: Destroyed
    after: dict[str, list[str]]


@pytest.fixture(scope="module")
def story(account: Account) -> Story:
    before, environment = standing(account), account.deployer_environment()
    deployment = deploy(EVERYTHING, "dev", environment)
    with pytest.raises(DestroyError) as stopped:
        destroy(deployment, environment)
    (table,) = [made.id for made in deployment.resources if made.type == "aws:dynamodb/table:Table"]
    account.client("dynamodb").update_table(TableName=table, DeletionProtectionEnabled=False)
    destroyed = destroy(stopped.value.left, environment)
    return Story(before, deployment, stopped.value, destroyed, standing(account))


def test_deletion_protection_stops_at_the_table(story: Story) -> None:
    assert story.stopped.lines[0].startswith('Table "runs": DeleteTable: ValidationException: ')
    assert "DeletionProtectionEnabled" in story.stopped.lines[0]
    assert 'Table "runs"' in [made.label for made in story.stopped.left.resources]


def test_each_resource_goes_once(story: Story) -> None:
    removed = [made.urn for made in (*story.stopped.removed, *story.destroyed.removed)]
    assert sorted(removed) == sorted(made.urn for made in story.deployment.resources)


def test_the_account_is_as_it_was_before(story: Story) -> None:
    assert story.after == story.before


def test_no_call_of_the_removal_is_refused_but_that(account: Account, story: Story) -> None:
    failed = [(call.operation, call.status) for call in account.calls.since() if call.status >= 400]
    assert failed == [("DeleteTable", 400)]
