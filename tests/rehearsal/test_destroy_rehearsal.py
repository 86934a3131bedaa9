"""A rehearsal destroys what it has deployed, whatever is still on its way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.deploy import Deployment, DestroyError
from rehearsal.progress import Event
from rehearsal.session import Rehearsal
from tests.rehearsal.census import standing

PROGRAM = Path(__file__).parent / "programs" / "surplus_and_gap"


@pytest.fixture
def told() -> list[Event]:
    return []


@pytest.fixture
def rehearsal(told: list[Event]) -> Iterator[Rehearsal]:
    with Rehearsal(told.append) as running:
        yield running


def test_a_run_is_forgotten_with_the_program(rehearsal: Rehearsal, told: list[Event]) -> None:
    before = standing(rehearsal.account)
    deployment = rehearsal.deploy(PROGRAM, "dev", {"clean": "true"})
    put = rehearsal.account.client("s3").put_object
    put(Bucket=deployment.outputs["bucket"], Key="done", Body=b"1")
    rehearsal.settle()
    put(Bucket=deployment.outputs["bucket"], Key="on its way", Body=b"2")
    destroyed = rehearsal.destroy(deployment)
    rehearsal.settle()
    assert standing(rehearsal.account) == before
    assert [event.name for event in told if event.kind == "resource-removed"] == [
        made.name for made in destroyed.removed
    ]


def test_a_destroyed_program_can_be_deployed_again(rehearsal: Rehearsal) -> None:
    first = rehearsal.deploy(PROGRAM, "dev")
    rehearsal.destroy(first)
    again = rehearsal.deploy(PROGRAM, "dev")
    assert [made.urn for made in again.resources] == [made.urn for made in first.resources]


def test_a_lake_that_is_kept_is_not_destroyed(tmp_path: Path) -> None:
    with Rehearsal(keep=tmp_path) as kept, pytest.raises(DestroyError) as refused:
        kept.destroy(Deployment([], {}, [], 0.0))
    assert str(refused.value) == f"the lake in {tmp_path} is kept, and would come back; remove the folder instead"
