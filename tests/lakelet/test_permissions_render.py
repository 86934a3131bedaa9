"""What the proof looks like and how the command ends, for a small lake that was never played."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from infra.naming import Names
from lakelet.cli import main
from lakelet.permissions import render
from lakelet.permissions.play import Played, during
from lakelet.permissions.trials import Trial
from rehearsal.iam import Request
from rehearsal.proof import Held, Seen, distinct, prove
from rehearsal.proof.account import DEPLOYER

NAMES = Names("dev", "123456789012", "eu-north-1")
START = "arn:aws:sts::123456789012:assumed-role/lakelet-dev-start/lakelet-dev-start"
QUEUE, TABLE = NAMES.queue_arn("manifests"), NAMES.table_arn("runs")
TRIAL = Trial("lakelet-dev-start without statement 1", ("sqs:ReceiveMessage",), "not authorized", "sqs:ReceiveMessage")


def seen(action: str, resource: str, day: str, **context: Any) -> Seen:
    return Seen(Request(START, action, resource, "123456789012", context), True, day)


def played(*statements: dict[str, Any], trials: tuple[Trial, ...] = (TRIAL,)) -> Played:
    asked = [
        seen("sqs:ReceiveMessage", QUEUE, "an ordinary day"),
        seen("dynamodb:GetItem", TABLE, "out of quota", **{"dynamodb:LeadingKeys": ["olympics/athletes"]}),
    ]
    made = Request("arn:aws:iam::123456789012:user/deployer", "sqs:CreateQueue", QUEUE, "123456789012")
    policies = {"statements": json.dumps({"Version": "2012-10-17", "Statement": list(statements)})}
    held = Held({"role/lakelet-dev-start": policies})
    deployer = tuple(distinct([Seen(made, True, "the deployment")], held))
    assert [one.holder for one in deployer] == [DEPLOYER]
    return Played(prove(asked, held), ("an ordinary day", "out of quota"), (), trials, deployer, NAMES)


def allow(action: Any, resource: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


KEYS = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["olympics/*"]}}
CLEAN = (allow("sqs:ReceiveMessage", QUEUE), allow("dynamodb:GetItem", TABLE, Condition=KEYS))


def test_a_statement_is_a_line_with_how_often_and_on_which_day_first() -> None:
    lines = render.as_text(played(*CLEAN)).splitlines()
    assert lines[0] == "role lakelet-dev-start"
    assert lines[1].split("  ")[3:] != [] and "an ordinary day" in lines[1]
    assert lines[1].endswith("sqs:ReceiveMessage on lakelet-dev-manifests")
    assert "out of quota" in lines[2]
    assert lines[2].endswith("dynamodb:GetItem on table/lakelet-dev-runs (olympics/*)")


def test_a_proof_that_holds_says_so_with_its_numbers() -> None:
    shown = played(*CLEAN)
    text = render.as_text(shown)
    assert shown.is_clean
    assert "2 scenarios, 1 roles, 2 requests" in text
    assert "denied 0 · granted and never needed 0 of 2 · mutants 2: 2 would have been noticed, 0 survive" in text
    assert text.endswith("least privilege is shown")


@pytest.mark.parametrize("statements", [(*CLEAN, allow("sqs:PurgeQueue", QUEUE)), CLEAN[:1]])
def test_a_proof_that_does_not_hold_names_why(statements) -> None:
    shown = played(*statements)
    text = render.as_text(shown)
    assert not shown.is_clean
    assert "FAILURES" in text
    assert all(f"  {failure}" in text for failure in shown.failures())
    assert text.endswith("least privilege is NOT shown: see FAILURES")


def test_a_scenario_that_did_not_come_to_its_point_is_a_failure() -> None:
    shown = replace(played(*CLEAN), trouble=("run olympics/athletes/x is failed, and should be curated",))
    assert not shown.is_clean
    assert "run olympics/athletes/x is failed" in render.as_text(shown)


def test_a_trial_that_was_not_as_foretold_is_a_failure() -> None:
    other = replace(TRIAL, action="", denied="nothing was denied")
    (line,) = played(*CLEAN, trials=(other,)).failures()
    assert line == (
        "lakelet-dev-start without statement 1: the proof foretold sqs:ReceiveMessage, but: nothing was denied"
    )


def test_the_json_says_the_same() -> None:
    told = json.loads(render.as_json(played(*CLEAN)))
    assert (told["is_clean"], told["failures"], told["deployer"]) == (True, [], {"calls": 1, "distinct": 1})
    assert told["trials"][0]["agrees"] is True
    assert [grant["during"] for grant in told["proof"]["grants"]] == [["an ordinary day"], ["out of quota"]]


def test_the_deployer_gets_what_is_named_after_the_stack_wherever_it_is() -> None:
    (statement,) = json.loads(render.as_policy(played(*CLEAN)))["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Action": ["sqs:CreateQueue"],
        "Resource": ["arn:aws:sqs:*:*:lakelet-dev-*"],
    }


def test_the_smallest_permissions_come_role_by_role() -> None:
    assert render.as_permissions(played(*CLEAN)).splitlines() == [
        "# lakelet-dev-start",
        'policies.use_items(names.table_arn("runs"), ["GetItem"], "olympics/*")',
        'policies.allow(["sqs:ReceiveMessage"], [names.queue_arn("manifests")])',
    ]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """``command(CLEAN, "--json")``: the command, where the play comes to these statements."""

    def call(statements: Sequence[dict[str, Any]], *options: str) -> int:
        monkeypatch.setattr("lakelet.permissions.play.play", lambda _: played(*statements))
        return main(["permissions", *options])

    return call


@pytest.mark.parametrize("option", [(), ("--json",), ("--write",), ("--deployer",)])
def test_the_command_ends_with_0_where_the_proof_holds(command, capsys, option) -> None:
    assert command(CLEAN, *option) == 0
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("option", [(), ("--json",), ("--write",), ("--deployer",)])
def test_else_it_ends_with_1_and_says_why(command, capsys, option) -> None:
    assert command(CLEAN[:1], *option) == 1
    told = capsys.readouterr()
    why = told.err if option in (("--write",), ("--deployer",)) else told.out
    assert "lakelet-dev-start: dynamodb:GetItem" in why


def test_a_call_belongs_to_the_scenario_that_had_begun() -> None:
    belongs = during([(0, "the deployment"), (3, "an ordinary day"), (3, "out of quota")])
    assert [belongs(place) for place in (0, 2, 3, 9)] == ["the deployment"] * 2 + ["out of quota"] * 2
