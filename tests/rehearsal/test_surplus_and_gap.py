"""A program of somebody else whose function runs: with rights too many and too few, and with exactly those it needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rehearsal.deploy import Deployment
from rehearsal.session import Rehearsal

PROGRAM = Path(__file__).parent / "programs" / "surplus_and_gap"


@dataclass(frozen=True)
class Played:
    """The program, deployed, after one object was put into its bucket."""

    rehearsal: Rehearsal
    deployment: Deployment

    def client(self, service: str) -> Any:
        return self.rehearsal.account.client(service)

    def statements(self) -> list[dict[str, Any]]:
        found = self.client("iam").get_role_policy(RoleName="indexer", PolicyName=self._policy())
        statements: list[dict[str, Any]] = found["PolicyDocument"]["Statement"]
        return statements

    def actions(self) -> set[str]:
        listed = (each["Action"] for each in self.statements())
        return {action for named in listed for action in ([named] if isinstance(named, str) else named)}

    def rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.client("dynamodb").scan(TableName=self.deployment.outputs["table"])["Items"]
        return rows

    def _policy(self) -> str:
        (name,) = self.client("iam").list_role_policies(RoleName="indexer")["PolicyNames"]
        return str(name)


@pytest.fixture(scope="module", params=["false", "true"], ids=["as it is", "clean"])
def played(request: pytest.FixtureRequest) -> Iterator[Played]:
    with Rehearsal() as rehearsal:
        deployment = rehearsal.deploy(PROGRAM, "dev", {"clean": request.param})
        rehearsal.account.client("s3").put_object(
            Bucket=deployment.outputs["bucket"], Key="notes/one two.txt", Body=b"a\nb\n"
        )
        rehearsal.settle()
        yield Played(rehearsal, deployment)


def test_the_new_object_is_in_the_index(played: Played) -> None:
    assert played.rows() == [{"key": {"S": "notes/one two.txt"}, "bytes": {"N": "4"}, "lines": {"N": "2"}}]


def test_the_function_tries_to_announce_it(played: Played) -> None:
    calls = played.rehearsal.account.calls.since(operation="Publish")
    assert calls and all(call.principal.startswith("indexer/") for call in calls)


def test_nothing_the_program_says_is_ignored(played: Played) -> None:
    assert played.deployment.ignored == []


def test_the_rights_are_those_that_the_setting_gives(played: Played, request: pytest.FixtureRequest) -> None:
    is_clean = "sns:Publish" in played.actions()
    surplus = {"s3:DeleteObject", "dynamodb:*"} & played.actions()
    assert surplus == (set() if is_clean else {"s3:DeleteObject", "dynamodb:*"})
    assert is_clean is ("clean" in request.node.name)
