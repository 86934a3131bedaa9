"""Programs of somebody else, deployed and destroyed: nothing of them stands any more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from moto.sqs.models import sqs_backends

from rehearsal.account import Account
from rehearsal.deploy import Deployed, Deployment, Destroyed, DestroyError, deploy, destroy
from tests.rehearsal.census import standing

PROGRAMS = Path(__file__).parent / "programs"


@dataclass(frozen=True)
class Farewell:
    """A program from before it was deployed until after it was destroyed."""

    before: dict[str, list[str]]
    deployment: Deployment
    destroyed: Destroyed
    after: dict[str, list[str]]

    def new(self) -> dict[str, list[str]]:
        """What stands now, and did not before."""
        found = {kind: [name for name in names if name not in self.before[kind]] for kind, names in self.after.items()}
        return {kind: names for kind, names in found.items() if names}


@pytest.fixture(scope="module")
def farewell(account: Account) -> Iterator[Farewell]:
    before, environment = standing(account), account.deployer_environment()
    deployment = deploy(PROGRAMS / "farewell", "dev", environment)
    account.client("s3").put_object(Bucket=_made(deployment, "Bucket").id, Key="data", Body=b"1")
    yield Farewell(before, deployment, destroy(deployment, environment), standing(account))


def _made(deployment: Deployment, kind: str, name: str = "") -> Deployed:
    (found,) = [made for made in deployment.resources if made.type.endswith(f":{kind}") and name in ("", made.name)]
    return found


def test_only_what_the_program_leaves_stands_any_more(farewell: Farewell) -> None:
    queue, trail = (_made(farewell.deployment, *which).id for which in (("Queue", "kept"), ("LogGroup", "trail")))
    assert farewell.new() == {"sqs QueueUrls": [queue], "logs logGroups": [trail]}


def test_a_secret_waits_for_the_window_that_the_program_gives(account: Account, farewell: Farewell) -> None:
    found = account.client("secretsmanager").describe_secret(SecretId=_made(farewell.deployment, "Secret").id)
    assert round((found["DeletedDate"].timestamp() - account.clock.now()) / 86400) == 7


def test_what_was_removed_and_what_was_left_is_told(farewell: Farewell) -> None:
    assert sorted(made.name for made in farewell.destroyed.retained) == ["kept", "trail"]
    assert sorted(made.label for made in farewell.destroyed.removed) == [
        'Bucket "store"', 'EventBus "own"', 'EventRule "any"', 'EventTarget "any"', 'Queue "far"', 'Secret "key"',
        'Table "ledger"', 'TableItem "seed"',
    ]  # fmt: skip


def test_nothing_goes_before_what_was_made_after_it(farewell: Farewell) -> None:
    numbers = [made.number for made in farewell.destroyed.removed]
    assert numbers == sorted(numbers, reverse=True)
    order = [made.label for made in farewell.destroyed.removed]
    assert order.index('EventTarget "any"') < order.index('EventRule "any"') < order.index('EventBus "own"')


def test_a_resource_of_another_region_goes_there(account: Account, farewell: Farewell) -> None:
    far = _made(farewell.deployment, "Queue", "far")
    assert far.region == "eu-west-1"
    assert far.id.rpartition("/")[2] not in sqs_backends[account.account_id]["eu-west-1"].queues


def test_what_counts_only_then_is_not_told_as_ignored(farewell: Farewell) -> None:
    told = {(item.resource.split()[0], item.property) for item in farewell.deployment.ignored}
    assert not told & {("Bucket", "forceDestroy"), ("Secret", "recoveryWindowInDays"), ("LogGroup", "skipDestroy")}


def test_nothing_secret_is_kept_for_the_removal(farewell: Farewell) -> None:
    assert "item" not in _made(farewell.deployment, "TableItem").state
    assert "planted-secret" not in json.dumps(farewell.deployment.to_json())


def test_what_is_kept_survives_being_written_down(farewell: Farewell) -> None:
    again = Deployment.from_json(json.loads(json.dumps(farewell.deployment.to_json())))
    assert again == farewell.deployment


def test_what_lies_in_a_protected_component_is_protected(account: Account) -> None:
    deployment = deploy(PROGRAMS / "farewell", "other", account.deployer_environment(), {"protected": "true"})
    with pytest.raises(DestroyError) as refused:
        destroy(deployment, account.deployer_environment())
    (line,) = refused.value.lines
    assert _made(deployment, "Bucket").urn in line
    assert account.client("s3").head_bucket(Bucket=_made(deployment, "Bucket").id)
